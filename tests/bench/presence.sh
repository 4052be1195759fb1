#!/bin/bash
# Measures live streams, on one machine with everything else: 5,000 open ones with what they take, 200,000 deliveries at
# 2,000 a second, 10,000 heartbeats a second with what they cost the database, a streamer that is killed, and 5,000
# clients that vanish at once. Prints a table, and JSON into BUILD/bench-presence.json. It reports no run with an error
# in it.
#   tests/bench/presence.sh BUILD [STREAMS [DELIVERIES]]
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/lib.sh
use_plain_surroundings

build=$(realpath "$1")
streams=${2:-5000}
deliveries=${3:-200000}
talkers=100
people=$((talkers + (streams + 9) / 10))
dir=$(mktemp -d "${TMPDIR:-/tmp}/csauth-bench-XXXXXX")
var=$dir/var
load=
stop_all() {
    [[ -z $load ]] || kill "$load" 2>/dev/null || true
    scripts/stop --var "$var" >/dev/null || true
    rm -rf "$dir"
}
trap stop_all EXIT
die() {
    echo "presence: $1" >&2
    exit 1
}

ulimit -n "$(ulimit -Hn)"
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_STREAMS=$((streams + 100)) \
    scripts/run --build "$build" --var "$var" --port "$port" --quiet >"$dir/run.txt" 2>&1 &
wait_until 150 grep -q '^ready' "$dir/run.txt" || { cat "$dir/run.txt"; exit 1; }
run=$(print_run_dir "$(realpath "$var")")
query() { mariadb --no-defaults --socket="$run/db.sock" --user="$(id -un)" --batch --skip-column-names csauth "$@"; }
find_pid() {
    local pid
    for pid in $(pgrep --parent "$(cat "$run/csauthd.pid")" --full .); do
        if [[ $(cat "/proc/$pid/comm") == "csauthd:$1" ]]; then echo "$pid"; fi
    done
}
read_private_kib() { awk '/^Private/ { sum += $2 } END { print sum }' "/proc/$1/smaps_rollup"; }
count_queries() { query -e "SHOW GLOBAL STATUS LIKE 'Queries'" | cut -f2; }

echo "$people people sign in"
password='a bench of presence'
CSAUTH_CONFIG=$var/csauth.ini "$build/csauthctl" user add --password-stdin bench-0@example.com bench-0 <<<"$password" \
    >/dev/null
query <<SQL
-- Whoever an administrator has made is asked of the database for a minute: these are not.
INSERT INTO users (id, email, email_key, username, username_key, password_hash, created_at, verified_at)
SELECT UNHEX(CONCAT(LPAD(HEX(UNIX_TIMESTAMP() * 1000), 12, '0'), '7000', '8000', LEFT(MD5(seq), 12))),
       CONCAT('bench-', seq, '@example.com'), CONCAT('bench-', seq, '@example.com'),
       CONCAT('bench-', seq), CONCAT('bench-', seq), u.password_hash, NOW(6), NOW(6)
  FROM users u JOIN seq_1_to_$people WHERE u.username = 'bench-0'
SQL
sign_in() {
    curl --silent --max-time 60 --header 'Content-Type: application/json' \
        --data "{\"email\":\"bench-$1@example.com\",\"password\":\"$password\"}" "http://127.0.0.1:$port/api/login/" |
        jq -r '"\(.user.id) \(.tokens.access)"'
}
export -f sign_in
export port password
seq 1 $people | xargs -P 4 -I{} bash -c 'sign_in {} >'"$dir"'/token.{}'
for ((i = 1; i <= people; i++)); do cat "$dir/token.$i"; done >"$dir/tokens"
[[ $(grep -c ' ey' "$dir/tokens") == "$people" ]] || die "not everybody could sign in"

mkfifo "$dir/words"
(cd "$dir" && exec "$build/presence_load" "$port" "$streams" "$dir/tokens" \
    <"$dir/words" >"$dir/answers" 2>"$dir/load.err") &
load=$!
exec 7>"$dir/words"
answers=0
tell_clients() { # WORD…: has the clients do it; the answer in $answer
    echo "$*" >&7
    answers=$((answers + 1))
    is_answered() { [[ $(wc -l <"$dir/answers") -ge $answers ]]; }
    wait_until 400 is_answered || die "no answer to: $*; $(cat "$dir/load.err")"
    answer=$(sed -n "${answers}p" "$dir/answers")
}
read_value() { jq -r ".$1" <<<"$answer"; }

