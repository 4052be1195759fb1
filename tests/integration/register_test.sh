#!/bin/bash
# Registering: which members are accepted, which are refused, and how duplicates are handled.
source "$(dirname "$0")/../lib.sh"

is_drained() {
    [[ $(query "SELECT COUNT(*) FROM mail_requests WHERE handled_at IS NULL") == 0 &&
        $(query "SELECT COUNT(*) FROM outbox WHERE state <> 'sent'") == 0 ]]
}

# print_registration MEMBER VALUE: a good registration with one member changed; VALUE is JSON, or nothing to leave it
# out.
print_registration() {
    jq -cn --arg n "$(date +%s%N)" --arg member "$1" --argjson value "${2:-null}" --arg given "${2+yes}" \
        '{email: "reg\($n)@example.com", username: "reg\($n)", password: "correct horse battery"}
         | if $given == "yes" then .[$member] = $value else del(.[$member]) end'
}
print_text() { printf '"%s"' "$(head -c "$1" /dev/zero | tr '\0' 'x')"; }

for member in email username password; do
    it "asks for $member"
    call POST /api/register/ "$(print_registration $member)"
    expect_problem 422 validation_failed
    expect_field "/$member" required
    call POST /api/register/ "$(print_registration $member null)"
    expect_field "/$member" required

    it "takes no $member of another type"
    for value in 1 true '[]' '["a@example.com"]' '{}' '{"a":1}' 1.5; do
        call POST /api/register/ "$(print_registration $member "$value")"
        expect_problem 422 validation_failed
        expect_field "/$member" wrong_type
    done

    it "takes no empty $member"
    call POST /api/register/ "$(print_registration $member '""')"
    expect_problem 422 validation_failed
    expect_field "/$member" too_short
done

for member in full_name bio device_name device_type device_token password2; do
    it "takes no $member of another type, and none is no harm"
    call POST /api/register/ "$(print_registration $member 7)"
    expect_problem 422 validation_failed
    expect_field "/$member" wrong_type
    call POST /api/register/ "$(print_registration $member null)"
    expect_status 201
done

it "holds every limit, and not one past it"
while read -r member longest; do
    case $member in
        email) good="\"$(head -c 64 /dev/zero | tr '\0' 'x')@example.com\"" \
            bad="\"$(head -c 65 /dev/zero | tr '\0' 'x')@example.com\"" ;;
        *) good=$(print_text "$longest") bad=$(print_text $((longest + 1))) ;;
    esac
    call POST /api/register/ "$(print_registration "$member" "$good")"
    expect_status 201
    call POST /api/register/ "$(print_registration "$member" "$bad")"
    expect_problem 422 validation_failed
    expect_field "/$member" too_long
done <<'LIMITS'
email 64
username 50
full_name 255
bio 500
device_token 4096
LIMITS
call POST /api/register/ "$(print_registration password "$(print_text 129)")"
expect_field /password too_long
call POST /api/register/ "$(print_registration password '"x7Q-z!a"')"
expect_field /password too_short
call POST /api/register/ "$(print_registration username '"ab"')"
expect_field /username too_short

it "keeps identifiers as they were checked, without what shows nothing"
call POST /api/register/ '{"email":" Invisible@EXAMPLE.com\u200b\n","username":"\ufeffInvisible\u200e ",
    "password":"correct horse battery"}'
expect_status 201
expect_json '.user.email == "Invisible@example.com" and .user.username == "Invisible"'
for twin in 'invisible\u3164' 'inv\u034fisible' 'invisible\ufe0f' 'invis\u200bible'; do
    call POST /api/register/ "{\"email\":\"twin@example.com\",\"username\":\"$twin\",
        \"password\":\"correct horse battery\"}"
    expect_problem 422 validation_failed
    expect_field /username invalid
    call POST /api/register/ "{\"email\":\"$twin@example.com\",\"username\":\"twin\",
        \"password\":\"correct horse battery\"}"
    expect_problem 422 validation_failed
    expect_field /email invalid
done
call POST /api/register/ '{"email":"\uff29nvisible\uff20example.com","username":"twin",
    "password":"correct horse battery"}'
expect_problem 409 email_taken

it "tells all complaints at once"
call POST /api/register/ '{"email":"nonsense","username":"a b c","password":"password","bio":"\u0007"}'
expect_problem 422 validation_failed
expect_json '[.errors[].pointer] == ["/email","/username","/password","/bio"]'

it "refuses weak passwords, and says why"
call POST /api/register/ "$(print_registration password '"iloveyou"')"
expect_field /password common_password
call POST /api/register/ "$(print_registration password '"mnopqrstuvw"')"
expect_field /password predictable_password
call POST /api/register/ '{"email":"shakespearian@example.com","username":"william","password":"Shakespearian1"}'
expect_field /password resembles_account

call POST /api/register/ "$(print_registration password '"Passw0rd!"')"
expect_field /password common_password
call POST /api/register/ "$(print_registration password '"Summer2026!"')"
expect_field /password predictable_password
for word in collabsphere CollabSphere2026 localhost1; do
    call POST /api/register/ "$(print_registration password "\"$word\"")"
    expect_field /password predictable_password
