#!/bin/bash
# Changing a password, and choosing a new one when the old is forgotten.
source "$(dirname "$0")/../lib.sh"

ask_for_reset() { post /api/password/forgot/ "{\"email\":\"$1\"}"; }

is_handled() {
    [[ $(query "SELECT COUNT(*) FROM mail_requests WHERE handled_at IS NULL") == 0 &&
        $(query "SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending')") == 0 ]]
}

count_resets() { print_mails pw-ann@example.com | jq -r .subject | grep -c "new password"; }

reset_password() { post /api/password/reset/ "{\"token\":\"$1\",\"new_password\":\"$2\"}"; }

make_user pw-ann
first=$access
first_refresh=$refresh
sign_in pw-ann
second=$access

it "changes the password of who knows it, and ends the other sessions"
post /api/password/change/ '{"current_password":"correct horse battery","new_password":"seventeen purple boats"}' \
    "$second"
expect_status 204
get_me "$second"
expect_status 200
get_me "$first"
expect_problem 401 session_ended
post /api/token/refresh/ "{\"refresh\":\"$first_refresh\"}"
expect_problem 401 session_ended
post /api/token/refresh/ "{\"refresh\":\"$refresh\"}"
expect_status 200
sign_in pw-ann
expect_problem 401 invalid_credentials
sign_in pw-ann "seventeen purple boats"
expect_status 200
wait_for_mail pw-ann@example.com "password" | jq -r .text | finds "was changed on 20" || fail "no mail tells of it"

it "refuses a change without the right password, or to a bad one"
post /api/password/change/ '{"current_password":"not the password","new_password":"another purple boat"}' "$access"
expect_problem 422 validation_failed
expect_field /current_password incorrect
post /api/password/change/ '{"new_password":"another purple boat"}' "$access"
expect_field /current_password required
post /api/password/change/ '{"current_password":"seventeen purple boats"}' "$access"
expect_field /new_password required
post /api/password/change/ '{"current_password":"seventeen purple boats","new_password":"password1"}' "$access"
expect_field /new_password common_password
post /api/password/change/ '{"current_password":"seventeen purple boats","new_password":"pw-ann123"}' "$access"
expect_field /new_password resembles_account
post /api/password/change/ '{"current_password":"seventeen purple boats","new_password":"another purple boat"}'
expect_problem 401 authentication_required
get_me
expect_status 200

it "lets one of many changes at once win"
seq 16 | xargs -P 16 -I @@ curl --silent --output /dev/null --write-out '%{http_code}\n' "$base/api/password/change/" \
    --header "Authorization: Bearer $access" \
    --json '{"current_password":"seventeen purple boats","new_password":"raced purple boats @@"}' >"$work/codes"
[[ $(grep -c 204 "$work/codes") == 1 && $(grep -cE '422|401' "$work/codes") == 15 ]] ||
    fail "codes: $(sort "$work/codes" | uniq -c | xargs)"

it "answers alike whether an address has an account or not"
ask_for_reset pw-ann@example.com
expect_status 202
known=$(read_answer .)
ask_for_reset nobody-at-all@example.com
expect_status 202
[[ $(read_answer .) == "$known" ]] || fail "the answers differ"
ask_for_reset nonsense
expect_field /email invalid
post /api/password/forgot/ '{"email":["pw-ann@example.com","eve@example.com"]}'
expect_field /email wrong_type
post /api/password/forgot/ '{"email":"pw-ann@example.com","email":"eve@example.com"}'
expect_problem 400 malformed_json
wait_until 20 is_handled || fail "the requests were not handled"
[[ $(print_mails nobody-at-all@example.com | wc -l) == 0 && $(print_mails eve@example.com | wc -l) == 0 ]] ||
    fail "a stranger got mail"

it "resets nothing without a mail, or with another kind of token"
reset_password AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA "fresh purple boats"
expect_problem 400 one_time_token_invalid
reset_password x "fresh purple boats"
expect_field /token invalid
ann=$access
register pw-eve
access=$ann
eve=$(wait_for_mail_token pw-eve@example.com)
reset_password "$eve" "fresh purple boats"
expect_problem 400 one_time_token_invalid
post /api/verify-email/ "{\"token\":\"$(wait_for_mail pw-ann@example.com "new password" | read_token)\"}" "$access"
expect_problem 400 one_time_token_invalid
# The refusal above took nothing from the token.
token=$(wait_for_mail pw-ann@example.com "new password" | read_token)
reset_password "$token" "short"
expect_field /new_password too_short
reset_password "$token" "pw-ann-2026"
expect_field /new_password resembles_account

