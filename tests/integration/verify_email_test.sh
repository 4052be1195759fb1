#!/bin/bash
# Confirming an address: links, codes, repeated requests, and the languages of the mail.
source "$(dirname "$0")/../lib.sh"

ask_for_mail() { call POST /api/resend-verification/ "{\"email\":\"$1\"}"; }

is_handled() {
    [[ $(query "SELECT COUNT(*) FROM mail_requests WHERE handled_at IS NULL") == 0 &&
        $(query "SELECT COUNT(*) FROM outbox WHERE state <> 'sent'") == 0 ]]
}

# wait_for_code ADDRESS: the code for typing, from the newest mail.
wait_for_code() {
    wait_until 20 has_mails "$1" 1 && print_mails "$1" | tail -n 1 | jq -r .text | grep -oE '^[A-Z2-9]{4}-[A-Z2-9]{4}'
}

ask_again() { # ADDRESS N: has the N-th mail sent there
    query "UPDATE one_time_tokens SET created_at = created_at - INTERVAL 3 MINUTE WHERE email_key = '$1'"
    ask_for_mail "$1"
    wait_until 20 has_mails "$1" "$2" || fail "mail $2 to $1 did not come"
}

register verify-ann
ann=$access
token=$(wait_for_mail_token verify-ann@example.com)
register verify-bob
bob=$access

it "changes nothing when the link is only opened"
call GET "/verify-email/?token=$token"
expect_status 200
call HEAD /verify-email/
expect_status 200
call GET "/api/verify-email/$token/"
expect_problem 405 method_not_allowed
get_me "$ann"
expect_json '.is_verified == false'

it "needs the account besides the mailbox"
call POST /api/verify-email/ "{\"token\":\"$token\"}"
expect_problem 401 authentication_required
call POST /api/verify-email/ "{\"token\":\"$token\"}" --header "Authorization: Bearer $bob"
expect_problem 403 permission_denied
call POST /api/verify-email/ "{\"token\":\"$token\",\"password\":\"not the password\"}"
expect_problem 401 invalid_credentials
call POST /api/verify-email/ "{\"token\":\"$token\"}" --header 'Authorization: Bearer nonsense'
expect_problem 401 invalid_token
get_me "$ann"
expect_json '.is_verified == false'

it "refuses what is no token of ours"
for wrong in "$(printf '%s' "$token" | rev)" "$ann" x "${token}A" "${token%?}"; do
    call POST /api/verify-email/ "{\"token\":\"$wrong\"}" --header "Authorization: Bearer $ann"
    [[ $status == 400 || $status == 422 ]] || fail "status $status for $wrong"
done
call POST /api/verify-email/ '{}'
expect_field /token required
call POST /api/verify-email/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/ --header "Authorization: Bearer $ann"
expect_problem 400 one_time_token_invalid
call POST /api/verify-email/x/ --header "Authorization: Bearer $ann"
expect_problem 400 one_time_token_invalid

it "confirms in the account's session by the path of the Django service, and again"
call POST "/api/verify-email/$token/" --header "Authorization: Bearer $ann"
expect_status 200
call POST "/api/verify-email/$token/" --header "Authorization: Bearer $ann"
expect_status 200
get_me "$ann"
expect_json .is_verified
call POST /api/verify-email/ "{\"token\":\"$token\"}" --header "Authorization: Bearer $bob"
expect_problem 403 permission_denied

it "confirms with the password, without a session"
token=$(wait_for_mail_token verify-bob@example.com)
call POST "/api/verify-email/$token/" "{\"password\":\"$password\"}"
expect_status 200
get_me "$bob"
expect_json .is_verified

it "keeps no token in the database"
[[ $(query "SELECT COUNT(*) FROM one_time_tokens WHERE token_hash = '$token'") == 0 ]] || fail "the token stands there"
mariadb-dump --no-defaults --socket="$(find_run_dir)/db.sock" --user="$(id -un)" csauth 2>/dev/null |
    grep -qF "$token" &&
    fail "the dump holds the token"
