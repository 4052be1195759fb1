#!/bin/bash
# Signing in: passwords, devices, bans, hashes that Django made, and the records and mails of a sign-in.
source "$(dirname "$0")/../lib.sh"

sign_in_with_device() {
    call POST /api/login/ "{\"email\":\" login-ann@example.com\\n\",\"password\":\"$password\",$1}"
}

make_user login-ann

it "answers a wrong password and an unknown address alike"
call POST /api/login/ '{"email":"login-ann@example.com","password":"wrong"}'
expect_problem 401 invalid_credentials
first=$(read_answer 'del(.instance)')
first_headers=$(sed -E '/^(Date|X-Request-ID):/Id' "$work/headers")
call POST /api/login/ '{"email":"nobody@example.com","password":"wrong"}'
expect_problem 401 invalid_credentials
[[ $(read_answer 'del(.instance)') == "$first" ]] || fail "the two answers differ"
[[ $(sed -E '/^(Date|X-Request-ID):/Id' "$work/headers") == "$first_headers" ]] || fail "the headers differ"

it "takes the address in any spelling, and the password in none but its own"
call POST /api/login/ "{\"email\":\"LOGIN-ANN@EXAMPLE.com\",\"password\":\"$password\"}"
expect_status 200
for wrong in "$password " " $password" "${password^^}" "${password%?}" "${password}x"; do
    call POST /api/login/ "$(jq -cn --arg p "$wrong" '{email: "login-ann@example.com", password: $p}')"
    expect_problem 401 invalid_credentials
done

it "takes a password in either normal form"
call POST /api/register/ '{"email":"cafe@example.com","username":"cafe-owner","password":"caf\u00e9 au lait matin"}'
expect_status 201
call POST /api/login/ '{"email":"cafe@example.com","password":"cafe\u0301 au lait matin"}'
expect_problem 403 email_unverified

for member in email password; do
    it "asks for $member, of the right type"
    for value in null 5 true '[]' '{}'; do
        call POST /api/login/ \
            "$(jq -cn --arg m $member --argjson v "$value" '{email: "login-ann@example.com", password: "x"}
                | .[$m] = $v')"
        expect_problem 422 validation_failed
    done
    call POST /api/login/ "$(jq -cn --arg m $member '{email: "login-ann@example.com", password: "x"} | .[$m] = ""')"
    expect_problem 422 validation_failed
    expect_field "/$member" too_short
    call POST /api/login/ "$(jq -cn --arg m $member '{email: "login-ann@example.com", password: "x"} | del(.[$m])')"
    expect_field "/$member" required
done
it "refuses a password that is too long before it is hashed"
call POST /api/login/ "{\"email\":\"login-ann@example.com\",\"password\":\"$(head -c 1025 /dev/zero | tr '\0' 'x')\"}"
expect_problem 422 validation_failed
expect_field /password too_long
call POST /api/login/ "{\"email\":\"login-ann@example.com\",\"password\":\"$(head -c 1024 /dev/zero | tr '\0' 'x')\"}"
expect_problem 401 invalid_credentials

it "finds the device by its push token, and moves the token to who presents it last"
call POST /api/login/ "{\"email\":\"login-ann@example.com\",\"password\":\"$password\",
    \"device_token\":\"shared\",\"device_type\":\"ios\",\"device_name\":\"phone\"}"
device=$(read_answer .session.device.id)
call POST /api/login/ "{\"email\":\"login-ann@example.com\",\"password\":\"$password\",\"device_token\":\"shared\"}"
expect_json "(.session.device | del(.key)) == {id: \"$device\", name: \"phone\", type: \"ios\"}"
make_user login-bob
call POST /api/login/ "{\"email\":\"login-bob@example.com\",\"password\":\"$password\",\"device_token\":\"shared\"}"
expect_json ".session.device.id != \"$device\""
[[ $(query "SELECT COUNT(*) FROM devices WHERE push_token = 'shared'") == 1 ]] || fail "the push token is there twice"

it "never refuses a sign-in for how a client names its device"
sign_in_with_device '"device_name":"Ann\u2019s\tphone\r\n\ud83e\udeea\u0007\u202e","device_type":" iOS "'
expect_status 200
expect_json '.session.device.name == "Ann\u2019s phone \ud83e\udeea" and .session.device.type == "ios"'
sign_in_with_device "\"device_name\":\"$(printf 'ä%.0s' {1..150})\",
    \"device_token\":\"\",\"device_key\":\" \",\"device_type\":\"\""
