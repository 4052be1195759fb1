#!/bin/bash
# Another address for an account, and taking that back.
source "$(dirname "$0")/../lib.sh"

# ask_change TOKEN NEW [PASSWORD]; the wait between two changes is taken out of the way.
ask_change() {
    query "UPDATE one_time_tokens SET created_at = created_at - INTERVAL 3 MINUTE WHERE purpose = 'change_email'"
    post /api/email/change/ "{\"new_email\":\"$2\",\"password\":\"${3-$password}\"}" "$1"
}
confirm() { post /api/email/confirm/ "{\"token\":\"$1\"}" "${2-}"; }
revert() { post /api/email/revert/ "{\"token\":\"$1\"}"; }
wait_for_change_token() { wait_for_mail "$1" "Confirm your new address" "${2-1}" | read_token; }
wait_for_revert_token() { wait_for_mail "$1" "address of your account" "${2-1}" | read_token; }

make_user ec-ann
ann=$access
make_user ec-bob
bob=$access

it "takes the account and the new mailbox"
ask_change "$ann" ec-ann@example.org
expect_status 202
same=$(read_answer .)
get_me "$ann"
expect_json '.email == "ec-ann@example.com"'
token=$(wait_for_change_token ec-ann@example.org)
confirm "$token"
expect_problem 401 authentication_required
confirm "$token" "$bob"
expect_problem 403 permission_denied
post /api/email/confirm/ "{\"token\":\"$token\",\"password\":\"not the password\"}"
expect_problem 401 invalid_credentials
call GET "/confirm-email/?token=$token"
expect_status 200
get_me "$ann"
expect_json '.email == "ec-ann@example.com"'
confirm "$token" "$ann"
expect_status 200
confirm "$token" "$ann"
expect_status 200
get_me "$ann"
expect_json '.email == "ec-ann@example.org" and .is_verified'
post /api/login/ "{\"email\":\"ec-ann@example.com\",\"password\":\"$password\"}"
expect_problem 401 invalid_credentials
post /api/login/ "{\"email\":\"ec-ann@example.org\",\"password\":\"$password\"}"
expect_status 200

it "tells the former address, which nobody else gets for 72 hours"
revert=$(wait_for_revert_token ec-ann@example.com)
[[ -n $revert ]] || fail "no mail came to the former address"
call POST /api/register/ '{"email":"ec-ann@example.com","username":"ec-thief","password":"correct horse battery"}'
expect_problem 409 email_taken
ask_change "$bob" ec-ann@example.com
expect_status 202
[[ $(read_answer .) == "$same" ]] || fail "the answer for a taken address differs"

it "says nothing of a taken address but to its owner"
ask_change "$bob" EC-ANN@example.org
expect_status 202
[[ $(read_answer .) == "$same" ]] || fail "the answer for a taken address differs"
wait_for_mail ec-ann@example.org "already have an account" >/dev/null || fail "the owner was not told"
[[ $(print_mails EC-ANN@example.org | wc -l) == 0 ]] || fail "a token went to a taken address"

it "refuses a wrong password, its own address, and haste"
ask_change "$bob" ec-bob@example.org "not the password"
expect_problem 422 validation_failed
expect_field /password incorrect
ask_change "$bob" EC-BOB@example.com
expect_field /new_email invalid
ask_change "$bob" "ec-bob@example.org, ec-eve@example.org"
expect_field /new_email invalid
ask_change "$bob" ec-bob@example.org
expect_status 202
post /api/email/change/ "{\"new_email\":\"ec-bob@example.net\",\"password\":\"$password\"}" "$bob"
expect_problem 429 too_many_requests
(($(read_header Retry-After) > 100 && $(read_header Retry-After) <= 180)) ||
    fail "Retry-After is $(read_header Retry-After)"
post /api/email/change/ "{\"new_email\":\"ec-bob@example.org\",\"password\":\"$password\"}"
expect_problem 401 authentication_required

it "lets an older link die when a newer one is sent, and all when the password changes"
older=$(wait_for_change_token ec-bob@example.org)
ask_change "$bob" ec-bob@example.net
expect_status 202
newer=$(wait_for_change_token ec-bob@example.net)
confirm "$older" "$bob"
expect_problem 400 link_superseded
expect_json '.detail == "A newer mail was sent: use the link in that one."'
post /api/password/change/ '{"current_password":"correct horse battery","new_password":"seventeen purple boats"}' "$bob"
expect_status 204
confirm "$newer" "$bob"
expect_problem 400 one_time_token_invalid
get_me "$bob"
expect_json '.email == "ec-bob@example.com"'

it "restores the former address for whoever has its mailbox, and throws everybody out"
confirm "$revert" "$ann"
expect_problem 400 one_time_token_invalid
revert "$token"
expect_problem 400 one_time_token_invalid
post /api/password/change/ '{"current_password":"correct horse battery","new_password":"the thief has this"}' "$ann"
expect_status 204
seq 64 | xargs -P 32 -I @@ curl --silent --output /dev/null --write-out '%{http_code}\n' "$base/api/email/revert/" \
    --json "{\"token\":\"$revert\"}" >"$work/codes"
[[ $(grep -c 200 "$work/codes") == 1 && $(grep -c 400 "$work/codes") == 63 ]] ||
    fail "codes: $(sort "$work/codes" | uniq -c | xargs)"
get_me "$ann"
expect_problem 401 session_ended
for secret in "the thief has this" "$password" '!'; do
    post /api/login/ "{\"email\":\"ec-ann@example.com\",\"password\":\"$secret\"}"
    expect_problem 401 invalid_credentials
done
post /api/login/ '{"email":"ec-ann@example.org","password":"the thief has this"}'
expect_problem 401 invalid_credentials
token=$(wait_for_mail ec-ann@example.com "new password" | read_token)
post /api/password/reset/ "{\"token\":\"$token\",\"new_password\":\"back in my hands\"}"
expect_status 204
sign_in ec-ann "back in my hands"
expect_status 200
ann=$access

it "lets the first address take back two changes, and the second one none behind it"
ask_change "$ann" ec-two@example.org "back in my hands"
confirm "$(wait_for_change_token ec-two@example.org)" "$ann"
expect_status 200
to_first=$(wait_for_revert_token ec-ann@example.com 2)
ask_change "$ann" ec-three@example.org "back in my hands"
confirm "$(wait_for_change_token ec-three@example.org)" "$ann"
expect_status 200
to_second=$(wait_for_revert_token ec-two@example.org)
revert "$to_first"
expect_status 200
revert "$to_second"
expect_problem 400 one_time_token_invalid
revert "$to_first"
expect_problem 400 one_time_token_invalid
[[ $(query "SELECT email FROM users WHERE username = 'ec-ann'") == ec-ann@example.com ]] ||
    fail "the address is another"

it "lets one of two who want the same address have it"
make_user ec-cat
cat=$access
make_user ec-dan
dan=$access
ask_change "$cat" ec-wanted@example.org
ask_change "$dan" EC-wanted@example.org
confirm "$(wait_for_change_token ec-wanted@example.org)" "$cat"
expect_status 200
confirm "$(wait_for_change_token EC-wanted@example.org)" "$dan"
expect_problem 409 email_taken

it "gives an address that was never confirmed no right to take it back"
register ec-typo
ask_change "$access" ec-right@example.org
confirm "$(wait_for_change_token ec-right@example.org)" "$access"
expect_status 200
get_me
expect_json '.email == "ec-right@example.org" and .is_verified'
call POST /api/register/ '{"email":"ec-typo@example.com","username":"ec-typo-owner","password":"correct horse battery"}'
expect_status 201

finish
