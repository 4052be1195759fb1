#!/bin/bash
# Measures what must not be slow, and what must not tell anything by its time. Everything is a ratio to something that
# is measured in the same run. Prints tables, and JSON into BUILD/bench.json.
#   tests/bench/run.sh BUILD
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/lib.sh
use_plain_surroundings

build=$(realpath "$1")
dir=$(mktemp -d "${TMPDIR:-/tmp}/csauth-bench-XXXXXX")
var=$dir/var
relay=
stop_all() {
    [[ -z $relay ]] || kill "$relay" 2>/dev/null || true
    scripts/stop --var "$var" >/dev/null || true
    rm -rf "$dir"
}
trap stop_all EXIT

port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
CSAUTH_LIMITS_ENABLED=off scripts/run --build "$build" --var "$var" --port "$port" --quiet >"$dir/run.txt" 2>&1 &
wait_until 150 grep -q '^ready' "$dir/run.txt" || { cat "$dir/run.txt"; exit 1; }
run=$(print_run_dir "$(realpath "$var")")
query() { mariadb --no-defaults --socket="$run/db.sock" --user="$(id -un)" --batch --skip-column-names csauth "$@"; }
print_now() { date +%s.%N; }
print_ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }

echo "== Known and unknown addresses, 1,000 tries each, taken in turn"
tests/bench/known_and_unknown.py "http://127.0.0.1:$port" "$dir/times.json"

echo
echo "== 10,000 mails, one connection"
mailer=
for pid in $(pgrep --parent "$(cat "$run/csauthd.pid")" --full .); do
    if [[ $(cat "/proc/$pid/comm") == csauthd:mailer ]]; then mailer=$pid; fi
done
tests/bench/swallowing_relay.py "$dir/relay.port" "$dir/connections" &
relay=$!
wait_until 20 test -s "$dir/relay.port"
kill -STOP "$mailer"
sed -i "s/^port = .*/port = $(cat "$dir/relay.port")/" "$var/csauth.ini"
query -e "DELETE FROM outbox"
for thousand in 0 1 2 3 4 5 6 7 8 9; do
    query <<SQL
INSERT INTO outbox (id, template, language, recipient, parameters, state, next_attempt_at, give_up_at, created_at)
SELECT UNHEX(LPAD(HEX(seq), 32, '0')), 'new_device', 'en', CONCAT('bench-', seq, '@example.com'),
       JSON_OBJECT('username', 'bench', 'ip', '192.0.2.1', 'user_agent', 'bench', 'time', 'now'),
       'queued', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 1 DAY, UTC_TIMESTAMP(6)
  FROM seq_$((thousand * 1000 + 1))_to_$((thousand * 1000 + 1000))
SQL
done

# The floor: the commits of single rows that this database makes on one connection.
query -e "CREATE TABLE bench_commits (id INT PRIMARY KEY, n INT); INSERT INTO bench_commits VALUES (1, 0)"
for _ in $(seq 5000); do echo "UPDATE bench_commits SET n = n + 1;"; done >"$dir/commits.sql"
began=$(print_now)
query <"$dir/commits.sql"
commits=$(awk "BEGIN { printf \"%.0f\", 5000 / ($(print_now) - $began) }")
query -e "DROP TABLE bench_commits"

kill -HUP "$(cat "$run/csauthd.pid")"
kill -CONT "$mailer"
has_sent() { [[ $(query -e "SELECT COUNT(*) FROM outbox WHERE state = 'sent'") -ge $1 ]]; }
wait_until 60 has_sent 100 || { echo "no mail leaves"; tail -n 3 "$var/log/csauthd.log"; exit 1; }
began=$(print_now)
before=$(query -e "SELECT COUNT(*) FROM outbox WHERE state = 'sent'")
wait_until 600 has_sent 10000 || { echo "the outbox does not drain"; exit 1; }
rate=$(awk "BEGIN { printf \"%.0f\", (10000 - $before) / ($(print_now) - $began) }")
failed=$(query -e "SELECT COUNT(*) FROM outbox WHERE state = 'failed'")
((failed == 0)) || { echo "$failed mails failed"; exit 1; }
connections=$(wc -l <"$dir/connections")
printf '%-44s %8s\n' "mails a second" "$rate" "single-row commits a second, one connection" "$commits" \
    "mails to commits" "$(print_ratio "$rate" "$commits")" "connections to the relay" "$connections"

jq --argjson rate "$rate" --argjson commits "$commits" --argjson connections "$connections" \
    '. + {mail: {per_second: $rate, commits_per_second: $commits, connections: $connections}}' "$dir/times.json" \
    >"$build/bench.json"
echo
echo "All of it as JSON: $build/bench.json"
