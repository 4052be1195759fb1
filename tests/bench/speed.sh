#!/bin/bash
# How fast the service is, as ratios to what this machine can do without it, measured in the same run and in turn with it.
# Prints a table, and JSON into BUILD/bench-speed.json. It reports no run with an answer in it that is an error.
#   tests/bench/speed.sh BUILD [USERS [SECONDS]]     USERS: how many the service is to grow to, 1,000,000; 0: no growth
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/lib.sh

build=$(realpath "$1")
users=${2:-1000000}
seconds=${3:-5}
few=1000
rounds=3
at_once=32
cores=$(nproc)
people_count=320
password='a seed for many'
dir=$(mktemp -d "${TMPDIR:-/tmp}/csauth-bench-XXXXXX")
var=$dir/var
responders=()
stop_all() {
    local pid
    for pid in "${responders[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
    scripts/stop --var "$var" >/dev/null || true
    rm -rf "$dir"
}
trap stop_all EXIT
die() {
    echo "speed: $*" >&2
    exit 1
}

free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port)
floor_port=$(free_port)
now() { date +%s.%N; }
begin() { # the service, as it is installed but for its limits
    local began
    began=$(now)
    CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_MAX_REQUESTS=100000000 CSAUTH_TOKENS_ACCESS_LIFETIME=3h \
        scripts/run --build "$build" --var "$var" --port "$port" --db-memory 3G --quiet >"$dir/run.txt" 2>&1 &
    wait_until 150 grep -q '^ready' "$dir/run.txt" || { cat "$dir/run.txt"; exit 1; }
    start_seconds=$(awk "BEGIN { printf \"%.2f\", $(now) - $began }")
}
begin
run=$(run_dir_of "$(realpath "$var")")
sql() { mariadb --no-defaults --socket="$run/db.sock" --user="$(id -un)" --batch --skip-column-names csauth "$@"; }
pids() { # ROLE
    local pid
    for pid in $(pgrep --parent "$(cat "$run/csauthd.pid")" --full .); do
        if [[ $(cat "/proc/$pid/comm") == "csauthd:$1" ]]; then echo "$pid"; fi
    done
}

