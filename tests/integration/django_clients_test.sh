#!/bin/bash
# The requests of docs/use/coming-from-django.md by their numbers, as clients of the Django service send them.
source "$(dirname "$0")/../lib.sh"

# ask METHOD PATH [BODY] [curl arguments…]: as axios does. send_form and send_parts send fields NAME=VALUE in a form.
ask() { call "$@" "${axios[@]}"; }

send_form() {
    local method=$1 path=$2 fields=()
    shift 2
    while (($#)) && [[ $1 != -* ]]; do
        fields+=(--data-urlencode "$1")
        shift
    done
    call "$method" "$path" "${fields[@]}" "$@" "${axios[@]}"
}

send_parts() {
    local method=$1 path=$2 fields=()
    shift 2
    while (($#)) && [[ $1 != -* ]]; do
        fields+=(--form "$1")
        shift
    done
    call "$method" "$path" "${fields[@]}" "$@" "${axios[@]}"
}

run_as_caller() {
    local caller
    mapfile -t caller < <(print_token_option "$access")
    "$@" "${caller[@]}"
}

# expect_refusal STATUS CODE [FIELD…]: the problem document as plain JSON, with each field beside its members.
expect_refusal() {
    expect_status "$1"
    expect_header Content-Type '^application/json'
    expect_json ".status == $1 and .code == \"$2\" and .error == .detail and (.type | startswith(\"/problems/\"))"
    [[ $1 != 401 ]] || expect_header WWW-Authenticate '^Bearer'
    local field
    for field in "${@:3}"; do
        expect_json "(.$field | type) == \"array\" and (.${field}[0] | type) == \"string\""
        expect_json "[.errors[] | select(.pointer == \"/$field\") | .detail] == .$field"
    done
}

# print_account NAME: an account of that name as JSON.
print_account() {
    printf '{"email":"%s@example.com","username":"%s","full_name":"D","password":"%s","password2":"%s"}' "$1" "$1" \
        "$password" "$password"
}

print_account_without() { jq -c "del($2)" <<<"$(print_account "$1")"; }
print_credentials() { printf '{"email":"%s@example.com","password":"%s"}' "$1" "${2:-$password}"; }

axios=(--header 'Accept: application/json, text/plain, */*')

it "1_to_3_registers_by_json_and_by_both_forms"
ask POST /api/register/ "$(print_account dj-json)"
expect_status 201
expect_json '(.tokens | has("access") and has("refresh")) and .user.username == "dj-json" and (.message
    | type) == "string"'
send_form POST /api/register/ email=dj-form@example.com username=dj-form "full_name=Form Ö" "password=$password" \
    "password2=$password" bio=
expect_status 201
expect_json '.user.full_name == "Form Ö" and .user.bio == "" and (.tokens.access | length) > 0'
send_parts POST /api/register/ email=dj-parts@example.com username=dj-parts "full_name=Parts Ö" "password=$password" \
    "password2=$password"
expect_status 201
expect_json '.user.full_name == "Parts Ö"'

it "4_to_7_names_each_bad_field_as_drf_does"
ask POST /api/register/ "$(print_account_without dj-bad .email)"
expect_refusal 422 validation_failed email
ask POST /api/register/ "$(print_account dj-bad | jq -c '.email = "nonsense" | .username = "x"')"
expect_refusal 422 validation_failed email username
ask POST /api/register/ "$(print_account dj-bad | jq -c '.password = "password123" | .password2 = .password')"
expect_refusal 422 validation_failed password
ask POST /api/register/ "$(print_account dj-bad | jq -c '.password2 = "something else"')"
expect_refusal 422 validation_failed password2
ask POST /api/register/ '[]'
expect_refusal 422 validation_failed
expect_json '(.non_field_errors | length) == 1'

it "8_needs_no_repeated_password_and_no_name"
ask POST /api/register/ "$(print_account_without dj-short .password2,.full_name)"
expect_status 201

it "9_and_10_say_who_has_an_address_or_a_name"
ask POST /api/register/ "$(print_account dj-json | jq -c '.username = "dj-other"')"
expect_refusal 409 email_taken email
ask POST /api/register/ "$(print_account dj-json | jq -c '.email = "dj-other@example.com"')"
expect_refusal 409 username_taken username

it "11_to_15_signs_in_as_the_django_service_does"
ask POST /api/login/ "$(print_credentials dj-json)"
expect_refusal 403 email_unverified
make_user dj-ann
ask POST /api/login/ "$(print_credentials dj-ann)"
expect_status 200
expect_json '.user.email == "dj-ann@example.com" and (.tokens | has("access") and has("refresh")) and (.permissions
    | type) == "object"'
send_form POST /api/login/ email=dj-ann@example.com "password=$password" device_token=test-device-token device_type=web
expect_status 200
expect_json '.session.device.type == "web"'
access=$(read_answer .tokens.access)
run_as_caller ask GET /api/devices/
expect_json '[.items[] | select(.type == "web") | .has_push_token] | any'
ask POST /api/login/ "$(print_credentials dj-ann wrong)"
expect_refusal 401 invalid_credentials
expect_json '.error | type == "string"'
ask POST /api/login/ "$(print_credentials dj-nobody)"
expect_refusal 401 invalid_credentials

it "16_to_18_gives_a_token_pair_also_by_address_as_username"
for path in /api/token/ /api/api/token/ /api/api/token; do
    ask POST $path "$(print_credentials dj-ann)"
    expect_status 200
    expect_json 'keys == ["access","refresh"]'
    ask POST $path "{\"username\":\"dj-ann@example.com\",\"password\":\"$password\"}"
    expect_status 200
    send_form POST $path username=dj-ann@example.com "password=$password"
    expect_status 200
    ask POST $path '{"username":"dj-ann@example.com","password":"wrong"}'
    expect_refusal 401 invalid_credentials
    expect_json '.detail | type == "string"'
done

it "19_to_21_refreshes_and_verifies_with_simplejwts_code"
sign_in dj-ann
for path in /api/token/refresh/ /api/api/token/refresh/; do
    ask POST $path "{\"refresh\":\"$refresh\"}"
    expect_status 200
    refresh=$(read_answer .refresh)
    access=$(read_answer .access)
    send_form POST $path "refresh=$refresh"
    expect_status 200
    refresh=$(read_answer .refresh)
    access=$(read_answer .access)
    ask POST $path '{"refresh":"nonsense"}'
    expect_refusal 401 token_not_valid
    expect_json '.type == "/problems/invalid_token"'
done
send_form POST /api/token/verify/ "token=$access"
expect_status 200
ask POST /api/token/verify/ '{"token":"nonsense"}'
expect_refusal 401 token_not_valid

it "22_blacklists_a_refresh_token_and_ends_its_session"
ask POST /api/token/blacklist/ "{\"refresh\":\"$refresh\"}"
expect_status 200
expect_json '. == {}'
run_as_caller ask GET /api/profile/
expect_refusal 401 token_not_valid
expect_json '.type == "/problems/session_ended"'
send_form POST /api/token/blacklist/ "refresh=$refresh"
expect_refusal 401 token_not_valid
ask POST /api/token/blacklist/ '{}'
expect_refusal 422 validation_failed refresh

it "23_and_24_confirms_by_post_only"
register dj-new
token=$(wait_for_mail_token dj-new@example.com)
ask GET "/api/verify-email/$token/"
expect_refusal 405 method_not_allowed
expect_header Allow '^POST$'
send_form POST "/api/verify-email/$token/" "password=$password"
expect_status 200

it "25_to_27_sends_the_mail_again_to_the_caller"
register dj-again
for body in '' '{}'; do
    run_as_caller ask POST /api/resend-verification/ ${body:+"$body"}
    expect_status 202
    expect_json '.message | type == "string"'
done
[[ $(query "SELECT COUNT(*) FROM mail_requests WHERE email_key = 'dj-again@example.com'") -ge 2 ]] ||
    fail "the request was not noted"
sign_in dj-ann
run_as_caller send_form POST /api/resend-verification/ email=
expect_status 202
ask POST /api/resend-verification/ '{}'
expect_refusal 422 validation_failed email
send_form POST /api/resend-verification/ email=dj-again@example.com
expect_status 202

it "28_to_30_signs_out_with_a_message_or_by_a_refresh_token"
run_as_caller ask POST /api/logout/ '{"device_type":"web"}'
expect_status 200
expect_json '.message | type == "string"'
run_as_caller ask GET /api/profile/
expect_refusal 401 token_not_valid
for send in ask form; do
    sign_in dj-ann
    kept=$access
    if [[ $send == ask ]]; then
        ask POST /api/logout/ "{\"refresh\":\"$refresh\"}"
    else
        send_form POST /api/logout/ "refresh=$refresh"
    fi
    expect_status 200
    get_me "$kept"
    expect_problem 401 session_ended
done
sign_in dj-ann
call POST /api/logout/ "{\"refresh\":\"$refresh\"}"
expect_status 204
call POST /api/logout/ "{\"refresh\":\"$refresh\"}"
expect_problem 401 session_ended
ask POST /api/logout/
expect_refusal 401 authentication_required
sign_in dj-ann
ask POST '/api/logout/?scope=all' "{\"refresh\":\"$refresh\"}"
expect_refusal 401 authentication_required
get_me
expect_status 200

it "31_to_34_shows_and_changes_the_profile"
run_as_caller ask GET /api/profile/
expect_json '.username == "dj-ann" and has("full_name") and has("bio") and has("avatar")'
run_as_caller ask PATCH /api/profile/ '{"full_name":"Updated Name","bio":"New bio"}'
expect_status 200
expect_json '.full_name == "Updated Name" and .bio == "New bio"'
run_as_caller send_form PATCH /api/profile/ "bio=Ä & 100 %" hide_presence=on username=
expect_status 200
expect_json '.bio == "Ä & 100 %" and .hide_presence and .username == "dj-ann"'
run_as_caller ask PUT /api/profile/ '{"bio":"Put bio","hide_presence":false}'
expect_status 200
expect_json '.bio == "Put bio" and .full_name == "Updated Name"'
run_as_caller send_parts PUT /api/profile/ "bio="
expect_json '.bio == "" and .full_name == "Updated Name"'

it "35_takes_a_picture_in_the_profile"
tests/tools/pictures.py "$work" || fail "the pictures could not be made"
run_as_caller send_parts PATCH /api/profile/ "avatar=@$work/good.png;type=image/png" "bio=With a picture"
expect_status 200
expect_json '(.avatar | startswith("/avatars/")) and .bio == "With a picture"'
picture=$(read_answer .avatar)
call GET "$picture"
expect_status 200
run_as_caller send_parts PATCH /api/profile/ "avatar=@$0;type=image/png" "bio=never"
[[ $status == 415 || $status == 422 ]] || fail "a script as a picture: $status"
run_as_caller ask GET /api/profile/
expect_json ".avatar == \"$picture\" and .bio == \"With a picture\""
head -c 12599296 /dev/zero >"$work/large"
run_as_caller send_parts PATCH /api/profile/ "avatar=@$work/large;type=image/png"
expect_status 413
run_as_caller ask PATCH /api/profile/ '{"avatar":null}'
expect_status 200
expect_json '.avatar == null'

it "36_changes_the_password_through_the_profile"
sign_in dj-ann
other=$access
sign_in dj-ann
run_as_caller ask PATCH /api/profile/ \
    "{\"bio\":\"Both\",\"current_password\":\"$password\",\"new_password\":\"seventeen purple boats\"}"
expect_status 200
expect_json '.bio == "Both"'
get_me
expect_status 200
get_me "$other"
expect_problem 401 session_ended
ask POST /api/login/ "$(print_credentials dj-ann)"
expect_refusal 401 invalid_credentials
wait_for_mail dj-ann@example.com password >/dev/null || fail "no mail tells of the new password"
sign_in dj-ann "seventeen purple boats"
run_as_caller send_parts PUT /api/profile/ "current_password=seventeen purple boats" "new_password=$password"
expect_status 200
sign_in dj-ann

it "37_refuses_half_a_change_of_password_and_all_with_it"
run_as_caller ask PATCH /api/profile/ \
    '{"bio":"never","current_password":"wrong","new_password":"eighteen purple boats"}'
expect_refusal 422 validation_failed current_password
expect_json '.errors[0].code == "incorrect"'
run_as_caller ask PATCH /api/profile/ '{"bio":"never","new_password":"eighteen purple boats"}'
expect_refusal 422 validation_failed current_password
run_as_caller ask PUT /api/profile/ "{\"bio\":\"never\",\"current_password\":\"$password\"}"
expect_refusal 422 validation_failed new_password
run_as_caller send_form PATCH /api/profile/ bio=never "current_password=$password" new_password=short
expect_refusal 422 validation_failed new_password
run_as_caller ask GET /api/profile/
expect_json '.bio == "Both"'
run_as_caller call PATCH /api/me/ '{"bio":"never","new_password":"eighteen purple boats"}'
expect_problem 422 validation_failed
expect_field /new_password read_only
sign_in dj-ann
[[ -n $access && $access != null ]] || fail "the password was changed"

it "38_gives_one_code_for_each_refused_token"
for wrong in nonsense "$refresh"; do
    access=$wrong
    run_as_caller ask GET /api/profile/
    expect_refusal 401 token_not_valid
    run_as_caller ask PATCH /api/profile/ '{}'
    expect_refusal 401 token_not_valid
    run_as_caller call GET /api/profile/
    expect_problem 401 invalid_token
    run_as_caller ask GET /api/me/
    expect_problem 401 invalid_token
done
ask GET /api/profile/
expect_refusal 401 authentication_required

it "39_and_40_show_and_give_roles"
add_user dj-admin --admin
run_as_caller ask GET /api/roles/
expect_status 200
expect_json '.items | map(.name) | index("admin") != null'
run_as_caller send_form POST /api/roles/ name=dj-editor \
    "description=Edits the wiki" priority=5 can_moderate=true 'custom_permissions={"wiki":true}'
expect_status 201
expect_json '.priority == 5 and .can_moderate and (.can_ban_users | not) and .custom_permissions.wiki'
run_as_caller ask POST /api/roles/ '{"name":"dj-editor"}'
expect_refusal 409 role_taken
admin=$access
sign_in dj-ann
ann=$(call GET /api/me/ --header "Authorization: Bearer $access"; read_answer .id)
access=$admin
run_as_caller send_form POST /api/assign-role/ "user_id=$ann" role=dj-editor
expect_status 200
run_as_caller ask POST /api/assign-role/ '{"user_id":17,"role":"dj-editor"}'
expect_refusal 422 validation_failed user_id

it "a_form_is_read_as_strictly_as_json"
call POST /api/login/ --data 'email=a%40b.example&email=c%40d.example&password=x'
expect_problem 400 bad_request
call POST /api/login/ --data 'email=%ff&password=x'
expect_problem 400 bad_request
call POST /api/login/ --form email=a --form email=b
expect_problem 400 bad_request
call POST /api/login/ --data "password=$(printf 'x%.0s' $(seq 16400))"
expect_problem 413 body_too_large
call POST /api/login/ --data 'email=x' --header 'Content-Type: application/x-www-form-urlencoded; charset=latin-1'
expect_problem 415 unsupported_media_type
call POST /api/password/forgot/ --data 'email=dj-ann@example.com'
expect_problem 415 unsupported_media_type

it "a_form_from_another_site_does_nothing_by_cookie"
credentials=(--data-urlencode email=dj-ann@example.com --data-urlencode "password=$password")
for from in "Origin: https://evil.example" "Origin: null" "Sec-Fetch-Site: cross-site" "Sec-Fetch-Site: same-site" \
    "X-Nothing: x"; do
    call POST /api/login/ "${credentials[@]}" --header 'X-Session-Mode: cookie' --header "$from"
    expect_problem 403 cross_site_request
    [[ -z $(read_header Set-Cookie) ]] || fail "a cookie came for $from"
done
call POST /api/login/ "${credentials[@]}" --header 'X-Session-Mode: cookie' --header 'Sec-Fetch-Site: same-origin'
expect_status 200
cookie=$(read_access_cookie)
[[ -n $cookie ]] || fail "no cookie came"
for path in /api/login/ /api/token/ /api/register/ /api/logout/ /api/resend-verification/ /api/token/refresh/ \
    /api/token/blacklist/; do
    call POST "$path" "${credentials[@]}" --header "Cookie: $cookie" --header 'Origin: https://evil.example'
    expect_problem 403 cross_site_request
done
call PATCH /api/profile/ --data bio=never --header "Cookie: $cookie" --header 'Origin: https://evil.example'
expect_problem 403 cross_site_request
call PATCH /api/profile/ --data bio=own --header "Cookie: $cookie" --header 'Sec-Fetch-Site: same-origin'
expect_status 200

finish
