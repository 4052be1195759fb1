#!/bin/bash
# Refreshing: racing, lost answers, theft, the ends of a session.
source "$(dirname "$0")/../lib.sh"

trade() { post /api/token/refresh/ "{\"refresh\":\"$1\"}"; }
counter() { cut -d. -f2 <<<"$1" | tr '_-' '/+' | base64 -d 2>/dev/null | jq .ctr; }
session_of() { cut -d. -f2 <<<"$1" | tr '_-' '/+' | base64 -d 2>/dev/null | jq -r .sid; }

seen_in_row() {
    [[ $(sql "SELECT COALESCE(MAX(seen_counter), -1) FROM session_activity
        WHERE session_id = UNHEX(REPLACE('$1', '-', ''))") == "$2" ]]
}

# As if the last refresh had been that long ago.
age() {
    sql "UPDATE sessions SET refreshed_at = refreshed_at - INTERVAL $2 SECOND WHERE id = UNHEX(REPLACE('$1', '-', ''))"
}

# The rules of rotation are those of a client that has used a rotated token (tests/process/rotation_test.sh has the
# others).
sign_in_rotating() {
    sign_in refresh-ann
    trade "$refresh"
    refresh=$(answer .refresh)
    trade "$refresh"
    refresh=$(answer .refresh)
}

knows_billing() {
    post /api/token/refresh/ "{\"refresh\":\"$refresh\",\"audience\":\"billing\"}" && [[ $status == 200 ]]
}

new_user refresh-ann

it "gives one generation to 64 callers at once, 200 times, and throws nobody out"
last=$(tests/tools/race_refresh.py "$PORT" "$refresh" 200 64 2>"$work/race.err") || fail "$(tail -n 1 "$work/race.err")"
trade "$last"
expect_status 200
[[ $(counter "$(answer .refresh)") == 201 ]] || fail "it is generation $(counter "$(answer .refresh)")"
me "$(answer .access)"
expect_status 200

it "answers the parent again while nobody has used the child, however late"
sign_in_rotating
first=$refresh
trade "$first"
child=$(answer .access)
session=$(session_of "$first")
age "$session" 86400
trade "$first"
expect_status 200
[[ $(counter "$(answer .refresh)") == 3 ]] || fail "it is another child"

it "answers the parent for 10 s after the child was used, and then takes it for stolen"
me "$child"
expect_status 200
wait_until 10 seen_in_row "$session" 3 || fail "what was seen is not written"
age "$session" -86400
trade "$first"
expect_status 200
age "$session" 11
trade "$first"
expect_problem 401 session_ended
me "$child"
expect_problem 401 session_ended
[[ $(sql "SELECT end_reason FROM sessions WHERE id = UNHEX(REPLACE('$session', '-', ''))") == token_reused ]] ||
    fail "the session goes on"
[[ $(sql "SELECT COUNT(*) FROM audit_log WHERE action = 'authn_token_reuse' AND detail = '$session'") == 1 ]] ||
    fail "the audit log does not have it once"
mail_about refresh-ann@example.com "signed out" >/dev/null || fail "nobody is told"
trade "$first"
expect_problem 401 session_ended
[[ $(sql "SELECT COUNT(*) FROM audit_log WHERE action = 'authn_token_reuse' AND detail = '$session'") == 1 ]] ||
    fail "it is told twice"

it "takes a token from two steps behind for stolen at once"
sign_in refresh-ann
first=$refresh
trade "$first"
trade "$(answer .refresh)"
newest=$(answer .refresh)
trade "$first"
expect_problem 401 session_ended
trade "$newest"
expect_problem 401 session_ended

it "ends a session that was not used, and any session after its time"
sign_in refresh-ann
age "$(session_of "$refresh")" $((30 * 86400))
trade "$refresh"
expect_problem 401 session_ended
sign_in refresh-ann
sql "UPDATE sessions SET expires_at = NOW(6) WHERE id = UNHEX(REPLACE('$(session_of "$refresh")', '-', ''))"
trade "$refresh"
expect_problem 401 session_ended

it "does not ask the database about a token that is forged or expired"
sign_in refresh-ann
for bad in "${refresh}x" "${refresh%.*}.AAAA" "$access" "a.b.c" "$(head -c 5000 /dev/zero | tr '\0' a)"; do
    trade "$bad"
    expect_problem 401 invalid_token
done
trade ""
expect_field /refresh too_short
call POST /api/token/refresh/ '{}'
expect_field /refresh required
call POST /api/token/refresh/ '{"refresh":1}'
expect_field /refresh wrong_type

it "keeps at most 50 sessions of a user, the newest"
new_user refresh-bob
oldest=$refresh
user=$(answer .user.id)
for _ in $(seq 50); do sign_in refresh-bob; done
[[ $(sql "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL
    AND user_id = UNHEX(REPLACE('$user', '-', ''))") == 50 ]] ||
    fail "there are others"
trade "$oldest"
expect_problem 401 session_ended
trade "$refresh"
expect_status 200

it "mints for an outside audience what nobody else takes"
sign_in refresh-ann
post /api/token/refresh/ "{\"refresh\":\"$refresh\",\"audience\":\"billing\"}"
expect_problem 422 validation_failed
expect_field /audience invalid
ctl key add audiences/billing >/dev/null || fail "there is no new audience"
wait_until 10 knows_billing || fail "the workers do not follow"
outside=$(answer .access)
own=$(answer .refresh)
me "$outside"
expect_problem 401 invalid_token
call GET /auth/verify --header "Authorization: Bearer $outside"
expect_status 401
trade "$own"
expect_status 200
key=$(cat "$VAR"/keys/audiences/billing/*.key)
tests/tools/check_jwt.py "$outside" "$key" billing >/dev/null || fail "the service can't verify it"
tests/tools/check_jwt.py "$(answer .access)" "$key" csauth >/dev/null &&
    fail "our own token is signed with the service's key"

it "unverified_account_gets_no_token_for_a_service"
register refresh-new
first=$refresh
post /api/token/refresh/ "{\"refresh\":\"$first\",\"audience\":\"billing\"}"
expect_problem 403 email_unverified
trade "$first" # it has cost nothing
expect_status 200

finish