# ---- The floors
sql -e "CREATE TABLE bench_rows (id INT PRIMARY KEY, n INT NOT NULL); INSERT INTO bench_rows VALUES $(seq -s, 1 64 | sed 's/[0-9]*/(&, 0)/g')"
responder() { # NAME ARGUMENTS…
    local name=$1
    shift
    setsid "$build/floors" responder "$dir/$name.sock" "$@" >"$dir/$name.out" 2>&1 &
    responders+=($!)
    wait_until 20 grep -q ready "$dir/$name.out" || die "the responder does not start: $(cat "$dir/$name.out")"
    chmod 666 "$dir/$name.sock"
}
responder nothing 8
responder select 8 "$run/db.sock" "$var/secrets/db_password"
chmod 711 "$dir"
mkdir -p "$dir/site"
echo "a page" >"$dir/site/page.html"
chmod 755 "$dir/site"
cat >"$var/nginx/sites/floors.conf" <<NGINX
server {
    listen 127.0.0.1:$floor_port;
    server_name localhost;
    root "$dir/site";
    set \$csauth_sign_in_page http://localhost:$port/sign-in/;
    include "$var/nginx/csauth_protect.conf";

    location = /nginx { return 204; }
    location = /nothing { include fastcgi_params; fastcgi_pass "unix:$dir/nothing.sock"; }
    location = /select { include fastcgi_params; fastcgi_pass "unix:$dir/select.sock"; }
    location /guarded-by-nothing/ { auth_request /nothing; alias "$dir/site/"; }
    location /guarded/ {
        set \$csauth_require any;
        include "$var/nginx/csauth_require.conf";
        alias "$dir/site/";
    }
}
NGINX
# fastcgi_params is nginx' own, with what any site has.
sed -i 's,include fastcgi_params,include /etc/nginx/fastcgi_params,' "$var/nginx/sites/floors.conf"
kill -HUP "$(cat "$run/nginx.pid")"
floors_answer() { [[ $(curl --silent --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:$floor_port/nothing") == 204 ]]; }
wait_until 20 floors_answer || die "the floors do not answer"

# ---- What is measured
results=$dir/results # lines of NAME FIGURE
note() { echo "$1 $2" >>"$results"; }
load() { # NAME PORT SCENARIO KEY=VALUE…: notes NAME; the whole answer in $answer
    local name=$1
    shift
    answer=$("$build/http_load" "$@" seconds="$seconds" 2>"$dir/load.err") || die "$name: $(cat "$dir/load.err")"
    [[ $(jq .errors <<<"$answer") == 0 ]] || die "$name has errors: $answer $(head -c 1000 "$dir/load.err")"
    note "$name" "$(jq .per_second <<<"$answer")"
}
median() { awk -v name="$1" '$1 == name { print $2 }' "$results" | sort -n | awk '{ all[NR] = $1 } END { printf "%.1f", NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'; }

sign_in() {
    curl --silent --max-time 60 --header 'Content-Type: application/json' \
        --data "{\"email\":\"seed-$1@example.com\",\"password\":\"$password\"}" "http://127.0.0.1:$port/api/login/" |
        jq -r '"\(.user.username) \(.user.id) \(.tokens.access) \(.tokens.refresh)"'
}
export -f sign_in
export port password
all_sign_in() { # some of all who there are, far from each other
    local all=$1 i
    for ((i = 1; i <= people_count; i++)); do echo $((2 + i * ((all - 2) / people_count))); done |
        xargs -P 4 -I{} bash -c 'sign_in {}' >"$dir/people"
    [[ $(grep -c ' ey' "$dir/people") == "$people_count" ]] || die "not everybody could sign in"
    people=people=$dir/people
    # Who refreshes does nothing else, as each token is good once; nor who signs in, as nobody has sessions without end.
    head -n 80 "$dir/people" >"$dir/refreshers"
    sed -i 1,80d "$dir/people"
    for ((i = 1; i <= 2000; i++)); do echo "seed-$((1 + (RANDOM * 32768 + RANDOM) % all)) - - -"; done >"$dir/strangers"
    strangers=people=$dir/strangers
}
board_is_silent() { [[ -z $(sql -e "SELECT 1 FROM users WHERE username = 'seed-1' AND created_at > UTC_TIMESTAMP() - INTERVAL 70 SECOND") ]]; }

mailer=$(pids mailer)
ours() { # PREFIX: each of our scenarios once
    load "$1/verify" "$port" get path=/auth/verify connections=$at_once "$people"
    load "$1/guarded" "$floor_port" get path=/guarded/page.html connections=$at_once "$people"
    load "$1/me" "$port" get path=/api/me/ connections=$at_once "$people"
    load "$1/login" "$port" login connections=8 "$strangers" password="$password"
    load "$1/refresh" "$port" refresh connections=8 people="$dir/refreshers" keep=yes
    kill -STOP "$mailer"
    load "$1/register" "$port" register connections=8 prefix="$1-$RANDOM"
    kill -CONT "$mailer"
    load "$1/heartbeat" "$port" heartbeat connections=$at_once "$people"
}
floors() {
    load nginx "$floor_port" get path=/nginx connections=$at_once
    load nothing "$floor_port" get path=/nothing connections=$at_once
    load guarded-by-nothing "$floor_port" get path=/guarded-by-nothing/page.html connections=$at_once
    load select "$floor_port" get path=/select connections=$at_once
    load select8 "$floor_port" get path=/select connections=8
    note hashes "$("$build/floors" hashes "$seconds" "$cores")"
    note commits "$("$build/floors" commits "$seconds" 8 "$run/db.sock" "$var/secrets/db_password")"
}

scripts/seed-users "$few" --var "$var" --build "$build" >/dev/null
all_sign_in "$few"
wait_until 100 board_is_silent
for ((round = 1; round <= rounds; round++)); do
    echo "round $round of $rounds" >&2
    floors
    ours few
done

# ---- Checks while a flood of sign-ins comes, quiet and loud in turn
tail_ms() { jq ".p99_ms" <<<"$answer"; }
for ((round = 1; round <= rounds; round++)); do
    for path in /auth/verify /api/me/; do
        load "open$path" "$port" get path=$path connections=128 rate=2000 "$people"
        note "quiet$path" "$(tail_ms)"
        "$build/http_load" "$port" login connections=500 rate=1000 seconds=$((seconds + 2)) "$strangers" password="$password" \
            expect=200,401,429,503 >"$dir/flood" 2>"$dir/flood.err" &
        flood=$!
        sleep 1 # the flood is there
        load "open$path" "$port" get path=$path connections=128 rate=2000 "$people"
        note "loud$path" "$(tail_ms)"
        wait "$flood"
        [[ $(jq .errors "$dir/flood") == 0 ]] || die "the flood was not answered well: $(cat "$dir/flood") $(head -c 600 "$dir/flood.err")"
    done
done
flood_answers=$(jq -c .statuses "$dir/flood")

# ---- Memory, in KiB that a process has to itself
private_kib() { awk '/^Private/ { sum += $2 } END { print sum }' "/proc/$1/smaps_rollup"; }
largest() { # ROLE
    local pid
    for pid in $(pids "$1"); do private_kib "$pid"; done | sort -n | tail -n 1
}
edge_before=$(largest edge) api_before=$(largest api)
answer=$("$build/http_load" "$port" get path=/auth/verify connections=$at_once "$people" seconds=600 requests=500000)
answer=$("$build/http_load" "$port" get path=/api/me/ connections=$at_once "$people" seconds=600 requests=500000)
edge_kib=$(largest edge) api_kib=$(largest api) hash_kib=$(largest hash)

# ---- Growth
if ((users > 0)); then
    echo "the service grows to $users people" >&2
    began=$(now)
    scripts/seed-users "$users" --var "$var" --build "$build" >/dev/null
    seeded=$(awk "BEGIN { printf \"%.0f\", $(now) - $began }")
    sql -e "ANALYZE TABLE users, sessions, devices, user_roles" >/dev/null
    all_sign_in "$users"
    for ((round = 1; round <= rounds; round++)); do ours many; done
fi

# ---- How long a start takes: of all of `make run`, and of csauthd alone
scripts/stop --var "$var" >/dev/null
for pid in "${responders[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
responders=()
rm "$var/nginx/sites/floors.conf"
begin
csauthd=$(cat "$run/csauthd.pid")
kill "$csauthd"
wait_until 20 test ! -d "/proc/$csauthd"
scripts/stop --var "$var" >/dev/null

ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }
row() { # TEXT FIGURE FLOOR TARGET
    printf '%-34s %10.0f %10.0f %8s %8s\n' "$1" "$2" "$3" "$(ratio "$2" "$3")" "$4"
    jq -n --arg name "$1" --argjson figure "$2" --argjson floor "$3" --argjson target "$4" \
        '{name: $name, figure: $figure, floor: $floor, ratio: ($figure / $floor), target: $target}' >>"$dir/rows"
}
lower() { awk "BEGIN { print ($1 < $2 ? $1 : $2) }"; }
echo
echo "On $cores cores; medians of $rounds rounds of $seconds s, in turn"
printf '%-34s %10s\n' "floor" "a second"
for floor in nginx nothing guarded-by-nothing select select8 hashes commits; do printf '%-34s %10.0f\n' "$floor" "$(median $floor)"; done
echo
printf '%-34s %10s %10s %8s %8s\n' "scenario" "a second" "floor" "ratio" "target"
row "/auth/verify" "$(median few/verify)" "$(median nothing)" 1.8
row "a site behind auth_request" "$(median few/guarded)" "$(median guarded-by-nothing)" 0.85
row "GET /api/me/" "$(median few/me)" "$(median select)" 0.9
row "POST /api/login/" "$(median few/login)" "$(median hashes)" 0.88
row "POST /api/token/refresh/" "$(median few/refresh)" "$(awk "BEGIN { print 1 / (1 / $(median select8) + 1 / $(median commits)) }")" 0.9
row "POST /api/register/" "$(median few/register)" "$(lower "$(median hashes)" "$(median commits)")" 0.85
row "PUT /api/presence/" "$(median few/heartbeat)" "$(median few/verify)" 0.8
if ((users > 0)); then
    echo
    echo "the same with $users people, $((2 * users)) sessions (made in $seeded s); the floor is itself with $few people"
    for name in verify guarded me login refresh register heartbeat; do row "$name at $users" "$(median many/$name)" "$(median few/$name)" 0.85; done
fi
echo
printf '%-34s %10s %10s %10s\n' "p99 in ms at 2,000 a second" "quiet" "flooded" "at most"
for path in /auth/verify /api/me/; do
    quiet=$(awk -v n="quiet$path" '$1 == n { print $2 }' "$results" | sort -n | sed -n "$(((rounds + 1) / 2))p")
    loud=$(awk -v n="loud$path" '$1 == n { print $2 }' "$results" | sort -n | sed -n "$(((rounds + 1) / 2))p")
    most=$(awk "BEGIN { a = 2 * $quiet; b = $quiet + 2; print (a > b ? a : b) }")
    printf '%-34s %10.2f %10.2f %10.2f\n' "$path" "$quiet" "$loud" "$most"
    jq -n --arg name "p99 of $path" --argjson quiet "$quiet" --argjson flooded "$loud" --argjson most "$most" '$ARGS.named' >>"$dir/rows"
done
echo "the flood's answers: $flood_answers"
echo
printf '%-60s %s\n' "KiB of an edge worker, before and behind 500,000 requests" "$edge_before $edge_kib" \
    "KiB of an api worker, before and behind 500,000 requests" "$api_before $api_kib" "KiB of a hash worker" "$hash_kib" \
    "make run, the second time, s" "$start_seconds"
jq -s --argjson cores "$cores" --argjson edge_kib "$edge_kib" --argjson api_kib "$api_kib" --argjson hash_kib "$hash_kib" \
    --argjson start_seconds "$start_seconds" '{cores: $cores, rows: ., edge_kib: $edge_kib, api_kib: $api_kib, hash_kib: $hash_kib, start_seconds: $start_seconds}' \
    "$dir/rows" >"$build/bench-speed.json"
echo "All of it as JSON: $build/bench-speed.json"