it "takes the link's token once, however many use it at once, and ends every session"
seq 64 | xargs -P 32 -I @@ curl --silent --output /dev/null --write-out '%{http_code}\n' "$base/api/password/reset/" \
    --json "{\"token\":\"$token\",\"new_password\":\"reset purple boats @@\"}" >"$work/codes"
[[ $(grep -c 204 "$work/codes") == 1 && $(grep -c 400 "$work/codes") == 63 ]] ||
    fail "codes: $(sort "$work/codes" | uniq -c | xargs)"
get_me
expect_problem 401 session_ended
reset_password "$token" "fresh purple boats"
expect_problem 400 one_time_token_invalid
[[ $(query "SELECT COUNT(*) FROM audit_log a JOIN users u ON u.id = a.subject_id WHERE u.username = 'pw-ann'
    AND a.action = 'authn_password_reset'") == 1 ]] ||
    fail "the audit log does not have it once"

it "keeps an older link good until one is used, and then says why the others are not"
ask_for_reset pw-ann@example.com
older=$(wait_for_mail pw-ann@example.com "new password" 2 | read_token)
ask_for_reset PW-ANN@EXAMPLE.COM
newer=$(wait_for_mail pw-ann@example.com "new password" 3 | read_token)
reset_password "$older" "fresh purple boats"
expect_status 204
reset_password "$newer" "stale purple boats"
expect_problem 400 one_time_token_invalid
expect_json '.detail == "The link in an earlier mail was used."'
reset_password "$older" "stale purple boats"
expect_json '.detail == "This link was used already."'
sign_in pw-ann "fresh purple boats"
expect_status 200

it "sends an address three such mails an hour, and another one if none of their links works"
ask_for_reset pw-ann@example.com
token=$(wait_for_mail pw-ann@example.com "new password" 4 | read_token)
reset_password "$older" "stale purple boats"
expect_problem 400 link_superseded
expect_json '.detail == "This link was used already. A newer mail was sent: use the link in that one."'
ask_for_reset pw-ann@example.com
wait_until 20 is_handled || fail "the request was not handled"
[[ $(count_resets) == 4 ]] || fail "a mail came though a link works"
post /api/password/change/ '{"current_password":"fresh purple boats","new_password":"changed purple boats"}' "$access"
expect_status 204
reset_password "$token" "stale purple boats"
expect_problem 400 one_time_token_invalid
expect_json '.detail == "The account has changed since this mail was sent. Ask for a new mail."'

it "lets a link lapse after an hour and a half"
ask_for_reset pw-ann@example.com
token=$(wait_for_mail pw-ann@example.com "new password" 5 | read_token)
[[ $(query "SELECT TIMESTAMPDIFF(MINUTE, created_at, expires_at) FROM one_time_tokens WHERE purpose = 'reset_password'
    AND email_key = 'pw-ann@example.com' ORDER BY created_at DESC LIMIT 1") == 90 ]] ||
    fail "it lives for another time"
query "UPDATE one_time_tokens SET expires_at = NOW(6) - INTERVAL 1 SECOND WHERE email_key = 'pw-ann@example.com'"
reset_password "$token" "stale purple boats"
expect_problem 400 one_time_token_invalid
expect_json '.detail == "This link has expired. Ask for a new mail."'

it "gives an account that a stranger registered to the owner of the address, cleanly"
call POST /api/register/ '{"email":"pw-victim@example.com","username":"pw-squatter","password":"squatting on this",
    "full_name":"Not Me","bio":"evil","device_token":"squatters-phone"}'
squatter=$(read_answer .tokens.access)
squatter_refresh=$(read_answer .tokens.refresh)
ask_for_reset pw-victim@example.com
reset_password "$(wait_for_mail pw-victim@example.com "new password" | read_token)" "my own purple boats"
expect_status 204
get_me "$squatter"
expect_problem 401 session_ended
post /api/token/refresh/ "{\"refresh\":\"$squatter_refresh\"}"
expect_problem 401 session_ended
post /api/login/ '{"email":"pw-victim@example.com","password":"squatting on this"}'
expect_problem 401 invalid_credentials
post /api/login/ '{"email":"pw-victim@example.com","password":"my own purple boats"}'
expect_status 200
expect_json '.user.is_verified and .user.full_name == "" and .user.bio == ""'
[[ $(query "SELECT COUNT(*) FROM devices WHERE push_token = 'squatters-phone'") == 0 ]] ||
    fail "the squatter's device is still there"

it "keeps no token and no password where somebody could read it"
mariadb-dump --no-defaults --socket="$(find_run_dir)/db.sock" --user="$(id -un)" csauth 2>/dev/null |
    grep -qE "$newer|purple boats" && fail "the database holds a secret"
grep -rqE "$newer|purple boats|pw-victim@" "$VAR/log/csauthd.log" "$VAR/log/access.log" && fail "a log holds a secret"

finish
