#!/bin/bash
# Workers that die or hang take nobody with them.
source "$(dirname "$0")/../lib.sh"

# expect_nice PID VALUE
expect_nice() {
    local now
    now=$(ps -o nice= -p "$1")
    ((now == $2)) || fail "the nice value of $(cat "/proc/$1/comm") is $now instead of $2"
}

is_respawned() { is_one_and_not hash "$victim"; }

# A login that waits for a row which we hold is in the middle of its request for sure.
hold_row() {
    query "SET innodb_lock_wait_timeout = 20; BEGIN; SELECT id FROM users WHERE username = 'worker-ann' FOR UPDATE;
        SELECT SLEEP(30); ROLLBACK" >/dev/null 2>&1 &
    holder=$!
    wait_until 20 is_held
}

is_held() { [[ -n $(find_sleeper) ]]; }
find_sleeper() { query "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'"; }

release_row() {
    query "KILL $(find_sleeper)"
    wait "$holder"
}

is_in_the_middle() {
    [[ $(query "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'csauth'
        AND info LIKE '%INSERT INTO devices%'") -ge 1 ]]
}

serves() { sign_in worker-ann; [[ $status == 200 ]]; }
# is_overflown COUNT: whether so many sign-ins of the flood have been turned away.
is_overflown() { (($(grep -c '"POST /api/login/ HTTP/1.1" 503' "$VAR/log/access.log") >= $1)); }

# The flood's sign-ins wait in the backlog, and nginx gives them 35 s. On a busy machine one takes seconds, so few wait.
start_own_stack workers CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=2 CSAUTH_SERVER_HASH_WORKERS=1 \
    CSAUTH_SERVER_HASH_BACKLOG=4 CSAUTH_SERVER_REQUEST_DEADLINE=8s

make_user worker-ann

it "runs the processes that were asked for"
for pair in "api 2" "hash 1" "mailer 1" "keeper 1"; do
    read -r role count <<<"$pair"
    [[ $(list_pids "$role" | wc -l) == "$count" ]] || fail "there are $(list_pids "$role" | wc -l) of $role"
done

it "gives way to all else with those that hash or decode pictures, and not to their siblings alone"
own_nice=$(nice) # what this test was started with, and the service with it
yielding=$((own_nice > 10 ? own_nice : 10))
for role in hash imager; do
    pid=$(list_pids $role)
    expect_nice "$pid" $yielding
    [[ $(ps -o session= -p "$pid") -eq $pid ]] || fail "$role has no session of its own"
    # Only where the kernel shares processors among sessions, and to root alone.
    [[ ! -w /proc/$pid/autogroup ]] || grep -q ' nice 10$' "/proc/$pid/autogroup" ||
        fail "its session is $(cat "/proc/$pid/autogroup")"
done
for pid in $(list_pids edge) $(list_pids api); do expect_nice "$pid" "$own_nice"; done

it "loses the one request of a worker that is killed, and nothing else"
victim=$(list_pids hash)
kill -STOP "$victim"
curl --silent --output "$work/lost" --write-out '%{http_code}' "$base/api/login/" -H 'Content-Type: application/json' \
    -d "{\"email\":\"worker-ann@example.com\",\"password\":\"$password\"}" >"$work/lost.status" &
client=$!
get_me
expect_status 200
kill -KILL "$victim"
wait $client
# It had not been accepted, or died with the worker: either the next worker answers, or nginx does.
[[ $(cat "$work/lost.status") == 200 || $(cat "$work/lost.status") == 503 ]] ||
    fail "the lost request got $(cat "$work/lost.status")"
wait_until 10 is_respawned || fail "no new worker came"
sign_in worker-ann
expect_status 200
get_me
expect_status 200
log_has '"event":"process_died"' || fail "the log does not know"

it "answers 503 with Retry-After when a worker dies in the middle of a request"
victim=$(list_pids hash)
hold_row
(
    wait_until 20 is_in_the_middle
    kill -KILL "$(list_pids hash)"
) &
killer=$!
call POST /api/login/ "{\"email\":\"worker-ann@example.com\",\"password\":\"$password\"}"
expect_problem 503 service_unavailable
wait $killer
release_row
[[ $(query "SELECT COUNT(*) FROM sessions s WHERE NOT EXISTS (SELECT 1 FROM devices d
    WHERE d.id = s.device_id)") == 0 ]] ||
    fail "half a sign-in stayed"
wait_until 20 serves || fail "no new worker serves"

it "is not held up for long by peers that say half of what they have to say"
tests/tools/half_request.py "$(find_run_dir)/api.sock" 6
get_me
expect_status 200

it "kills a worker that is past its deadline, and serves on"
hold_row
call POST /api/login/ "{\"email\":\"worker-ann@example.com\",\"password\":\"$password\"}"
expect_problem 503 service_unavailable
log_has '"event":"process_overdue"' || fail "the log does not know"
release_row
wait_until 20 serves || fail "no new worker serves"

it "survives a thousand broken connections"
before=$(list_pids api | sort)
tests/tools/broken_connections.py "$(find_run_dir)/api.sock" 1000 || fail "the socket was not there"
get_me
expect_status 200
[[ $(list_pids api | sort) == "$before" ]] || fail "a worker died"

it "answers 503 when more want to sign in than may wait, and serves those who do"
before=$(grep -c '"POST /api/login/ HTTP/1.1" 503' "$VAR/log/access.log")
kill -STOP "$(list_pids hash)"
for _ in $(seq 60); do
    print_request /api/login/ '{"email":"nobody@example.com","password":"x"}'
done | sed 1d >"$work/flood"
curl --parallel --parallel-immediate --parallel-max 60 --config "$work/flood" >"$work/flood.out" 2>/dev/null &
flood=$!
wait_until 120 is_overflown $((before + 50)) || fail "too few were turned away"
get_me
expect_status 200
kill -CONT "$(list_pids hash)"
wait $flood
grep -qvE '^(401|503)$' "$work/flood.out" && fail "the answers are $(sort "$work/flood.out" | uniq -c | tr '\n' ' ')"
grep -q '^401$' "$work/flood.out" || fail "nobody was served"
get_me
expect_status 200

finish