[[ $(query "SELECT COUNT(*) FROM outbox WHERE state = 'sent' AND secret IS NOT NULL") == 0 ]] ||
    fail "a secret outlived its mail"

it "lets a token lapse"
register verify-cat
token=$(wait_for_mail_token verify-cat@example.com)
query "UPDATE one_time_tokens SET expires_at = NOW(6) - INTERVAL 1 SECOND WHERE email_key = 'verify-cat@example.com'"
call POST /api/verify-email/ "{\"token\":\"$token\"}" --header "Authorization: Bearer $access"
expect_problem 400 one_time_token_invalid

it "sends the mail again, to who should have it, at most every three minutes"
ask_for_mail verify-cat@example.com
expect_status 202
first=$(read_answer .)
wait_until 20 is_handled || fail "the request was not handled"
[[ $(print_mails verify-cat@example.com | wc -l) == 1 ]] || fail "a mail came too soon"
query "UPDATE one_time_tokens SET created_at = created_at - INTERVAL 3 MINUTE
    WHERE email_key = 'verify-cat@example.com'"
ask_for_mail VERIFY-CAT@example.com
fresh=$(wait_for_mail_token verify-cat@example.com 2) || fail "no second mail came"
call POST /api/verify-email/ "{\"token\":\"$token\"}" --header "Authorization: Bearer $access"
expect_problem 400 link_superseded
expect_json '.detail == "A newer mail was sent: use the link in that one."'
call POST /api/verify-email/ "{\"token\":\"$fresh\"}" --header "Authorization: Bearer $access"
expect_status 200

it "answers alike for any address"
for address in verify-cat@example.com nobody-at-all@example.com; do
    ask_for_mail "$address"
    expect_status 202
    [[ $(read_answer .) == "$first" ]] || fail "the answer for $address differs"
done
wait_until 20 is_handled || fail "the requests were not handled"
[[ $(print_mails nobody-at-all@example.com | wc -l) == 0 && $(print_mails verify-cat@example.com | wc -l) == 2 ]] ||
    fail "a mail came to who should have none"
message=$(jq -r .message <<<"$first")
[[ $message == *"unless the last one is less than 3 minutes old"*"use the newest mail that you have." ]] ||
    fail "it says $first"
ask_for_mail nonsense
expect_field /email invalid
call POST /api/resend-verification/ '{"email":["verify-cat@example.com","eve@example.com"]}'
expect_field /email wrong_type

it "confirms with the code for typing, in the account's session"
register verify-eve
eve=$access
code=$(wait_for_code verify-eve@example.com)
register verify-fay
post /api/verify-email/ "{\"code\":\"$code\"}" "$access"
expect_problem 400 one_time_token_invalid
post /api/verify-email/ "{\"code\":\"$code\"}"
expect_problem 422 validation_failed
post /api/verify-email/ '{"code":"nonsense!"}' "$eve"
expect_field /code invalid
post /api/verify-email/ "{\"code\":\"$(tr '[:upper:]' '[:lower:]' <<<"${code/-/ }")\"}" "$eve"
expect_status 200
post /api/verify-email/ "{\"code\":\"$code\"}" "$eve"
expect_status 200
get_me "$eve"
expect_json .is_verified

it "confirms with the code, the address and the password, without a session"
code=$(wait_for_code verify-fay@example.com)
post /api/verify-email/ "{\"code\":\"$code\",\"email\":\"verify-fay@example.com\",\"password\":\"not the password\"}"
expect_problem 401 invalid_credentials
post /api/verify-email/ "{\"code\":\"$code\",\"email\":\"nobody-at-all@example.com\",\"password\":\"$password\"}"
expect_problem 401 invalid_credentials
post /api/verify-email/ "{\"code\":\"$code\",\"email\":\"verify-fay@example.com\",\"password\":\"$password\"}"
expect_status 200