done

it "refuses a name like a web address"
call POST /api/register/ "$(print_registration username '"www.claim-prize.com"')"
expect_field /username invalid

it "wants the repeated password to match"
call POST /api/register/ "$(print_registration password2 '"another one entirely"')"
expect_field /password2 mismatch
call POST /api/register/ "$(print_registration password2 '"correct horse battery"')"
expect_status 201

it "refuses reserved and misleading names"
call POST /api/register/ "$(print_registration username '"Admin"')"
expect_field /username reserved
call POST /api/register/ "$(print_registration username '"g\u043e\u043egle"')"
expect_field /username invalid

it "takes addresses and names of other scripts"
call POST /api/register/ '{"email":"jürgen@bücher.example","username":"Jürgen","password":"correct horse battery",
    "full_name":"山田 太郎","bio":"zwei\nZeilen 🐣"}'
expect_status 201
expect_json '.user.full_name == "山田 太郎" and .user.bio == "zwei\nZeilen 🐣"'

it "tells which of address and name are taken, in any spelling"
call POST /api/register/ '{"email":"JÜRGEN@xn--bcher-kva.example","username":"JÜRGEN",
    "password":"correct horse battery"}'
expect_problem 409 email_taken
expect_field /email taken
expect_field /username taken
call POST /api/register/ '{"email":"other@bücher.example","username":"ju\u0308rgen","password":"correct horse battery"}'
expect_problem 409 username_taken

it "ignores members that a user must not set"
call POST /api/register/ '{"email":"sly@example.com","username":"slyfox","password":"correct horse battery",
    "is_verified":true,"roles":["admin"],"role":"admin","id":"01a2077f-f7e3-770e-82c5-3b481186709f","epoch":9,
    "permissions":{"can_ban_users":true},"banned_at":null,"verified_at":"2020-01-01"}'
expect_status 201
expect_json '.user.is_verified == false and .user.roles == ["member"]
    and .user.id != "01a2077f-f7e3-770e-82c5-3b481186709f"'

it "remembers the device"
call POST /api/register/ "$(print_registration device_type '"ios"' |
    jq -c '.device_name = "Anns phone" | .device_token = "push-1"')"
expect_json '.session.device.type == "ios" and .session.device.name == "Anns phone"'
call POST /api/register/ "$(print_registration device_type '"toaster"')"
expect_field /device_type invalid

it "writes user, role, session, device, mail, token and audit, or nothing"
register whole
id=$(read_answer .user.id | tr -d -)
[[ $(query "SELECT (SELECT COUNT(*) FROM user_roles WHERE user_id = x'$id'), (SELECT COUNT(*) FROM sessions
    WHERE user_id = x'$id'), (SELECT COUNT(*) FROM devices WHERE user_id = x'$id'), (SELECT COUNT(*)
    FROM one_time_tokens WHERE user_id = x'$id'), (SELECT COUNT(*) FROM audit_log
    WHERE subject_id = x'$id'), (SELECT COUNT(*) FROM outbox
    WHERE recipient = 'whole@example.com')" | tr '\t' ' ') == "1 1 1 1 2 1" ]] ||
    fail "a part is missing"
[[ $(query "SELECT COUNT(*) FROM users u WHERE NOT EXISTS (SELECT 1 FROM user_roles r WHERE r.user_id = u.id)
    OR NOT EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = u.id)") == 0 ]] ||
    fail "there is half a user"

it "tells the owner of a taken address, once a day"
for _ in 1 2 3; do
    call POST /api/register/ '{"email":"WHOLE@example.com","username":"intruder","password":"correct horse battery"}'
done
expect_problem 409 email_taken
wait_until 20 has_mails whole@example.com 2 || fail "no mail came"
wait_until 20 is_drained || fail "the outbox is not empty"
[[ $(print_mails whole@example.com | wc -l) == 2 ]] || fail "more than one mail came"
wait_for_mail whole@example.com "already have an account" >/dev/null || fail "it is another mail"

for what in address name; do
    it "gives one of 64 at once with the same $what to one"
    for i in $(seq 64); do
        [[ $what == address ]] &&
            body="{\"email\":\"race@example.com\",\"username\":\"race$i\",\"password\":\"correct horse battery\"}"
        [[ $what == name ]] &&
            body="{\"email\":\"race$i@example.com\",\"username\":\"racer\",\"password\":\"correct horse battery\"}"
        print_request /api/register/ "$body"
    done | sed 1d >"$work/race"
    curl --parallel --parallel-immediate --parallel-max 64 --config "$work/race" 2>/dev/null | sort |
        uniq -c >"$work/race.out"
    [[ $(tr -s ' ' <"$work/race.out") == $' 1 201\n 63 409' ]] ||
        fail "the answers are $(tr '\n' ' ' <"$work/race.out")"
done
[[ $(query "SELECT COUNT(*) FROM users WHERE email = 'race@example.com' OR username = 'racer'") == 2 ]] ||
    fail "there is another number of users"

finish
