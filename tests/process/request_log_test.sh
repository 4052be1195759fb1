#!/bin/bash
# The line of a request in csauthd's log says why it was refused, by csauthd or by nginx.
source "$(dirname "$0")/../lib.sh"

# find_line ID: the log's last line of that request.
find_line() { grep "\"event\":\"request\",\"request_id\":\"$1\"" "$VAR/log/csauthd.log" | tail -n 1; }

has_line() { [[ -n $(find_line "$1") ]]; }

# expect_line CODE: the line of the request that was just answered has this code, and its status.
expect_line() {
    local id line
    id=$(read_header X-Request-ID)
    wait_until 10 has_line "$id" || { fail "the log has no line of $id"; return; }
    line=$(find_line "$id")
    [[ $(jq -r .code <<<"$line") == "$1" ]] || fail "the code is not $1 in: $line"
    [[ $(jq -r .ip <<<"$line") == 127.0.0.1 ]] || fail "the address is missing in: $line"
}

start_own_stack request_log CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=1 CSAUTH_SERVER_STREAMS=1
make_user log-ann

it "success_has_an_empty_code"
get_me
expect_status 200
expect_line ""

it "refusal_of_each_pool_has_its_code"
call POST /api/login/ '{"email":"log-ann@example.com","password":"not this one, sorry"}'
expect_line invalid_credentials
call POST /api/login/ '{}'
expect_line validation_failed
get_me forged
expect_line invalid_token
call GET /api/nothing/
expect_line not_found
call DELETE /api/login/
expect_line method_not_allowed
call GET /api/users/ --header "Authorization: Bearer $access"
expect_line permission_denied

it "request_that_cannot_be_read_has_its_code"
call GET '/api/%2e/me/'
expect_status 400
expect_line bad_request

it "check_and_forward_have_their_code"
call GET /auth/verify
expect_status 401
expect_line authentication_required
call GET /auth/forward/any --header 'X-Forwarded-Method: GET'
expect_line authentication_required

it "stream_that_is_refused_has_its_code"
call GET /api/presence/stream --header "Authorization: Bearer forged"
expect_line invalid_token
curl --silent --no-buffer --header "Authorization: Bearer $access" "$base/api/presence/stream" \
    >"$work/stream" 2>/dev/null &
stream=$!
stream_says stream 'event:'
call GET /api/presence/stream --header "Authorization: Bearer $access"
expect_status 503
expect_line service_unavailable
kill "$stream"

finish
