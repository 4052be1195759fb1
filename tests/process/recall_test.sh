#!/bin/bash
# Tokens that are recalled: at once on this node, soon on another, and through whatever dies in between.
source "$(dirname "$0")/../lib.sh"

verify() { call GET /auth/verify --header "Authorization: Bearer ${1-$access}"; }
read_metric() { call GET /metrics && awk -v name="$1" '$1 == name { print $2 }' "$work/body"; }

# count_queries COMMAND…: runs it with every statement logged, and prints how many the workers have sent.
count_queries() {
    query "SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = ON"
    "$@"
    query "SET GLOBAL general_log = OFF"
    # is_elsewhere is only asked while the keeper, which sleeps here, does not say that this node is alone.
    query "SELECT COUNT(*) FROM mysql.general_log WHERE command_type IN ('Execute', 'Query')
        AND argument NOT LIKE '%general_log%' AND argument NOT LIKE '%recalls%' AND argument NOT LIKE '%is_elsewhere%'"
}

repeat() {
    for _ in $(seq 100); do
        "$@"
        [[ $status == 200 || $status == 204 ]] || fail "one of many gave $status"
    done
}

signal_others() { for role in mailer keeper stream; do kill "-$1" "$(list_pids "$role")"; done; }

restart_csauthd() {
    kill "-$1" "$CSAUTH_PID"
    wait_until 40 process_is_gone "$CSAUTH_PID"
    CSAUTH_CONFIG=$VAR/csauth.ini CSAUTH_LIMITS_ENABLED=off setsid "$BUILD/csauthd" >>"$work/csauthd.out" 2>&1 &
    remember "$(find_run_dir)/csauthd.process" $!
    wait_until 40 is_ready || fail "it does not start again: $(tail -n 1 "$work/csauthd.out")"
    CSAUTH_PID=$(cat "$(find_run_dir)/csauthd.pid")
}

is_ready() {
    [[ -s $(find_run_dir)/csauthd.pid && $(cat "$(find_run_dir)/csauthd.pid") != "$CSAUTH_PID" ]] && call GET /readyz &&
        [[ $status == 200 ]]
}

is_filled() { [[ $(read_metric csauth_recall_board_age_seconds) == 0* ]]; }

# A client that has used a rotated token: what it does with the first one is another matter (rotation_test.sh).
sign_in_rotating() {
    sign_in recall-ann
    for _ in 1 2; do
        post /api/token/refresh/ "{\"refresh\":\"$refresh\"}"
        refresh=$(read_answer .refresh)
    done
}

read_row_counter() { query "SELECT counter FROM sessions WHERE id = UNHEX(REPLACE('$session', '-', ''))"; }
is_traced() { ! grep -q '^TracerPid:[[:space:]]*0$' "/proc/${workers[0]}/status"; }
call_other_node() { tests/tools/fcgi_get.py "$other/$1.sock" "$2" "$3" "${@:4}" 2>/dev/null; }
is_other_ready() { [[ $(call_other_node api /readyz x) == 200 ]]; }

