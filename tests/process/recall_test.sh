#!/bin/bash
# Tokens that are recalled: at once on this node, soon on another, and through whatever dies in between.
source "$(dirname "$0")/../lib.sh"

verify() { call GET /auth/verify --header "Authorization: Bearer ${1-$access}"; }
metric() { call GET /metrics && awk -v name="$1" '$1 == name { print $2 }' "$work/body"; }

# counted COMMAND…: runs it with every statement logged, and prints how many the workers have sent.
counted() {
    sql "SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = ON"
    "$@"
    sql "SET GLOBAL general_log = OFF"
    sql "SELECT COUNT(*) FROM mysql.general_log WHERE command_type IN ('Execute', 'Query') AND argument NOT LIKE '%general_log%' AND argument NOT LIKE '%recalls%'
        AND argument NOT LIKE '%is_elsewhere%'" # asked only while the keeper, who sleeps here, does not say that this node is alone
}

many() {
    for _ in $(seq 100); do
        "$@"
        [[ $status == 200 || $status == 204 ]] || fail "one of many gave $status"
    done
}

sleep_of_others() { for role in mailer keeper stream; do kill "-$1" "$(pids "$role")"; done; }

restart() {
    kill "-$1" "$CSAUTH_PID"
    wait_until 40 process_is_gone "$CSAUTH_PID"
    CSAUTH_CONFIG=$VAR/csauth.ini CSAUTH_LIMITS_ENABLED=off setsid "$BUILD/csauthd" >>"$work/csauthd.out" 2>&1 &
    remember "$(run_dir)/csauthd.process" $!
    ready() {
        [[ -s $(run_dir)/csauthd.pid && $(cat "$(run_dir)/csauthd.pid") != "$CSAUTH_PID" ]] && call GET /readyz &&
            [[ $status == 200 ]]
    }
    wait_until 40 ready || fail "it does not start again: $(tail -n 1 "$work/csauthd.out")"
    CSAUTH_PID=$(cat "$(run_dir)/csauthd.pid")
}

filled() { [[ $(metric csauth_recall_board_age_seconds) == 0* ]]; }

# A client that has used a rotated token: what it does with the first one is another matter (rotation_test.sh).
sign_in_rotating() {
    sign_in recall-ann
    for _ in 1 2; do
        post /api/token/refresh/ "{\"refresh\":\"$refresh\"}"
        refresh=$(answer .refresh)
    done
}

in_row() { sql "SELECT counter FROM sessions WHERE id = UNHEX(REPLACE('$session', '-', ''))"; }
is_traced() { ! grep -q '^TracerPid:[[:space:]]*0$' "/proc/${workers[0]}/status"; }
there() { tests/tools/fcgi_get.py "$other/$1.sock" "$2" "$3" "${@:4}" 2>/dev/null; }
other_ready() { [[ $(there api /readyz x) == 200 ]]; }

