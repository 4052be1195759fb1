#!/bin/bash
# Workers that die or hang take nobody with them.
source "$(dirname "$0")/../lib.sh"
own_stack workers CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=2 CSAUTH_SERVER_HASH_WORKERS=1 CSAUTH_SERVER_REQUEST_DEADLINE=2s
new_user worker-ann

it "runs the processes that were asked for"
for pair in "api 2" "hash 1" "mailer 1" "keeper 1"; do
    read -r role count <<<"$pair"
    [[ $(pids "$role" | wc -l) == "$count" ]] || fail "there are $(pids "$role" | wc -l) of $role"
done

it "loses the one request of a worker that is killed, and nothing else"
victim=$(pids hash)
kill -STOP "$victim"
curl --silent --output "$work/lost" --write-out '%{http_code}' "$base/api/login/" -H 'Content-Type: application/json' \
    -d "{\"email\":\"worker-ann@example.com\",\"password\":\"$password\"}" >"$work/lost.status" &
client=$!
me
expect_status 200
kill -KILL "$victim"
wait $client
# It had not been accepted, or died with the worker: either the next worker answers, or nginx does.
[[ $(cat "$work/lost.status") == 200 || $(cat "$work/lost.status") == 503 ]] || fail "the lost request got $(cat "$work/lost.status")"
respawned() { [[ -n $(pids hash) && $(pids hash) != "$victim" ]]; }
wait_until 10 respawned || fail "no new worker came"
sign_in worker-ann
expect_status 200
me
expect_status 200
log_has '"event":"process_died"' || fail "the log does not know"

it "answers 503 with Retry-After when a worker dies in the middle of a request"
victim=$(pids hash)
# A login that waits for a row which we hold is in the middle of its request for sure.
sql "SET innodb_lock_wait_timeout = 20; BEGIN; SELECT id FROM users WHERE username = 'worker-ann' FOR UPDATE; SELECT SLEEP(1.5); ROLLBACK" >/dev/null &
holder=$!
held() { [[ $(sql "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'") -ge 1 ]]; }
wait_until 10 held
call_in_background() { call POST /api/login/ "{\"email\":\"worker-ann@example.com\",\"password\":\"$password\"}"; expect_problem 503 service_unavailable; }
(
    waiting() { [[ $(sql "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'csauth' AND info LIKE '%INSERT INTO devices%'") -ge 1 ]]; }
    wait_until 5 waiting
    kill -KILL "$victim"
) &
killer=$!
call_in_background
wait $killer $holder
[[ $(sql "SELECT COUNT(*) FROM sessions s WHERE NOT EXISTS (SELECT 1 FROM devices d WHERE d.id = s.device_id)") == 0 ]] || fail "half a sign-in stayed"
wait_until 10 respawned || fail "no new worker came"
sign_in worker-ann
expect_status 200

it "is not held up for long by peers that say half of what they have to say"
tests/tools/half_request.py "$(run_dir)/api.sock" 6
me
expect_status 200

it "kills a process that hangs in a request"
sql "SET innodb_lock_wait_timeout = 20; BEGIN; SELECT id FROM users WHERE username = 'worker-ann' FOR UPDATE; SELECT SLEEP(4); ROLLBACK" >/dev/null &
holder=$!
wait_until 10 held
(
    waiting() { [[ $(sql "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'csauth' AND info LIKE '%INSERT INTO devices%'") -ge 1 ]]; }
    wait_until 5 waiting
    kill -STOP "$(pids hash)"
) &
call POST /api/login/ "{\"email\":\"worker-ann@example.com\",\"password\":\"$password\"}"
expect_problem 503 service_unavailable
log_has '"event":"process_overdue"' || fail "the log does not know"
wait $holder
wait_until 10 test -n "$(pids hash)" || fail "no new worker came"
sign_in worker-ann
expect_status 200

it "survives a thousand broken connections"
tests/tools/broken_connections.py "$(run_dir)/api.sock" 1000 || fail "the socket was not there"
me
expect_status 200
[[ $(pids api | wc -l) == 2 ]] || fail "there are $(pids api | wc -l) api workers"

it "answers 503 when more want to sign in than may wait"
for _ in $(seq 300); do
    printf 'next\nurl = "%s/api/login/"\nheader = "Content-Type: application/json"\ndata-raw = "{\\"email\\":\\"nobody@example.com\\",\\"password\\":\\"x\\"}"\noutput = "/dev/null"\nwrite-out = "%%{http_code}\\n"\nsilent\n' "$base"
done | sed 1d >"$work/flood"
curl --parallel --parallel-immediate --parallel-max 300 --config "$work/flood" 2>/dev/null | sort | uniq -c >"$work/flood.out"
grep -qvE ' (401|503)$' "$work/flood.out" && fail "the answers are $(tr '\n' ' ' <"$work/flood.out")"
grep -q ' 401$' "$work/flood.out" || fail "nobody was served: $(tr '\n' ' ' <"$work/flood.out")"
me
expect_status 200

finish