is_seen_by_both() {
    [[ $(query "SELECT MAX(seen_counter) FROM session_activity
        WHERE session_id = UNHEX(REPLACE('$session', '-', ''))") == 3 ]]
}

is_stale() { [[ $(read_metric csauth_recall_board_age_seconds | cut -d. -f1) -ge 6 ]]; }
is_fresh() { [[ $(read_metric csauth_recall_board_age_seconds) == 0* ]]; }
is_follower_replaced() { log_has '"event":"reloaded"' && is_one_and_not follower "$stopped"; }
would_end() { run_ctl session revoke --dry-run "${@:2}" | finds "^$1 sessions would end"; }

start_own_stack recall CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=4 CSAUTH_SERVER_EDGE_WORKERS=2
kill -STOP "$(read_pid "$(find_run_dir)/supervisor.process")"
make_user recall-ann

it "checks a token without a query, and shows one's account with one"
# The recalls of registering must no longer concern the token, like a minute later.
query "DELETE FROM recalls"
CSAUTH_PID=$(cat "$(find_run_dir)/csauthd.pid")
restart_csauthd TERM
wait_until 20 is_filled || fail "the board is not filled"
repeat get_me      # every worker has its connection now, and its statements prepared
repeat verify
signal_others STOP
queries=$(count_queries repeat verify)
[[ $queries == 0 ]] ||
    fail "100 checks took $queries queries: $(query "SELECT DISTINCT argument FROM mysql.general_log
        WHERE command_type = 'Execute' LIMIT 3")"
queries=$(count_queries repeat get_me)
[[ $queries == 100 ]] ||
    fail "showing one's account 100 times took $queries queries: $(query "SELECT argument, COUNT(*)
        FROM mysql.general_log WHERE command_type = 'Execute' GROUP BY 1 LIMIT 5")"
signal_others CONT

it "refuses on the very next request, on every worker"
for _ in $(seq 20); do
    sign_in recall-ann
    post /api/logout/ '{}' "$access"
    for _ in 1 2 3; do
        get_me
        expect_problem 401 session_ended
        verify
        expect_status 401
    done
done

it "refuses after everything was killed and started anew"
sign_in recall-ann
kept=$access
sign_in recall-ann
post /api/logout/ '{}' "$access"
restart_csauthd KILL
get_me
expect_problem 401 session_ended
verify
expect_status 401
verify "$kept"
expect_status 204
get_me "$kept"
expect_status 200

it "answers a retry when a worker is killed between the commit and the answer"
# One worker serves, and has answered such a request before: UBSan, too, writes when it meets a type for the first time.
mapfile -t workers < <(list_pids api)
kill -STOP "${workers[@]:1}"
sign_in_rotating
post /api/token/refresh/ "{\"refresh\":\"$refresh\"}"
expect_status 200
sign_in_rotating
first=$refresh
session=$(cut -d. -f2 <<<"$first" | tr '_-' '/+' | base64 -d 2>/dev/null | jq -r .sid)
# A worker writes nothing but its answer, with the step committed before that: strace kills it there.
strace -qq -o /dev/null -e trace=write -e inject=write:signal=KILL:when=1 -p "${workers[0]}" 2>/dev/null &
tracer=$!
wait_until 20 is_traced || fail "strace does not come in"
curl --silent --output "$work/lost" --write-out '%{http_code}' "$base/api/token/refresh/" \
    -H 'Content-Type: application/json' -d "{\"refresh\":\"$first\"}" >"$work/lost.status"
kill "$tracer" 2>/dev/null
wait "$tracer"
kill -CONT "${workers[@]:1}"
[[ $(read_row_counter) == 3 ]] || fail "the step is not taken"
[[ $(cat "$work/lost.status") == 503 ]] || fail "the lost request got $(cat "$work/lost.status")"
post /api/token/refresh/ "{\"refresh\":\"$first\"}"
expect_status 200
[[ $(read_row_counter) == 3 ]] || fail "the retry took a step of its own"
get_me "$(read_answer .access)"
expect_status 200

it "hears of another node within a second"
other=$work/other
mkdir -p "$other"
sed "s,^run_dir = .*,run_dir = $other," "$VAR/csauth.ini" >"$work/other.ini"
CSAUTH_CONFIG=$work/other.ini CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_NODE_NAME=other CSAUTH_LOG_FILE=$work/other.log \
    setsid "$BUILD/csauthd" >"$work/other.out" 2>&1 &
remember "$work/other.process" $!
trap 'end_process "$work/other.process" TERM 30; stop_own_stacks' EXIT
wait_until 30 is_other_ready || fail "the other node does not start: $(cat "$work/other.out")"
slowest=0
for _ in $(seq 10); do
    sign_in recall-ann
    [[ $(call_other_node edge /auth/verify "$access") == 204 ]] || fail "the other node does not know the session"
    post /api/logout/ '{}' "$access"
    took=$(call_other_node edge /auth/verify "$access" 401)
    [[ $took =~ ^[0-9]+$ ]] || fail "it is $took"
    ((took > slowest)) && slowest=$took
done
echo "a recall reached the other node in at most $slowest ms"
# What was used there confirms a step that was taken here.
sign_in_rotating
first=$refresh
post /api/token/refresh/ "{\"refresh\":\"$first\"}"
session=$(cut -d. -f2 <<<"$first" | tr '_-' '/+' | base64 -d 2>/dev/null | jq -r .sid)
[[ $(call_other_node api /api/me "$(read_answer .access)") == 200 ]] || fail "the other node does not take the token"
wait_until 10 is_seen_by_both || fail "what the other node has seen is not written"
query "UPDATE sessions SET refreshed_at = refreshed_at - INTERVAL 11 SECOND
    WHERE id = UNHEX(REPLACE('$session', '-', ''))"
post /api/token/refresh/ "{\"refresh\":\"$first\"}"
expect_problem 401 session_ended
end_process "$work/other.process" TERM 30

it "asks the database when it has not heard for long, and the configuration when that is away"
sign_in recall-ann
stopped=$(list_pids follower)
kill -STOP "$stopped"
wait_until 30 is_stale || fail "the board does not age"
before=$(read_metric csauth_tokens_believed_unchecked_total)
verify
expect_status 204
[[ $(read_metric csauth_tokens_believed_unchecked_total) == "$before" ]] || fail "it believed without asking"
db=$(read_pid "$(find_run_dir)/db.process")
kill -STOP "$db"
verify
expect_status 204
[[ $(read_metric csauth_tokens_believed_unchecked_total) -gt $before ]] || fail "nothing counts it"
log_has '"event":"tokens_believed_unchecked"' || fail "the log does not say so"
kill -CONT "$db"
kill -CONT "$stopped"
wait_until 20 is_fresh || fail "the board does not catch up"
sed -i 's/^\[mail\]$/[tokens]\non_stale = refuse\n\n[mail]/' "$VAR/csauth.ini"
kill -HUP "$CSAUTH_PID"
wait_until 30 is_follower_replaced || fail "it did not reload"
stopped=$(list_pids follower)
kill -STOP "$stopped"
wait_until 30 is_stale || fail "the board does not age"
verify
expect_status 204
kill -STOP "$db"
verify
expect_status 403
expect_header X-Auth-Reason '^unavailable$'
kill -CONT "$db"
kill -CONT "$stopped"
wait_until 20 is_fresh

it "revokes sessions by user, role, address and age, or says how many that would be"
make_user recall-bob
bob=$access
sign_in recall-ann
query "INSERT INTO user_roles (user_id, role_name, granted_at) SELECT id, 'moderator', UTC_TIMESTAMP(6) FROM users
    WHERE username = 'recall-bob'"
would_end 2 --role moderator || fail "by role: $(run_ctl session revoke --dry-run --role moderator)"
would_end 0 --role moderator --address 192.0.2.0/24 ||
    fail "by address: $(run_ctl session revoke --dry-run --role moderator --address 192.0.2.0/24)"
would_end 2 --user recall-bob --address 127.0.0.0/8 ||
    fail "by address: $(run_ctl session revoke --dry-run --user recall-bob --address 127.0.0.0/8)"
would_end 0 --older-than 1h || fail "by age: $(run_ctl session revoke --dry-run --older-than 1h)"
run_ctl session revoke >/dev/null 2>&1 && fail "it would revoke without a word of which"
run_ctl session revoke --user recall-bob </dev/null >/dev/null 2>&1 && fail "it does not ask"
run_ctl session revoke --yes --user nobody@example.com >/dev/null 2>&1 && fail "nobody is somebody"
run_ctl session revoke --yes --address nonsense >/dev/null 2>&1 && fail "nonsense is an address"
run_ctl mail list --dry-run >/dev/null 2>&1 && fail "mail list takes what it does not know"
[[ $(run_ctl --json session list --user recall-bob | jq 'length == 2 and .[0].username == "recall-bob"
    and .[0].client == "curl"') == true ]] ||
    fail "the list is another"
run_ctl --yes session revoke --role moderator | finds '^2 sessions have ended' || fail "it ended others"
wait_until 5 is_signed_out "$bob" || fail "the session goes on"
get_me
expect_status 200
[[ $(query "SELECT COUNT(*) FROM audit_log WHERE action = 'authn_session_revoked'") == 2 ]] ||
    fail "the audit log does not have it"

it "refuses every token from before when everyone is recalled"
sign_in recall-ann
link=$(
    post /api/password/forgot/ '{"email":"recall-ann@example.com"}'
    wait_for_mail recall-ann@example.com password | read_token
)
register recall-new
new=$access
new_link=$(wait_for_mail_token recall-new@example.com)
new_code=$(print_mails recall-new@example.com | jq -r .text | grep -oE '^[A-Z2-9]{4}-[A-Z2-9]{4}')
sign_in recall-ann
run_ctl recall-all </dev/null >/dev/null 2>&1 && fail "it does not ask"
run_ctl --yes recall-all >"$work/out" || fail "it can't: $(cat "$work/out")"
wait_until 5 is_signed_out || fail "the token is good: $status"
post /api/token/refresh/ "{\"refresh\":\"$refresh\"}"
expect_problem 401 session_ended
post /api/password/reset/ "{\"token\":\"$link\",\"new_password\":\"another horse battery\"}"
expect_problem 400 one_time_token_invalid
post /api/verify-email/ "{\"token\":\"$new_link\",\"password\":\"$password\"}"
expect_problem 400 one_time_token_invalid
post /api/verify-email/ "{\"code\":\"$new_code\",\"email\":\"recall-new@example.com\",\"password\":\"$password\"}"
expect_problem 400 one_time_token_invalid
wait_until 5 is_signed_out "$new" || fail "the new account's token is good: $status"
sign_in recall-ann
get_me
expect_status 200

finish