seen_by_both() {
    [[ $(sql "SELECT MAX(seen_counter) FROM session_activity
        WHERE session_id = UNHEX(REPLACE('$session', '-', ''))") == 3 ]]
}

stale() { [[ $(metric csauth_recall_board_age_seconds | cut -d. -f1) -ge 6 ]]; }
fresh() { [[ $(metric csauth_recall_board_age_seconds) == 0* ]]; }
reloaded() { log_has '"event":"reloaded"' && is_one_and_not follower "$stopped"; }
dry() { ctl session revoke --dry-run "${@:2}" | grep -q "^$1 sessions would end"; }

own_stack recall CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=4 CSAUTH_SERVER_EDGE_WORKERS=2
kill -STOP "$(pid_in "$(run_dir)/supervisor.process")"
new_user recall-ann

it "checks a token without a query, and shows one's account with one"
# Nothing of registering may concern the token any more, as a minute later.
sql "DELETE FROM recalls"
CSAUTH_PID=$(cat "$(run_dir)/csauthd.pid")
restart TERM
wait_until 20 filled || fail "the board is not filled"
many me      # every worker has its connection now, and its statements prepared
many verify
sleep_of_others STOP
queries=$(counted many verify)
[[ $queries == 0 ]] ||
    fail "100 checks took $queries queries: $(sql "SELECT DISTINCT argument FROM mysql.general_log
        WHERE command_type = 'Execute' LIMIT 3")"
queries=$(counted many me)
[[ $queries == 100 ]] ||
    fail "showing one's account 100 times took $queries queries: $(sql "SELECT argument, COUNT(*) FROM mysql.general_log
        WHERE command_type = 'Execute' GROUP BY 1 LIMIT 5")"
sleep_of_others CONT

it "refuses on the very next request, on every worker"
for _ in $(seq 20); do
    sign_in recall-ann
    post /api/logout/ '{}' "$access"
    for _ in 1 2 3; do
        me
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
restart KILL
me
expect_problem 401 session_ended
verify
expect_status 401
verify "$kept"
expect_status 204
me "$kept"
expect_status 200

it "answers a retry when a worker is killed between the commit and the answer"
# One worker serves, and has answered such a request before: UBSan, too, writes when it meets a type for the first time.
mapfile -t workers < <(pids api)
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
[[ $(in_row) == 3 ]] || fail "the step is not taken"
[[ $(cat "$work/lost.status") == 503 ]] || fail "the lost request got $(cat "$work/lost.status")"
post /api/token/refresh/ "{\"refresh\":\"$first\"}"
expect_status 200
[[ $(in_row) == 3 ]] || fail "the retry took a step of its own"
me "$(answer .access)"
expect_status 200

it "hears of another node within a second"
other=$work/other
mkdir -p "$other"
sed "s,^run_dir = .*,run_dir = $other," "$VAR/csauth.ini" >"$work/other.ini"
CSAUTH_CONFIG=$work/other.ini CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_NODE_NAME=other CSAUTH_LOG_FILE=$work/other.log \
    setsid "$BUILD/csauthd" >"$work/other.out" 2>&1 &
remember "$work/other.process" $!
trap 'end "$work/other.process" TERM 30; stop_own_stacks' EXIT
wait_until 30 other_ready || fail "the other node does not start: $(cat "$work/other.out")"
slowest=0
for _ in $(seq 10); do
    sign_in recall-ann
    [[ $(there edge /auth/verify "$access") == 204 ]] || fail "the other node does not know the session"
    post /api/logout/ '{}' "$access"
    took=$(there edge /auth/verify "$access" 401)
    [[ $took =~ ^[0-9]+$ ]] || fail "it is $took"
    ((took > slowest)) && slowest=$took
done
echo "a recall reached the other node in at most $slowest ms"
# What was used there confirms a step that was taken here.
sign_in_rotating
first=$refresh
post /api/token/refresh/ "{\"refresh\":\"$first\"}"
session=$(cut -d. -f2 <<<"$first" | tr '_-' '/+' | base64 -d 2>/dev/null | jq -r .sid)
[[ $(there api /api/me "$(answer .access)") == 200 ]] || fail "the other node does not take the token"
wait_until 10 seen_by_both || fail "what the other node has seen is not written"
sql "UPDATE sessions SET refreshed_at = refreshed_at - INTERVAL 11 SECOND
    WHERE id = UNHEX(REPLACE('$session', '-', ''))"
post /api/token/refresh/ "{\"refresh\":\"$first\"}"
expect_problem 401 session_ended
end "$work/other.process" TERM 30

it "asks the database when it has not heard for long, and the configuration when that is away"
sign_in recall-ann
stopped=$(pids follower)
kill -STOP "$stopped"
wait_until 30 stale || fail "the board does not age"
before=$(metric csauth_tokens_believed_unchecked_total)
verify
expect_status 204
[[ $(metric csauth_tokens_believed_unchecked_total) == "$before" ]] || fail "it believed without asking"
db=$(pid_in "$(run_dir)/db.process")
kill -STOP "$db"
verify
expect_status 204
[[ $(metric csauth_tokens_believed_unchecked_total) -gt $before ]] || fail "nothing counts it"
log_has '"event":"tokens_believed_unchecked"' || fail "the log does not say so"
kill -CONT "$db"
kill -CONT "$stopped"
wait_until 20 fresh || fail "the board does not catch up"
sed -i 's/^\[mail\]$/[tokens]\non_stale = refuse\n\n[mail]/' "$VAR/csauth.ini"
kill -HUP "$CSAUTH_PID"
wait_until 30 reloaded || fail "it did not reload"
stopped=$(pids follower)
kill -STOP "$stopped"
wait_until 30 stale || fail "the board does not age"
verify
expect_status 204
kill -STOP "$db"
verify
expect_status 403
expect_header X-Auth-Reason '^unavailable$'
kill -CONT "$db"
kill -CONT "$stopped"
wait_until 20 fresh

it "revokes sessions by user, role, address and age, or says how many that would be"
new_user recall-bob
bob=$access
sign_in recall-ann
sql "INSERT INTO user_roles (user_id, role_name, granted_at) SELECT id, 'moderator', UTC_TIMESTAMP(6) FROM users
    WHERE username = 'recall-bob'"
dry 2 --role moderator || fail "by role: $(ctl session revoke --dry-run --role moderator)"
dry 0 --role moderator --address 192.0.2.0/24 ||
    fail "by address: $(ctl session revoke --dry-run --role moderator --address 192.0.2.0/24)"
dry 2 --user recall-bob --address 127.0.0.0/8 ||
    fail "by address: $(ctl session revoke --dry-run --user recall-bob --address 127.0.0.0/8)"
dry 0 --older-than 1h || fail "by age: $(ctl session revoke --dry-run --older-than 1h)"
ctl session revoke >/dev/null 2>&1 && fail "it would revoke without a word of which"
ctl session revoke --user recall-bob </dev/null >/dev/null 2>&1 && fail "it does not ask"
ctl session revoke --yes --user nobody@example.com >/dev/null 2>&1 && fail "nobody is somebody"
ctl session revoke --yes --address nonsense >/dev/null 2>&1 && fail "nonsense is an address"
ctl mail list --dry-run >/dev/null 2>&1 && fail "mail list takes what it does not know"
[[ $(ctl --json session list --user recall-bob | jq 'length == 2 and .[0].username == "recall-bob"
    and .[0].client == "curl"') == true ]] ||
    fail "the list is another"
ctl --yes session revoke --role moderator | grep -q '^2 sessions have ended' || fail "it ended others"
wait_until 5 is_signed_out "$bob" || fail "the session goes on"
me
expect_status 200
[[ $(sql "SELECT COUNT(*) FROM audit_log WHERE action = 'authn_session_revoked'") == 2 ]] ||
    fail "the audit log does not have it"

it "refuses every token from before when everyone is recalled"
sign_in recall-ann
link=$(post /api/password/forgot/ '{"email":"recall-ann@example.com"}'; mail_about recall-ann@example.com password | token_in)
register recall-new
new=$access
new_link=$(mail_token recall-new@example.com)
new_code=$(mails recall-new@example.com | jq -r .text | grep -oE '^[A-Z2-9]{4}-[A-Z2-9]{4}')
sign_in recall-ann
ctl recall-all </dev/null >/dev/null 2>&1 && fail "it does not ask"
ctl --yes recall-all >"$work/out" || fail "it can't: $(cat "$work/out")"
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
me
expect_status 200

finish
