#!/bin/bash
# What those who manage users see and do: lists, profiles, invitations, bans, sessions.
source "$(dirname "$0")/../lib.sh"

# call_as_boss METHOD PATH [BODY]
call_as_boss() { access=$boss call_signed_in "$@"; }

is_back() { sign_in users-bob && [[ $status == 200 ]]; }

add_user users-boss --admin
boss=$access boss_id=$id
unset_id=01a20000-0000-7000-8000-000000000000

it "finds users by the beginning of name or address, by role and status, page by page"
for name in usrlist-anna usrlist-berta usrlist-carla; do add_user "$name"; done
run_ctl user add --password-stdin usrlist-other@example.com zz-usrlist <<<"$password" >/dev/null
register usrlist-dora
call_as_boss GET '/api/users/?search=USRlist-&limit=2'
expect_status 200
expect_json '.items | map(.username) == ["usrlist-anna", "usrlist-berta"]'
expect_json '.items[0] | .email == "usrlist-anna@example.com" and .is_verified and .roles == ["member"]
    and .ban == null'
names=$(read_answer '.items[].username')
while next=$(read_answer .next) && [[ $next != null ]]; do
    call_as_boss GET "/api/users/?search=usrlist-&limit=2&cursor=$next"
    names+=$'\n'$(read_answer '.items[].username')
done
[[ $(sort <<<"$names" | tr '\n' ' ') == "usrlist-anna usrlist-berta usrlist-carla usrlist-dora zz-usrlist " ]] ||
    fail "it found $names"
call_as_boss GET '/api/users/?search=usrlist-&status=unverified'
expect_json '.items | map(.username) == ["usrlist-dora"]'
call_as_boss GET '/api/users/?search=usrlist-berta@exa&role=member&status=active'
expect_json '.items | map(.username) == ["usrlist-berta"]'
call_as_boss GET '/api/users/?role=admin&search=users-boss'
expect_json '.items | map(.roles) == [["admin", "member"]]'
call_as_boss GET '/api/users/?created_since=2999-01-01T00:00:00Z'
expect_json '.items == [] and .next == null'
call_as_boss GET '/api/users/?created_since=1960-01-01T00:00:00Z&limit=3'
expect_json '(.items | length) == 3 and (.items | map(.id) | . == (sort | reverse))'
call_as_boss GET '/api/users/?search=usrlist%25'
expect_json '.items == []'
for bad in status=gone created_since=yesterday created_since=2026-13-01T00:00:00Z role=No limit=0 limit=201 cursor=x \
    'search=%00' "search=$(head -c 255 /dev/zero | tr '\0' x)"; do
    call_as_boss GET "/api/users/?$bad"
    expect_problem 400 bad_request
done

it "shows strangers less, and nobody who is not confirmed"
add_user users-ann
ann=$access ann_id=$id
access=$ann call_signed_in GET "/api/users/$boss_id/"
expect_status 200
expect_json 'keys == ["avatar", "bio", "full_name", "id", "is_online", "last_seen", "username"]'
call_as_boss GET "/api/users/$ann_id/"
expect_json '.email == "users-ann@example.com" and (has("ban"))'
access=$ann call_signed_in GET "/api/users/$ann_id/"
expect_json '.email == "users-ann@example.com" and (has("ban") | not)'
access=$ann call_signed_in PATCH /api/me/ '{"hide_presence":true}'
add_user users-bob
bob=$access bob_id=$id
access=$bob call_signed_in GET "/api/users/$ann_id/"
expect_json 'keys == ["avatar", "bio", "full_name", "id", "username"]'
register users-eve
eve_id=$(read_answer .user.id)
for hidden in "$eve_id" $unset_id x; do
    access=$bob call_signed_in GET "/api/users/$hidden/"
    expect_problem 404 not_found
done
call_as_boss GET "/api/users/$eve_id/"
expect_json '.is_verified == false'
access=$bob call_signed_in GET /api/users/
expect_problem 403 permission_denied

it "changes others' names and confirmation, and never a password or an address"
call_as_boss PATCH "/api/users/$ann_id/" \
    '{"full_name":"Ann Example","bio":"Hello","username":"users-anna","email":"USERS-ann@example.com",
    "roles":["admin"],"id":"x"}'
