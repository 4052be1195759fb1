#!/bin/bash
# Signing out: of this session, of the others, and of all.
source "$(dirname "$0")/../lib.sh"

is_gone() {
    [[ $(query "SELECT COUNT(*) FROM presence p JOIN users u ON u.id = p.user_id
        WHERE u.username = 'logout-ann'") == 0 ]]
}

make_user logout-ann
phone=$access
sign_in logout-ann
laptop=$access
laptop_refresh=$refresh

it "ends this session alone, and its refresh token with it"
call POST /api/logout/ "{\"refresh\":\"$laptop_refresh\"}" --header "Authorization: Bearer $laptop"
expect_status 204
[[ ! -s $work/body ]] || fail "204 has a body"
get_me "$laptop"
expect_problem 401 session_ended
call POST /api/token/refresh/ "{\"refresh\":\"$laptop_refresh\"}"
expect_problem 401 session_ended
get_me "$phone"
expect_status 200

it "detaches the push token"
call POST /api/login/ "{\"email\":\"logout-ann@example.com\",\"password\":\"$password\",
    \"device_token\":\"logout-push\"}"
access=$(read_answer .tokens.access)
call POST /api/logout/ --header "Authorization: Bearer $access"
[[ $(query "SELECT COUNT(*) FROM devices WHERE push_token = 'logout-push'") == 0 ]] ||
    fail "the push token is still there"

it "ends the others"
sign_in logout-ann
call POST '/api/logout/?scope=others' --header "Authorization: Bearer $access"
expect_status 204
get_me "$phone"
expect_problem 401 session_ended
get_me
expect_status 200
expect_json .is_online

it "ends all"
other=$access
sign_in logout-ann
call POST '/api/logout/?scope=all' --header "Authorization: Bearer $access"
expect_status 204
for token in "$other" "$access"; do
    get_me "$token"
    expect_problem 401 session_ended
done
wait_until 10 is_gone || fail "a device is still online"

it "refuses what it does not understand, and nothing ends"
sign_in logout-ann
call POST '/api/logout/?scope=everybody' --header "Authorization: Bearer $access"
expect_problem 400 bad_request
call POST '/api/logout/?scope=all&scope=this' --header "Authorization: Bearer $access"
expect_problem 400 bad_request
call POST '/api/logout/?scope=%zz' --header "Authorization: Bearer $access"
expect_problem 400 bad_request
call POST /api/logout/ '{"refresh":5}' --header "Authorization: Bearer $access"
expect_problem 422 validation_failed
call POST /api/logout/ '{' --header "Authorization: Bearer $access"
expect_problem 400 malformed_json
call POST /api/logout/
expect_problem 401 authentication_required
get_me
expect_status 200

finish
