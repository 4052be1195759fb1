#!/bin/bash
# `make run` itself: long paths, taken ports, several at once, a second start, an end that leaves nothing.
source "$(dirname "$0")/../lib.sh"

it "runs from a path too long for a socket, with spaces and more in it"
long="$(printf 'a long & winding path %.0s' 1 2 3 4)"
start_own_stack "$long/var" CSAUTH_LIMITS_ENABLED=off
call GET /readyz
expect_status 200
register run-ann
expect_status 201
kept=$(read_answer .user.id)
token=$(wait_for_mail_token run-ann@example.com) || fail "no mail came"

it "listens_on_ipv6_where_the_machine_has_it"
if grep -qs ' lo$' /proc/net/if_inet6; then
    [[ $(curl --silent --output /dev/null --write-out '%{http_code}' "http://[::1]:$PORT/readyz") == 200 ]] ||
        fail "[::1] does not answer"
    grep -q "listen \[::1\]:$PORT;" "$VAR/nginx/site.conf" || fail "nginx is not told of it"
fi

it "refuses to run twice from one directory, or at a taken port"
timeout 60 scripts/run --build "$BUILD" --var "$VAR" --port $((PORT + 1)) --quiet >"$work/twice" 2>&1 &&
    fail "it ran twice"
grep -q 'it runs already from' "$work/twice" || fail "it says $(cat "$work/twice")"
timeout 60 scripts/run --build "$BUILD" --var "$work/other" --port "$PORT" --quiet >"$work/taken" 2>&1 &&
    fail "it took a taken port"
grep -q "port $PORT is taken" "$work/taken" || fail "it says $(cat "$work/taken")"
timeout 60 scripts/run --build "$BUILD" --var "$work/other" --port nonsense --quiet >"$work/taken" 2>&1 &&
    fail "it took a port that is none"
call GET /readyz
expect_status 200

it "ends all that it started, and nothing else"
started=$(for file in "$(find_run_dir)"/*.process; do read_pid "$file"; done)
first=$VAR
scripts/stop --var "$VAR" | finds -x stopped || fail "it did not stop"
for pid in $started; do process_is_gone "$pid" || fail "process $pid is still there"; done
[[ -z $(ls "$(find_run_dir)"/*.process "$(find_run_dir)"/*.sock 2>/dev/null) ]] ||
    fail "files were left: $(ls "$(find_run_dir)")"
scripts/stop --var "$VAR" | finds 'nothing runs' || fail "it stopped something twice"

it "keeps the data for the next time"
start_own_stack "$long/var" CSAUTH_LIMITS_ENABLED=off
[[ $VAR == "$first" ]] || fail "the directory differs"
call POST /api/verify-email/ "{\"token\":\"$token\",\"password\":\"$password\"}"
expect_status 200
sign_in run-ann
expect_json ".user.id == \"$kept\""

it "cleans up after a supervisor that was killed"
started=$(for file in "$(find_run_dir)"/*.process; do read_pid "$file"; done)
kill -KILL "$(read_pid "$(find_run_dir)/supervisor.process")"
scripts/stop --var "$VAR" >/dev/null
for pid in $started; do process_is_gone "$pid" || fail "process $pid is still there"; done

it "harms no stranger that has the number of a process of ours"
sleep 60 &
stranger=$!
mkdir -p "$(find_run_dir)"
echo "$stranger 12345" >"$(find_run_dir)/db.process"
scripts/stop --var "$VAR" >/dev/null
kill -0 $stranger 2>/dev/null || fail "the stranger was killed"
kill $stranger

finish
