#!/bin/bash
# Starting, reloading and stopping csauthd.
source "$(dirname "$0")/../lib.sh"

# Requests one after the other until $work/stop is there; every answer but 200 is written down.
send_load() {
    local i
    for ((i = 0; ; i++)); do
        [[ ! -e $work/stop ]] || break
        code=$(curl --silent --max-time 30 --output /dev/null --write-out '%{http_code}' "$base/api/me/" \
            -H "Authorization: Bearer $access")
        [[ $code == 200 ]] || echo "$code"
    done >"$work/bad.$1"
    echo "$i" >"$work/count.$1"
}

answers_in_new_log() { get_me >/dev/null; [[ -s $VAR/log/csauthd.log ]] && log_has '"event":"request"'; }
is_in_progress() { (($(grep -c '"route":"/api/login"' "$VAR/log/csauthd.log") > 3)); }

is_ready_again() {
    [[ $(curl --silent --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:$PORT/readyz") == 200 ]]
}

# CSAUTH_SERVER_API_WORKERS of the environment wins: as many as before, but new ones.
is_replaced() {
    local now
    now=$(list_pids api | sort)
    [[ $(wc -l <<<"$now") == 2 && $now != "$before" ]]
}

start_own_stack master CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=2 CSAUTH_SERVER_HASH_WORKERS=1
make_user master-ann
config=$VAR/csauth.ini
master=$(cat "$(find_run_dir)/csauthd.pid")

it "refuses a second master on the same sockets"
"$BUILD/csauthd" --config "$config" >"$work/second" 2>&1 && fail "it started"
grep -q 'another csauthd runs in' "$work/second" || fail "it says $(cat "$work/second")"
get_me
expect_status 200

it "reloads without refusing a request"
rm -f "$work/stop"
loads=()
for name in a b c; do
    send_load $name &
    loads+=($!)
done
before=$(list_pids api | sort)
for i in 1 2 3; do
    workers=$((2 + i))
    sed -i "s/^api_workers = .*/api_workers = $workers/" "$config"
    kill -HUP "$master"
    wait_until 30 is_replaced || fail "the workers were not replaced"
    before=$(list_pids api | sort)
done
touch "$work/stop"
wait "${loads[@]}"
[[ $(cat "$work"/bad.?) == "" ]] || fail "these answers came: $(cat "$work"/bad.? | sort | uniq -c)"
(($(cat "$work"/count.? | awk '{ sum += $1 } END { print sum }') > 20)) || fail "there was no load"

it "keeps the old configuration when the new one is bad"
before=$(list_pids api | sort)
cp "$config" "$work/good.ini"
echo 'nonsense' >>"$config"
kill -HUP "$master"
wait_until 10 log_has '"event":"reload_refused"' || fail "the log does not know"
log_has '"event":"config_problem","where":".*csauth.ini:[0-9]*"' || fail "the place is missing"
[[ $(list_pids api | sort) == "$before" ]] || fail "the workers were replaced"
get_me
expect_status 200
cp "$work/good.ini" "$config"

it "reopens its log"
mv "$VAR/log/csauthd.log" "$VAR/log/csauthd.log.1"
kill -USR1 "$master"
wait_until 10 answers_in_new_log || fail "nothing is in the new file"

it "checks a configuration, and says all that is wrong"
"$BUILD/csauthd" -t --config "$config" >"$work/check" || fail "a good one is refused: $(cat "$work/check")"
printf '[server]\napi_worker = 2\n[mail]\nport = many\npassword_file = /nowhere\n[keys]\ndir = /nowhere\n' \
    >"$work/bad.ini"
env -u CSAUTH_CONFIG "$BUILD/csauthd" -t --config "$work/bad.ini" >"$work/check" 2>&1
[[ $? == 78 ]] || fail "the status is not 78"
for expected in 'bad.ini:2: there is no key' 'bad.ini:4: port: a number' \
    'bad.ini:5: mail.password_file: the secret file /nowhere' 'keys.dir: there is no key directory /nowhere'; do
    grep -q "$expected" "$work/check" || fail "'$expected' is missing in: $(cat "$work/check")"
done
CSAUTH_NO_SUCH=1 "$BUILD/csauthd" -t --config "$config" >"$work/check" 2>&1 && fail "an unknown variable was taken"
grep -q 'CSAUTH_NO_SUCH: there is no such key' "$work/check" || fail "it says $(cat "$work/check")"
env -u CSAUTH_CONFIG "$BUILD/csauthd" -t >"$work/check" 2>&1 && fail "it did without a file"
grep -q '/etc/csauth/csauth.ini' "$work/check" || fail "it does not say where it looked: $(cat "$work/check")"

it "refuses keys that are missing or open"
cp -r "$VAR/keys" "$work/keys"
chmod 644 "$work"/keys/access/*.key
CSAUTH_KEYS_DIR=$work/keys "$BUILD/csauthd" -t --config "$config" >"$work/check" 2>&1 && fail "an open key was taken"
grep -q 'open to everybody' "$work/check" || fail "it says $(cat "$work/check")"
CSAUTH_KEYS_DIR=/nowhere "$BUILD/csauthd" -t --config "$config" >"$work/check" 2>&1 && fail "it did without keys"

# From here on csauthd goes, and the supervisor would end the rest.
kill -STOP "$(read_pid "$(find_run_dir)/supervisor.process")"
it "ends what runs before it stops, and stops for nobody else"
rm -f "$work/stop"
( for _ in $(seq 40); do
    print_request /api/login/ "{\"email\":\"master-ann@example.com\",\"password\":\"$password\"}"
done | sed 1d >"$work/logins"
curl --parallel --parallel-immediate --parallel-max 40 --config "$work/logins" >"$work/logins.out" 2>/dev/null ) &
clients=$!
wait_until 20 is_in_progress
children=$(pgrep --parent "$master")
kill -TERM "$master"
wait $clients
wait_until 30 process_is_gone "$master" || fail "it did not stop"
grep -qvE '^(200|503)$' "$work/logins.out" &&
    fail "a request was cut: $(sort "$work/logins.out" | uniq -c | tr '\n' ' ')"
[[ $(wc -l <"$work/logins.out") == 40 ]] || fail "answers are missing"
for child in $children; do process_is_gone "$child" || fail "process $child is still there"; done
call GET /api/whoami/
expect_problem 503 service_unavailable

it "leaves no orphans when the master is killed, and starts again at once"
start_own_stack orphans CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=2
kill -STOP "$(read_pid "$(find_run_dir)/supervisor.process")"
master=$(cat "$(find_run_dir)/csauthd.pid")
children=$(pgrep --parent "$master")
[[ $(wc -w <<<"$children") -ge 5 ]] || fail "there are only $(wc -w <<<"$children") children"
kill -KILL "$master"
for child in $children; do wait_until 10 process_is_gone "$child" || fail "process $child is an orphan"; done
CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" 2>"$work/again" &
again=$!
wait_until 20 is_ready_again || fail "it did not start again: $(cat "$work/again")"
kill -TERM $again
wait $again || fail "it ended with $?"

finish
