#!/bin/bash
# What services learn of tokens: introspection with a client secret, and the claims of /api/token/verify/.
source "$(dirname "$0")/../lib.sh"

# get_outside_token AUDIENCE: a token for it in $access.
get_outside_token() {
    post /api/token/refresh/ "{\"refresh\":\"$refresh\",\"audience\":\"$1\"}"
    refresh=$(read_answer .refresh)
    access=$(read_answer .access)
}

knows_audience() { post /api/token/refresh/ "{\"refresh\":\"$refresh\",\"audience\":\"$1\"}" && [[ $status == 200 ]]; }

# introspect TOKEN [USER:SECRET [curl arguments…]]
introspect() { call POST /oauth/introspect --user "${2-ledger:$secret}" --data-urlencode "token=$1" "${@:3}"; }

expect_oauth() {
    expect_status "$1"
    expect_json ".error == \"$2\" and (.error_description | length) > 0"
    expect_header Content-Type '^application/json'
    expect_header X-Request-ID '^[0-9a-f]{32}$'
}

has_role() { introspect "$access" && [[ $(read_answer '.scope') == can_moderate ]]; }

for name in ledger printer; do run_ctl key add "audiences/$name" >/dev/null || fail "there is no audience $name"; done
secret=$(run_ctl key show audiences/ledger --client-secret | cut -d' ' -f2)
make_user introspect-ann

for name in ledger printer; do wait_until 10 knows_audience "$name" || fail "the workers do not follow"; done
sign_in introspect-ann

it "service_learns_of_a_token_that_is_its_own"
get_outside_token ledger
introspect "$access"
expect_status 200
expect_json '.active and .username == "introspect-ann" and .aud == "ledger" and .iss == "csauth"
    and .token_type == "Bearer"'
expect_json '.email_verified and .exp > .iat and (.scope | type) == "string" and (.roles | type) == "array"
    and .sub == .user_id'
expect_header Cache-Control no-store
call POST /oauth/introspect/ --user "ledger:$secret" --data-urlencode "token=$access" \
    --data token_type_hint=access_token
expect_json .active

it "service_learns_nothing_of_other_tokens"
own=$access
get_outside_token printer
for token in "$access" "$refresh" nonsense "${own}x"; do
    introspect "$token"
    expect_status 200
    [[ $(cat "$work/body") == '{"active":false}' ]] || fail "it says $(cat "$work/body")"
done
sign_in introspect-ann
introspect "$access"
expect_json '.active == false'

it "ended_session_is_inactive_at_once"
sign_in introspect-ann
mine=$access
get_outside_token ledger
introspect "$access"
expect_json .active
post /api/logout/ '{}' "$mine"
introspect "$access"
expect_json '.active == false'

it "roles_are_those_of_the_moment"
sign_in introspect-ann
get_outside_token ledger
run_ctl role add introspect-role --allow can_moderate >/dev/null || fail "there is no role"
run_ctl role grant introspect-ann introspect-role >/dev/null || fail "it is not given"
wait_until 10 has_role || fail "the role does not appear"
expect_json '.roles | index("introspect-role") != null'

it "caller_without_the_secret_learns_nothing"
other=$(run_ctl key show audiences/printer --client-secret | cut -d' ' -f2)
key=$(cat "$VAR"/keys/audiences/ledger/*.key)
for credentials in "ledger:" "ledger:$other" "ledger:$key" "printer:$secret" ":$secret" "nobody:$secret"; do
    introspect "$access" "$credentials"
    expect_oauth 401 invalid_client
    expect_header WWW-Authenticate '^Basic '
done
call POST /oauth/introspect --data-urlencode "token=$access"
expect_oauth 401 invalid_client
call POST /oauth/introspect --data-urlencode "token=$access" --header "Authorization: Bearer $secret"
expect_oauth 401 invalid_client

it "malformed_question_is_an_invalid_request"
call POST /oauth/introspect --user "ledger:$secret" --data 'token='
expect_oauth 400 invalid_request
call POST /oauth/introspect --user "ledger:$secret" --data 'token=a&token=b'
expect_oauth 400 invalid_request
call POST /oauth/introspect '{"token":"x"}' --user "ledger:$secret"
expect_oauth 415 invalid_request
call GET /oauth/introspect --user "ledger:$secret"
expect_oauth 405 invalid_request
expect_header Allow '^POST$'
call GET /oauth/nothing
expect_oauth 404 invalid_request

it "verify_gives_the_claims_on_request"
post /api/token/verify/ "{\"token\":\"$access\",\"claims\":true}"
expect_status 200
expect_json '.claims | .aud == "ledger" and .username == "introspect-ann" and .token_type == "access" and .exp > .iat'
post /api/token/verify/ "{\"token\":\"$refresh\",\"claims\":true}"
expect_json '.claims | .token_type == "refresh" and (.exp | type) == "number" and (has("username") | not)'
post /api/token/verify/ "{\"token\":\"$access\"}"
[[ $(cat "$work/body") == '{}' ]] || fail "it says $(cat "$work/body")"
post /api/token/verify/ "{\"token\":\"$access\",\"claims\":1}"
expect_field /claims wrong_type
post /api/token/verify/ "{\"token\":\"${access}x\",\"claims\":true}"
expect_problem 401 invalid_token

finish