expect_status 200
expect_json '.full_name == "Ann Example" and .bio == "Hello" and .username == "users-anna" and .roles == ["member"]'
access=$ann call_signed_in GET /api/me/
expect_json '.username == "users-anna"'
call_as_boss PATCH "/api/users/$ann_id/" '{"password":"a new password 1","username":"x"}'
expect_field /password read_only
expect_field /username too_short
call_as_boss PATCH "/api/users/$ann_id/" '{"email":"other@example.com"}'
expect_field /email read_only
call_as_boss PATCH "/api/users/$ann_id/" '{"username":"users-bob"}'
expect_problem 409 username_taken
call_as_boss PATCH "/api/users/$ann_id/" '{"is_verified":false}'
expect_json '.is_verified == false'
access=$ann call_signed_in GET /api/me/
expect_json '.is_verified == false'
token=$(wait_for_mail users-ann@example.com Confirm | read_token) || fail "no mail asks for the confirmation"
call POST /api/verify-email/ "{\"token\":\"$token\",\"password\":\"$password\"}"
expect_status 200
call_as_boss GET "/api/users/$ann_id/"
expect_json .is_verified
call_as_boss PATCH "/api/users/$unset_id/" '{}'
expect_problem 404 not_found

it "invites somebody, who chooses a password and is in"
call_as_boss POST /api/users/ \
    '{"email":"Users-New@example.com","username":"users-new","full_name":"New Comer",
    "language":"de","roles":["moderator"]}'
expect_status 201
expect_json '.is_verified == false and .roles == ["moderator", "member"] and .full_name == "New Comer"'
new_id=$(read_answer .id)
expect_header Location "^/api/users/$new_id/\$"
sign_in users-new '!'
expect_problem 401 invalid_credentials
mail=$(wait_for_mail Users-New@example.com Einladung) || fail "no mail came"
[[ $(jq -r .link <<<"$mail") == *"/invitation/#token="* ]] || fail "the link is $(jq -r .link <<<"$mail")"
token=$(read_token <<<"$mail")
call_as_boss POST "/api/users/$new_id/invitation/"
expect_status 202
second=$(wait_for_mail Users-New@example.com Einladung 2 | read_token) || fail "no second mail came"
call POST /api/password/reset/ "{\"token\":\"$token\",\"new_password\":\"a fine new phrase\"}"
expect_status 204
call POST /api/password/reset/ "{\"token\":\"$second\",\"new_password\":\"another new phrase\"}"
expect_problem 400 one_time_token_invalid
expect_json '.detail == "The link in an earlier mail was used."'
call_as_boss POST "/api/users/$new_id/invitation/"
expect_problem 409 email_taken
call_as_boss POST "/api/users/$unset_id/invitation/"
expect_problem 404 not_found
sign_in users-new 'a fine new phrase'
expect_status 200
expect_json '.user.full_name == "New Comer" and .user.is_verified and .permissions.can_moderate'
call POST /api/password/reset/ "{\"token\":\"$token\",\"new_password\":\"another new phrase\"}"
expect_problem 400 one_time_token_invalid
call GET /invitation/
expect_status 200

it "refuses invitations that can't be"
call_as_boss POST /api/users/ '{"email":"users-ann@example.com","username":"users-bob"}'
expect_problem 409 email_taken
expect_field /username taken
call_as_boss POST /api/users/ '{"email":"nobody","username":"admin","password":"x","roles":["Bad"],"language":"xx"}'
expect_problem 422 validation_failed
expect_field /email invalid
expect_field /username reserved
expect_field /password read_only
expect_field /roles/0 invalid
call_as_boss POST /api/users/ '{"email":"users-n2@example.com","username":"users-n2","roles":["none"]}'
expect_problem 404 not_found
call_as_boss GET '/api/users/?search=users-n2'
expect_json '.items == []'
access=$bob call_signed_in POST /api/users/ '{"email":"users-n2@example.com","username":"users-n2"}'
expect_problem 403 permission_denied

it "bans with a reason, ends the sessions, and tells; only the right password hears of it"
sign_in users-bob
bob=$access bob_refresh=$refresh
call_as_boss POST "/api/users/$bob_id/ban/" '{"reason":"Spam in <b>every</b> room"}'
expect_status 200
expect_json '.ban == {"reason": "Spam in <b>every</b> room", "until": null}'
get_me "$bob"
expect_problem 401 session_ended
post /api/token/refresh/ "{\"refresh\":\"$bob_refresh\"}"
expect_problem 401 session_ended
sign_in users-bob
expect_problem 403 account_banned
expect_json '.detail | contains("Spam in")'
sign_in users-bob 'not the password'
expect_problem 401 invalid_credentials
mail=$(wait_for_mail users-bob@example.com banned) || fail "no mail tells"
[[ $(jq -r .text <<<"$mail") == *"Spam in <b>every</b> room"* && $(jq -r .html <<<"$mail") == *"&lt;b&gt;"* ]] ||
    fail "the mail says $mail"