it "lets a code be guessed five times, however many guess at once, and live for an hour"
register verify-gil
code=$(wait_for_code verify-gil@example.com)
seq 40 | xargs -P 20 -I @@ curl --silent --output /dev/null --write-out '%{http_code}\n' "$base/api/verify-email/" \
    --header "Authorization: Bearer $access" --json '{"code":"AAAA-AAAA"}' >"$work/codes"
[[ $(sort -u "$work/codes") == 400 ]] || fail "codes: $(sort "$work/codes" | uniq -c | xargs)"
[[ $(query "SELECT code_tries FROM one_time_tokens WHERE email_key = 'verify-gil@example.com'") == 5 ]] ||
    fail "more than five guesses were looked at"
post /api/verify-email/ "{\"code\":\"$code\"}" "$access"
expect_problem 400 one_time_token_invalid
register verify-hal
code=$(wait_for_code verify-hal@example.com)
query "UPDATE one_time_tokens SET code_expires_at = NOW(6) - INTERVAL 1 SECOND
    WHERE email_key = 'verify-hal@example.com'"
post /api/verify-email/ "{\"code\":\"$code\"}" "$access"
expect_problem 400 one_time_token_invalid

it "takes the link and the code of an older mail, too"
register verify-ida
token=$(wait_for_mail_token verify-ida@example.com)
ask_again verify-ida@example.com 2
post /api/verify-email/ "{\"token\":\"$token\"}" "$access"
expect_status 200
register verify-jon
code=$(wait_for_code verify-jon@example.com)
ask_again verify-jon@example.com 2
[[ $(wait_for_code verify-jon@example.com) != "$code" ]] || fail "both mails have one code"
post /api/verify-email/ '{"code":"AAAA-AAAA"}' "$access"
[[ $(query "SELECT GROUP_CONCAT(code_tries) FROM one_time_tokens
    WHERE email_key = 'verify-jon@example.com'") == 1,1 ]] ||
    fail "a guess does not cost each code a try"
post /api/verify-email/ "{\"code\":\"$code\"}" "$access"
expect_status 200

it "keeps no code in the database that SHA-256 finds"
register verify-kim
code=$(wait_for_code verify-kim@example.com)
kim=$(read_answer .user.id)
plain=$(printf %s "$kim:${code/-/}" | sha256sum | cut -d ' ' -f 1)
[[ $(query "SELECT COUNT(*) FROM one_time_tokens WHERE email_key = 'verify-kim@example.com' AND code_hash IS NOT NULL
    AND LOWER(HEX(code_hash)) <> '$plain'") == 1 ]] ||
    fail "the code's bare hash is there"

it "writes in the language that the browser prefers"
for language in de:Bestätige fr:Confirmez es:Confirma pt:Confirme sw:Thibitisha ja:Confirm; do
    tag=${language%%:*}
    call POST /api/register/ \
        "{\"email\":\"verify-$tag@example.com\",\"username\":\"verify-$tag\",\"password\":\"$password\"}" \
        --header "Accept-Language: $tag, en;q=0.1"
    expect_status 201
    wait_for_mail "verify-$tag@example.com" "${language#*:}" >/dev/null || fail "no mail in $tag came"
done

it "links to the configured address, whatever the request pretends"
pretend=(--header 'X-Forwarded-Host: evil.example' --header 'X-Forwarded-Proto: https'
    --header 'Forwarded: host=evil.example' --header 'X-Original-URL: https://evil.example/')
dan='{"email":"verify-dan@example.com","username":"verify-dan","password":"correct horse battery"}'
call POST /api/register/ "$dan" --header 'Host: evil.example' "${pretend[@]}"
expect_problem 421 misdirected_request
call POST /api/register/ "$dan" "${pretend[@]}"
expect_status 201
wait_until 20 has_mails verify-dan@example.com 1 || fail "no mail came"
[[ $(print_mails verify-dan@example.com | jq -r .link) == "http://localhost:$PORT/verify-email/#token="* ]] ||
    fail "the link is $(print_mails verify-dan@example.com | jq -r .link)"
print_mails verify-dan@example.com | finds evil && fail "the mail names evil.example"

finish
