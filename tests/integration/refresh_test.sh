#!/bin/bash
# Refreshing: racing, lost answers, theft, the ends of a session.
source "$(dirname "$0")/../lib.sh"

trade_token() { post /api/token/refresh/ "{\"refresh\":\"$1\"}"; }
read_counter() { cut -d. -f2 <<<"$1" | tr '_-' '/+' | base64 -d 2>/dev/null | jq .ctr; }
read_session() { cut -d. -f2 <<<"$1" | tr '_-' '/+' | base64 -d 2>/dev/null | jq -r .sid; }

is_seen_in_row() {
    [[ $(query "SELECT COALESCE(MAX(seen_counter), -1) FROM session_activity
        WHERE session_id = UNHEX(REPLACE('$1', '-', ''))") == "$2" ]]
}

# As if the last refresh had been that long ago.
age_session() {
    query "UPDATE sessions SET refreshed_at = refreshed_at - INTERVAL $2 SECOND
        WHERE id = UNHEX(REPLACE('$1', '-', ''))"
}

# The rules of rotation are those of a client that has used a rotated token (tests/process/rotation_test.sh has the
# others).
sign_in_rotating() {
    sign_in refresh-ann
    trade_token "$refresh"
    refresh=$(read_answer .refresh)
    trade_token "$refresh"
    refresh=$(read_answer .refresh)
}

knows_billing() {
    post /api/token/refresh/ "{\"refresh\":\"$refresh\",\"audience\":\"billing\"}" && [[ $status == 200 ]]
}

make_user refresh-ann

it "gives one generation to 64 callers at once, 200 times, and throws nobody out"
last=$(tests/tools/race_refresh.py "$PORT" "$refresh" 200 64 2>"$work/race.err") || fail "$(tail -n 1 "$work/race.err")"
trade_token "$last"
expect_status 200
[[ $(read_counter "$(read_answer .refresh)") == 201 ]] ||
    fail "it is generation $(read_counter "$(read_answer .refresh)")"
get_me "$(read_answer .access)"
expect_status 200

it "answers the parent again while nobody has used the child, however late"
sign_in_rotating
first=$refresh
trade_token "$first"
child=$(read_answer .access)
session=$(read_session "$first")
age_session "$session" 86400
trade_token "$first"
expect_status 200
[[ $(read_counter "$(read_answer .refresh)") == 3 ]] || fail "it is another child"

it "answers the parent for 10 s after the child was used, and then takes it for stolen"
get_me "$child"
expect_status 200
wait_until 10 is_seen_in_row "$session" 3 || fail "what was seen is not written"
age_session "$session" -86400
trade_token "$first"
expect_status 200
age_session "$session" 11
trade_token "$first"
expect_problem 401 session_ended
get_me "$child"
expect_problem 401 session_ended
[[ $(query "SELECT end_reason FROM sessions WHERE id = UNHEX(REPLACE('$session', '-', ''))") == token_reused ]] ||
    fail "the session goes on"
[[ $(query "SELECT COUNT(*) FROM audit_log WHERE action = 'authn_token_reuse' AND detail = '$session'") == 1 ]] ||
    fail "the audit log does not have it once"
wait_for_mail refresh-ann@example.com "signed out" >/dev/null || fail "nobody is told"
trade_token "$first"
expect_problem 401 session_ended
[[ $(query "SELECT COUNT(*) FROM audit_log WHERE action = 'authn_token_reuse' AND detail = '$session'") == 1 ]] ||
    fail "it is told twice"

it "takes a token from two steps behind for stolen at once"
sign_in refresh-ann
first=$refresh
trade_token "$first"
trade_token "$(read_answer .refresh)"
newest=$(read_answer .refresh)
trade_token "$first"
expect_problem 401 session_ended
trade_token "$newest"
expect_problem 401 session_ended

it "ends a session that was not used, and any session after its time"
sign_in refresh-ann
age_session "$(read_session "$refresh")" $((30 * 86400))
trade_token "$refresh"
expect_problem 401 session_ended
sign_in refresh-ann
query "UPDATE sessions SET expires_at = NOW(6) WHERE id = UNHEX(REPLACE('$(read_session "$refresh")', '-', ''))"
trade_token "$refresh"
expect_problem 401 session_ended

it "does not ask the database about a token that is forged or expired"
sign_in refresh-ann
for bad in "${refresh}x" "${refresh%.*}.AAAA" "$access" "a.b.c" "$(head -c 5000 /dev/zero | tr '\0' a)"; do
    trade_token "$bad"
    expect_problem 401 invalid_token
done
trade_token ""
expect_field /refresh too_short
call POST /api/token/refresh/ '{}'
expect_field /refresh required
call POST /api/token/refresh/ '{"refresh":1}'
expect_field /refresh wrong_type

it "keeps at most 50 sessions of a user, the newest"
make_user refresh-bob
oldest=$refresh
user=$(read_answer .user.id)
for _ in $(seq 50); do sign_in refresh-bob; done
[[ $(query "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL
    AND user_id = UNHEX(REPLACE('$user', '-', ''))") == 50 ]] ||
    fail "there are others"
trade_token "$oldest"
expect_problem 401 session_ended
trade_token "$refresh"
expect_status 200

it "mints for an outside audience what nobody else takes"
sign_in refresh-ann
post /api/token/refresh/ "{\"refresh\":\"$refresh\",\"audience\":\"billing\"}"
expect_problem 422 validation_failed
expect_field /audience invalid
run_ctl key add audiences/billing >/dev/null || fail "there is no new audience"
wait_until 10 knows_billing || fail "the workers do not follow"
outside=$(read_answer .access)
own=$(read_answer .refresh)
get_me "$outside"
expect_problem 401 invalid_token
call GET /auth/verify --header "Authorization: Bearer $outside"
expect_status 401
trade_token "$own"
expect_status 200
key=$(cat "$VAR"/keys/audiences/billing/*.key)
tests/tools/check_jwt.py "$outside" "$key" billing >/dev/null || fail "the service can't verify it"
tests/tools/check_jwt.py "$(read_answer .access)" "$key" csauth >/dev/null &&
    fail "our own token is signed with the service's key"

it "unverified_account_gets_no_token_for_a_service"
register refresh-new
first=$refresh
post /api/token/refresh/ "{\"refresh\":\"$first\",\"audience\":\"billing\"}"
expect_problem 403 email_unverified
trade_token "$first" # it has cost nothing
expect_status 200

finish