streamer=$(find_pid stream)
before=$(read_private_kib "$streamer")
tell_clients open
[[ $(read_value streams) == "$streams" ]] || die "only $(read_value streams) streams are open"
opened=$(read_value seconds)
after=$(read_private_kib "$streamer")
each=$(awk "BEGIN { printf \"%.1f\", ($after - $before) / $streams }")

echo "$deliveries deliveries at 2,000 a second"
changes=$((deliveries * talkers / (streams * 2)))
tell_clients talk $((2000 * talkers / (streams * 2))) "$changes"
expected=$(read_value expected)
heard=$(read_value heard)
query -e "SELECT id, ROUND(UNIX_TIMESTAMP(CONVERT_TZ(created_at, '+00:00', @@session.time_zone)) * 1000000) FROM events
    WHERE kind = 'presence'" >"$dir/written"
print_latency() { # FRACTION: of commit to client, in ms
    awk 'NR == FNR { written[$1] = $2; next } $1 in written { print ($2 - written[$1]) / 1000 }' "$dir/written" \
        "$dir/deliveries.txt" |
        sort -n | awk -v fraction="$1" '{ all[NR] = $1 } END { printf "%.1f", all[int((NR - 1) * fraction) + 1] }'
}
p50=$(print_latency 0.5)
p99=$(print_latency 0.99)

echo "10,000 heartbeats a second"
questions_before=$(count_queries)
sleep 10 # what the service asks anyway
idle=$(awk "BEGIN { printf \"%.1f\", ($(count_queries) - $questions_before - 2) / 10 }")
questions_before=$(count_queries)
tell_clients beat 10000 10
beats=$(read_value beats)
beat_seconds=$(read_value seconds)
refused=$(read_value refused)
statements=$(awk "BEGIN { printf \"%.1f\", ($(count_queries) - $questions_before - 2) / $beat_seconds }")
beats_a_second=$(awk "BEGIN { printf \"%.0f\", $beats / $beat_seconds }")

echo "the streamer is killed, with changes going on"
kill -KILL "$streamer"
tell_clients back
[[ $(read_value streams) == "$streams" ]] || die "only $(read_value streams) streams came back"
back=$(read_value seconds)
tell_clients talk 20 200
missed=$(($(read_value expected) - $(read_value heard)))

echo "all clients vanish"
count_present() {
    query -e "SELECT COUNT(*) FROM presence p JOIN sessions s ON s.id = p.session_id JOIN users u ON u.id = s.user_id
        WHERE p.status > 1"
}
were=$(count_present)
kill -KILL "$load"
vanished=$(date +%s.%N)
load=
nobody_is_there() { [[ $(count_present) == 0 ]]; }
wait_until 120 nobody_is_there || die "$(count_present) are still there"
noticed=$(awk "BEGIN { printf \"%.1f\", $(date +%s.%N) - $vanished }")

cores=$(nproc)
jq -n --argjson cores "$cores" --argjson streams "$streams" --argjson kib_each "$each" --argjson open_seconds \
    "$opened" \
    --argjson expected "$expected" --argjson heard "$heard" --argjson p50_ms "$p50" --argjson p99_ms "$p99" \
    --argjson beats_a_second "$beats_a_second" --argjson refused "$refused" --argjson statements_a_second \
    "$statements" --argjson idle_statements_a_second "$idle" \
    --argjson back_seconds "$back" --argjson missed "$missed" --argjson vanished "$were" --argjson noticed_seconds \
    "$noticed" \
    '$ARGS.named' >"$build/bench-presence.json"
echo
printf '%-52s %s\n' "cores" "$cores" "open streams" "$streams" "KiB of the streamer's own memory each" "$each" \
    "deliveries" "$heard of $expected" "from commit to client, p50 and p99, ms" "$p50 $p99" \
    "heartbeats a second" "$beats_a_second ($refused refused)" "statements of the database a second meanwhile" \
    "$statements ($idle without)" \
    "all back behind a killed streamer, s" "$back ($missed events missed)" \
    "$were people who vanished noticed after, s" "$noticed"
[[ $heard == "$expected" && $missed == 0 && $refused == 0 ]] || die "this run is no good"