expect_status 200
expect_json '(.session.device.name | length) == 100'
sign_in_with_device '"device_type":"toaster"'
expect_problem 422 validation_failed
expect_field /device_type invalid

it "gives a token pair by address or name at /api/token/"
call POST /api/token/ "{\"email\":\"login-ann@example.com\",\"password\":\"$password\"}"
expect_status 200
expect_json 'keys == ["access","refresh"]'
call POST /api/token/ "{\"username\":\"Login-Ann\",\"password\":\"$password\"}"
expect_status 200
get_me "$(read_answer .access)"
expect_json '.username == "login-ann"'
call POST /api/token/ '{"username":"login-ann","password":"wrong"}'
expect_problem 401 invalid_credentials
call POST /api/token/ '{"username":"no such name at all","password":"wrong"}'
expect_problem 401 invalid_credentials
call POST /api/token/ '{"password":"wrong"}'
expect_problem 422 validation_failed

it "makes the same checks at /api/token/"
register login-cat
call POST /api/token/ "{\"username\":\"login-cat\",\"password\":\"$password\"}"
expect_problem 403 email_unverified

it "tells of a ban only who has the right password"
query "UPDATE users SET banned_at = NOW(6), banned_until = NOW(6) + INTERVAL 1 HOUR, ban_reason = 'spam'
    WHERE email = 'login-bob@example.com'"
call POST /api/login/ '{"email":"login-bob@example.com","password":"wrong"}'
expect_problem 401 invalid_credentials
call POST /api/login/ "{\"email\":\"login-bob@example.com\",\"password\":\"$password\"}"
expect_problem 403 account_banned
expect_json '.detail | test("until 20.*Z: spam")'
query "UPDATE users SET banned_until = NOW(6) - INTERVAL 1 SECOND WHERE email = 'login-bob@example.com'"
call POST /api/login/ "{\"email\":\"login-bob@example.com\",\"password\":\"$password\"}"
expect_status 200

it "verifies and replaces a hash that Django made"
hash='pbkdf2_sha256$2000$Mb0BWULEu4hLsZyc93GeBf$S2iIAX1gxsiKS+ZmpqaRS42pvQuGJ2GFSmqZKzpAA7Q='
query "UPDATE users SET password_hash = '$hash' WHERE email = 'login-ann@example.com'"
call POST /api/login/ '{"email":"login-ann@example.com","password":"correct horse"}'
expect_status 200
[[ $(query "SELECT password_hash FROM users
    WHERE email = 'login-ann@example.com'") == '$argon2id$v=19$m=19456,t=2,p=1$'* ]] ||
    fail "the hash is still the old one"
call POST /api/login/ '{"email":"login-ann@example.com","password":"correct horse"}'
expect_status 200

it "records who signed in and who failed, and no secret"
[[ $(query "SELECT COUNT(*) FROM audit_log a JOIN users u ON u.id = a.subject_id WHERE u.email = 'login-ann@example.com'
    AND action = 'authn_login_fail' AND outcome = 'failure'") -ge 6 ]] ||
    fail "failures are missing"
grep -qE "$password|wrong|eyJ" "$VAR/log/csauthd.log" && fail "the log holds a password or a token"
jq -es 'all(.ts and .level and .event and .pid)' "$VAR/log/csauthd.log" >/dev/null ||
    fail "a log line is no JSON object"

it "tells of a sign-in on a device that was never seen, and of no other"
make_user login-newdev
sign_in login-newdev
call POST /api/login/ "{\"email\":\"login-newdev@example.com\",\"password\":\"$password\"}" \
    --user-agent 'Strange/1.0 <b>{{link}}</b>'
expect_status 200
wait_for_mail login-newdev@example.com "New sign-in" | jq -r .text | finds -F 'Strange/1.0 <b>{{link}}</b>' ||
    fail "the mail does not name the device"
[[ $(print_mails login-newdev@example.com | jq -r .subject | grep -c "New sign-in") == 1 ]] || fail "there are several"
print_mails login-newdev@example.com | jq -r .html | finds -F '<b>' && fail "markup of a stranger's is in the mail"

finish