call_as_boss GET '/api/users/?status=banned&search=users-bob'
expect_json '.items | length == 1'
call_as_boss DELETE "/api/users/$bob_id/ban/"
expect_status 204
call_as_boss DELETE "/api/users/$bob_id/ban/"
expect_status 204
sign_in users-bob
expect_status 200

it "has bans end by themselves, and refuses ends that have been"
until=$(date -u -d '+3 seconds' +%Y-%m-%dT%H:%M:%S.%6NZ)
call_as_boss POST "/api/users/$bob_id/ban/" "{\"reason\":\"Calm down\",\"until\":\"$until\"}"
expect_json ".ban.until == \"$until\""
sign_in users-bob
expect_problem 403 account_banned
wait_until 20 is_back || fail "the ban does not end"
wait_for_mail users-bob@example.com until >/dev/null || wait_for_mail users-bob@example.com suspended >/dev/null ||
    fail "no mail tells of the end"
for bad in '{"reason":"x","until":"2020-01-01T00:00:00Z"}' '{"reason":"x","until":"soon"}' '{"reason":""}' '{}' \
    '{"reason":5}' "{\"reason\":\"$(head -c 501 /dev/zero | tr '\0' x)\"}"; do
    call_as_boss POST "/api/users/$bob_id/ban/" "$bad"
    expect_problem 422 validation_failed
done
call_as_boss POST "/api/users/$boss_id/ban/" '{"reason":"x"}'
expect_problem 403 permission_denied
call_as_boss POST "/api/users/$unset_id/ban/" '{"reason":"x"}'
expect_problem 404 not_found

it "shows and ends others' sessions and devices"
add_user users-dan
dan=$access dan_id=$id
call_as_boss GET "/api/users/$dan_id/sessions/"
expect_json '(.items | length) == 1 and .items[0].current == false and .items[0].ip == "127.0.0.1"'
session=$(read_answer '.items[0].id')
call_as_boss GET "/api/users/$dan_id/devices/"
expect_json '(.items | length) == 1 and (.items[0] | has("push_token") | not)'
call_as_boss DELETE "/api/users/$bob_id/sessions/$session/"
expect_problem 404 not_found
call_as_boss DELETE "/api/users/$dan_id/sessions/$session/"
expect_status 204
get_me "$dan"
expect_problem 401 session_ended
sign_in users-dan
dan=$access
call_as_boss GET "/api/users/$dan_id/devices/"
call_as_boss DELETE "/api/users/$dan_id/devices/$(read_answer '.items[0].id')/"
expect_status 204
get_me "$dan"
expect_problem 401 session_ended
sign_in users-dan
dan=$access
call_as_boss POST "/api/users/$dan_id/logout/"
expect_status 204
get_me "$dan"
expect_problem 401 session_ended
for path in sessions devices; do
    call_as_boss GET "/api/users/$unset_id/$path/"
    expect_problem 404 not_found
    access=$ann call_signed_in GET "/api/users/$dan_id/$path/"
    expect_problem 403 permission_denied
done

it "refuses a filter that a list does not have, by its name"
for list in users "users/$ann_id/sessions" "users/$ann_id/devices" sessions devices roles audit me/activity; do
    for query in 'stauts=banned' 'page=2' 'format=json' 'Limit=1'; do
        call_as_boss GET "/api/$list/?$query"
        expect_problem 400 bad_request
        expect_json ".detail | startswith(\"This list has no parameter \`${query%%=*}\`.\")"
    done
done
# What is not a list ignores it.
call_as_boss GET '/api/me/?page=2'
expect_status 200
call_as_boss GET "/api/users/$ann_id/?page=2"
expect_status 200

it "deletes an account and tells its owner who did it"
call_as_boss DELETE "/api/users/$dan_id/"
expect_status 204
call_as_boss GET "/api/users/$dan_id/"
expect_problem 404 not_found
sign_in users-dan
expect_problem 401 invalid_credentials
wait_for_mail users-dan@example.com deleted >/dev/null || fail "no mail tells"
post /api/register/ "{\"email\":\"users-dan2@example.com\",\"username\":\"users-dan\",\"password\":\"$password\"}"
expect_problem 409 username_taken
call_as_boss DELETE "/api/users/$boss_id/"
expect_problem 403 permission_denied

finish
