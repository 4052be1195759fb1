#!/bin/bash
# How fast the service is, as ratios to what this machine can do without it: measured in the same run, each right
# beside what it is compared with, in turn (A B A B). Prints tables, and JSON into BUILD/bench-speed.json. It reports no
# run in which an answer was an error.
#   tests/bench/speed.sh BUILD [USERS [SECONDS [ROUNDS]]]
# USERS: how many a second service has, beside the first one's 1,000: 1,000,000 as it comes; 0 for none.
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/lib.sh
use_plain_surroundings

build=$(realpath "$1")
users=${2:-1000000}
seconds=${3:-3}
rounds=${4:-5}
few=1000
at_once=32
cores=$(nproc)
password='a seed for many'
export password
dir=$(mktemp -d "${TMPDIR:-/tmp}/csauth-bench-XXXXXX")
chmod 711 "$dir" # nginx' workers pass through
stacks=()
responders=()
stop_all() {
    local pid stack
    for pid in "${responders[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
    for stack in "${stacks[@]}"; do scripts/stop --var "$dir/$stack" >/dev/null || true; done
    rm -rf "$dir"
}
trap stop_all EXIT
die() {
    echo "speed: $*" >&2
    exit 1
}
say() { echo "$*" >&2; }

# ---- Services: `few` has 1,000 people, `many` as many as there shall be
declare -A port run
find_free_port() {
    /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
print_now() { date +%s.%N; }
print_since() { awk "BEGIN { printf \"%.2f\", $(print_now) - $1 }"; }
start_stack() { # STACK [DATABASE-MEMORY]: as it is installed, but for its limits; sets $start_seconds
    local began
    [[ -n ${port[$1]-} ]] || { port[$1]=$(find_free_port); stacks+=("$1"); }
    began=$(print_now)
    CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_MAX_REQUESTS=100000000 CSAUTH_TOKENS_ACCESS_LIFETIME=3h \
        scripts/run --build "$build" --var "$dir/$1" --port "${port[$1]}" --db-memory "${2:-1G}" \
        --quiet >"$dir/$1.txt" 2>&1 &
    wait_until 150 grep -q '^ready' "$dir/$1.txt" || die "$1 does not start: $(cat "$dir/$1.txt")"
    start_seconds=$(print_since "$began")
    run[$1]=$(print_run_dir "$(realpath "$dir/$1")")
}
query() { # STACK mariadb's arguments…
    local stack=$1
    shift
    mariadb --no-defaults --socket="${run[$stack]}/db.sock" --user="$(id -un)" --batch --skip-column-names csauth "$@"
}
list_pids() { # STACK ROLE
    local pid
    for pid in $(pgrep --parent "$(cat "${run[$1]}/csauthd.pid")" --full .); do
        if [[ $(cat "/proc/$pid/comm") == "csauthd:$2" ]]; then echo "$pid"; fi
    done
}

# There are people of three kinds, so that none gets into another's way: for GET /api/me/, for refreshes (a token is
# good once), and for sign-ins. The latter always sign in from the same place, so that no mail is sent about it.
sign_in() { # PORT NUMBER
    curl --silent --max-time 60 --user-agent '' --header 'Content-Type: application/json' \
        --data "{\"email\":\"seed-$2@example.com\",\"password\":\"$password\"}" "http://127.0.0.1:$1/api/login/" |
        jq -r '"\(.user.username) \(.user.id) \(.tokens.access) \(.tokens.refresh)"'
}
export -f sign_in
sign_everybody_in() { # STACK PEOPLE
    local stack=$1 all=$2 wanted=800 i
    for ((i = 1; i <= wanted; i++)); do echo $((1 + i * ((all - 1) / wanted))); done |
        xargs -P 4 -I{} bash -c "sign_in ${port[$stack]} {}" >"$dir/$stack.all"
    [[ $(grep -c ' ey' "$dir/$stack.all") == "$wanted" ]] || die "not everybody could sign in"
    head -n 240 "$dir/$stack.all" >"$dir/$stack.people"
    sed -n 241,320p "$dir/$stack.all" >"$dir/$stack.refreshers"
    sed 1,320d "$dir/$stack.all" >"$dir/$stack.regulars"
}
mail_is_out() { [[ $(query "$1" -e "SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending')") == 0 ]]; }
# A token is looked up as long as it may not know of a recall: those of people who were just made.
board_is_silent() {
    [[ -z $(query "$1" -e "SELECT 1 FROM recalls WHERE recalled_at > UTC_TIMESTAMP() - INTERVAL 70 SECOND LIMIT 1") ]]
}
populate() { # STACK PEOPLE
    scripts/seed-users "$2" --var "$dir/$1" --build "$build" >/dev/null
    wait_until 100 board_is_silent "$1" || die "the recalls of $1 do not settle"
    sign_everybody_in "$1" "$2"
    wait_until 120 mail_is_out "$1" || die "the mail of $1 does not leave"
}

# ---- The floors
floor_port=$(find_free_port)
start_responder() { # NAME ARGUMENTS…
    local name=$1
    shift
    setsid "$build/floors" responder "$dir/$name.sock" "$@" >"$dir/$name.out" 2>&1 &
    responders+=($!)
    wait_until 20 grep -q ready "$dir/$name.out" || die "the responder does not start: $(cat "$dir/$name.out")"
    chmod 666 "$dir/$name.sock"
}
floors_answer() {
    [[ $(curl --silent --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:$floor_port/nothing") == 204 ]]
}
begin_floors() {
    query few -e "CREATE TABLE bench_rows (id INT PRIMARY KEY, n INT NOT NULL); INSERT INTO bench_rows
        VALUES $(seq -s, 1 64 | sed 's/[0-9]*/(&, 0)/g'); GRANT SELECT, UPDATE ON bench_rows TO csauth@localhost"
    start_responder nothing 8 connection-each
    start_responder kept 2 connections-kept
    start_responder select 8 connection-each "${run[few]}/db.sock" "$dir/few/secrets/db_password"
    mkdir -p "$dir/site"
    echo "a page" >"$dir/site/page.html"
    chmod 755 "$dir/site"
    cat >"$dir/few/nginx/sites/floors.conf" <<NGINX
upstream floor_kept {
    server "unix:$dir/kept.sock";
    keepalive 64;
}
server {
    listen 127.0.0.1:$floor_port;
    server_name localhost;
    root "$dir/site";
    set \$csauth_sign_in_page http://localhost:${port[few]}/sign-in/;
    include "$dir/few/nginx/csauth_protect.conf";

    location = /nginx { return 204; }
    location = /nothing { include /etc/nginx/fastcgi_params; fastcgi_pass "unix:$dir/nothing.sock"; }
    location = /kept { include /etc/nginx/fastcgi_params; fastcgi_keep_conn on; fastcgi_pass floor_kept; }
    location = /select { include /etc/nginx/fastcgi_params; fastcgi_pass "unix:$dir/select.sock"; }
    location /guarded-by-nothing/ { auth_request /nothing; alias "$dir/site/"; }
    location /guarded/ {
        set \$csauth_require any;
        include "$dir/few/nginx/csauth_require.conf";
        alias "$dir/site/";
    }
}
NGINX
    kill -HUP "$(cat "${run[few]}/nginx.pid")"
    wait_until 20 floors_answer || die "the floors do not answer"
}

# ---- What is measured: lines of NAME FIGURE
results=$dir/results
note_figure() { echo "$1 $2" >>"$results"; }
list_figures() { awk -v name="$1" '$1 == name { print $2 }' "$results" | sort -n; }
print_median() {
    list_figures "$1" |
        awk '{ all[NR] = $1 } END { printf "%.2f", NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'
}
client_priority=()
run_load() { # PORT SCENARIO KEY=VALUE…: the answer in $answer
    answer=$("${client_priority[@]}" "$build/http_load" "$@" 2>"$dir/load.err") || die "$*: $(cat "$dir/load.err")"
    [[ $(jq .errors <<<"$answer") == 0 ]] || die "$* has errors: $answer $(head -c 1000 "$dir/load.err")"
}
measure_rate() { # NAME PORT SCENARIO KEY=VALUE…
    local name=$1
    shift
    run_load "$@" seconds="$seconds"
    note_figure "$name" "$(jq .per_second <<<"$answer")"
}
measure_floor() { # NAME
    case $1 in
        hashes) note_figure hashes "$("$build/floors" hashes "$seconds" "$cores")" ;;
        commits) note_figure commits \
            "$("$build/floors" commits "$seconds" 8 "${run[few]}/db.sock" "$dir/few/secrets/db_password")" ;;
        select8) run_with_parts few "$1" measure_rate "$1" \
            "$floor_port" get path=/select connections=8 people="$dir/few.people" ;;
        guarded-by-nothing) run_with_parts few "$1" measure_rate "$1" \
            "$floor_port" get path="/$1/page.html" connections=$at_once people="$dir/few.people" ;;
        *) run_with_parts few "$1" measure_rate "$1" \
            "$floor_port" get path="/$1" connections=$at_once people="$dir/few.people" ;;
    esac
}
# Where the time goes: microseconds of a processor in each part, for a request. The worker is csauthd, or what a floor
# has in its place.
parts=(nginx worker db)
read_ticks() { # STACK PART: of the part's processes and their children, in hundredths of a second
    local parents parent_list pid
    case $2 in
        worker) parents=("$(read_pid "${run[$1]}/csauthd.process")" "${responders[@]}") ;;
        *) parents=("$(read_pid "${run[$1]}/$2.process")") ;;
    esac
    parent_list=$(printf ',%s' "${parents[@]}")
    for pid in "${parents[@]}" $(pgrep --parent "${parent_list:1}"); do
        cat "/proc/$pid/stat"
    done | sed 's/.*) //' | awk '{ sum += $12 + $13 } END { print sum }'
}
run_with_parts() { # STACK AS/NAME COMMAND…
    local stack=$1 name=$2 part
    local -A before
    shift 2
    for part in "${parts[@]}"; do before[$part]=$(read_ticks "$stack" "$part"); done
    "$@"
    for part in "${parts[@]}"; do
        note_figure "$part:$name" \
            "$(awk -v ticks="$(read_ticks "$stack" "$part")" -v before="${before[$part]}" \
                -v requests="$(jq .requests <<<"$answer")" 'BEGIN { print (ticks - before) * 10000 / requests }')"
    done
}
measure_ours() { # STACK NAME [AS]: notes AS/NAME, or STACK/NAME
    local stack=$1 at=${port[$1]} as=${3:-$1} mailer
    case $2 in
        verify) run_with_parts "$stack" "$as/$2" measure_rate "$as/$2" \
            "$at" get path=/auth/verify connections=$at_once people="$dir/$stack.people" ;;
        guarded) run_with_parts "$stack" "$as/$2" measure_rate "$as/$2" \
            "$floor_port" get path=/guarded/page.html connections=$at_once people="$dir/$stack.people" ;;
        me) run_with_parts "$stack" "$as/$2" measure_rate "$as/$2" \
            "$at" get path=/api/me/ connections=$at_once people="$dir/$stack.people" ;;
        login) run_with_parts "$stack" "$as/$2" measure_rate "$as/$2" \
            "$at" login connections=8 people="$dir/$stack.regulars" password="$password" ;;
        refresh) run_with_parts "$stack" "$as/$2" measure_rate "$as/$2" \
            "$at" refresh connections=8 people="$dir/$stack.refreshers" keep=yes ;;
        heartbeat) run_with_parts "$stack" "$as/$2" measure_rate "$as/$2" \
            "$at" heartbeat connections=$at_once people="$dir/$stack.people" ;;
        register)
            mailer=$(list_pids "$stack" mailer)
            kill -STOP "$mailer"
            run_with_parts "$stack" "$as/$2" measure_rate "$as/$2" "$at" register connections=8 \
                prefix="new-$RANDOM$RANDOM"
            query "$stack" -e "DELETE FROM outbox WHERE state = 'queued'"
            kill -CONT "$mailer"
            ;;
    esac
}

start_stack few
populate few "$few"
begin_floors
for ((round = 1; round <= rounds; round++)); do
    say "round $round of $rounds"
    for what in nginx nothing kept; do measure_floor $what; done
    measure_ours few verify
    measure_ours few heartbeat
    measure_floor guarded-by-nothing
    measure_ours few guarded
    measure_floor select
    measure_ours few me
    measure_floor hashes
    measure_ours few login
    measure_ours few register
    measure_floor select8
    measure_floor commits
    measure_ours few refresh
done

# ---- Checks while a flood of sign-ins comes, quiet and loud in turn. The client that measures has a processor at once,
# quiet and loud, where the kernel lets it: else it would take its own waiting for the service's.
if chrt --rr 1 true 2>/dev/null; then client_priority=(chrt --rr 1); fi
for ((round = 1; round <= rounds; round++)); do
    for path in /auth/verify /api/me/; do
        checks=("${port[few]}" get path="$path" connections=128 rate=2000 people="$dir/few.people" seconds="$seconds")
        run_load "${checks[@]}"
        note_figure "quiet$path" "$(jq .p99_ms <<<"$answer")"
        "$build/http_load" "${port[few]}" login connections=500 rate=1000 seconds=$((seconds + 2)) \
            people="$dir/few.regulars" \
            password="$password" expect=200,401,429,503 >"$dir/flood" 2>"$dir/flood.err" &
        flood=$!
        # Its first second passes while everybody connects.
        run_load "${checks[@]:0:5}" people="$dir/few.people" seconds=1
        run_load "${checks[@]}"
        note_figure "loud$path" "$(jq .p99_ms <<<"$answer")"
        wait "$flood"
        [[ $(jq .errors "$dir/flood") == 0 ]] ||
            die "the flood was not answered well: $(cat "$dir/flood") $(head -c 600 "$dir/flood.err")"
    done
done
flood_answers=$(jq -c .statuses "$dir/flood")
client_priority=()

# ---- Memory, in KiB that a process has to itself
find_largest() { # ROLE
    local pid
    for pid in $(list_pids few "$1"); do
        awk '/^Private/ { sum += $2 } END { print sum }' "/proc/$pid/smaps_rollup"
    done | sort -n | tail -n 1
}
edge_before=$(find_largest edge) api_before=$(find_largest api)
run_load "${port[few]}" get path=/auth/verify connections=$at_once people="$dir/few.people" seconds=600 requests=600000
run_load "${port[few]}" get path=/api/me/ connections=$at_once people="$dir/few.people" seconds=600 requests=400000
edge_kib=$(find_largest edge) api_kib=$(find_largest api) hash_kib=$(find_largest hash)

# ---- Growth: beside the service with few people another one with many
scenarios=(verify me login refresh register heartbeat)
if ((users > 0)); then
    say "a second service grows to $users people"
    start_stack many 3G
    began=$(print_now)
    scripts/seed-users "$users" --var "$dir/many" --build "$build" >/dev/null
    seeded=$(print_since "$began")
    query many -e "ANALYZE TABLE users, sessions, devices, user_roles" >/dev/null
    populate many "$users"
    for ((round = 1; round <= rounds; round++)); do
        say "round $round of $rounds, with many"
        for name in "${scenarios[@]}"; do
            measure_ours few "$name" beside
            measure_ours many "$name"
        done
    done
fi

# ---- How long a start takes: that of csauthd by its log, and that of all of `make run`
ready_seconds=$(jq -rs 'map(select(.event == "started" or .event == "ready") | .ts) | [.[0], .[1]]
    | map(sub("\\.[0-9]+Z"; "Z") as $s | ($s | fromdate) + (capture("\\.(?<f>[0-9]+)Z").f | tonumber / 1000000))
    | .[1] - .[0]' \
    <(grep -E '"event":"(started|ready)"' "$dir/few/log/csauthd.log"))
scripts/stop --var "$dir/few" >/dev/null
for pid in "${responders[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
responders=()
rm "$dir/few/nginx/sites/floors.conf"
start_stack few

# ---- The report
print_ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }
declare -A allowed # microseconds of all cores in all that a request may take to meet its target
print_row() { # KEY NAME FIGURE FLOOR TARGET
    printf '%-28s %10.0f %10.0f %8s %8s\n' "$2" "$3" "$4" "$(print_ratio "$3" "$4")" "$5"
    jq -n --arg name "$2" --argjson figure "$3" --argjson floor "$4" --argjson target "$5" \
        '{name: $name, figure: $figure, floor: $floor, ratio: ($figure / $floor), target: $target}' >>"$dir/rows"
    allowed[$1]=$(awk "BEGIN { printf \"%.0f\", $cores * 1000000 / ($4 * $5) }")
}
print_lower() { awk "BEGIN { print ($1 < $2 ? $1 : $2) }"; }
both=$(awk "BEGIN { print 1 / (1 / $(print_median select8) + 1 / $(print_median commits)) }")
echo
echo "On $cores cores; medians of $rounds rounds of $seconds s, in turn"
printf '%-28s %10s\n' "floor" "a second"
for name in nginx nothing kept guarded-by-nothing select select8 hashes commits; do
    printf '%-28s %10.0f\n' "$name" "$(print_median $name)"
done
echo
printf '%-28s %10s %10s %8s %8s\n' "scenario" "a second" "floor" "ratio" "target"
print_row few/verify "/auth/verify" "$(print_median few/verify)" "$(print_median nothing)" 1.8
print_row few/guarded "a site behind auth_request" "$(print_median few/guarded)" \
    "$(print_median guarded-by-nothing)" 0.85
print_row few/me "GET /api/me/" "$(print_median few/me)" "$(print_median select)" 0.9
print_row few/login "POST /api/login/" "$(print_median few/login)" "$(print_median hashes)" 0.88
print_row few/refresh "POST /api/token/refresh/" "$(print_median few/refresh)" "$both" 0.9
print_row few/register "POST /api/register/" "$(print_median few/register)" \
    "$(print_lower "$(print_median hashes)" "$(print_median commits)")" 0.85
print_row few/heartbeat "PUT /api/presence/" "$(print_median few/heartbeat)" "$(print_median few/verify)" 0.8
echo
printf '%-28s %10s %10s %10s %10s %10s\n' "µs of a core for a request" "nginx" "worker" "database" "all" "allowed"
for name in nothing kept guarded-by-nothing select select8 few/verify few/guarded few/heartbeat few/me few/refresh \
    few/login few/register; do
    # what is not in the others: the client, the kernel, waiting
    all=$(awk "BEGIN { print $cores * 1000000 / $(print_median "$name") }")
    printf '%-28s %10.0f %10.0f %10.0f %10.0f %10s\n' "${name#few/}" "$(print_median "nginx:$name")" \
        "$(print_median "worker:$name")" "$(print_median "db:$name")" "$all" "${allowed[$name]-}"
    jq -n --arg name "${name#few/}" --argjson nginx "$(print_median "nginx:$name")" --argjson worker \
        "$(print_median "worker:$name")" \
        --argjson db "$(print_median "db:$name")" --argjson all \
        "$all" '{name: ("µs of " + $name), nginx: $nginx, worker: $worker, db: $db, all: $all}' >>"$dir/rows"
done
if ((users > 0)); then
    echo
    echo "with $users people and $((2 * users)) sessions (made in $seeded s), against itself with $few people"
    printf '%-28s %10s %10s %8s %8s\n' "scenario" "many" "few" "ratio" "target"
    for name in "${scenarios[@]}"; do
        print_row "many/$name" "$name" "$(print_median "many/$name")" "$(print_median "beside/$name")" 0.85
    done
fi
echo
printf '%-28s %10s %10s %10s\n' "p99 in ms at 2,000 a second" "quiet" "flooded" "at most"
for path in /auth/verify /api/me/; do
    quiet=$(print_median "quiet$path") loud=$(print_median "loud$path")
    most=$(awk "BEGIN { a = 2 * $quiet; b = $quiet + 2; print (a > b ? a : b) }")
    printf '%-28s %10.2f %10.2f %10.2f\n' "$path" "$quiet" "$loud" "$most"
    jq -n --arg name "p99 of $path" --argjson quiet "$quiet" --argjson flooded "$loud" --argjson most \
        "$most" '$ARGS.named' >>"$dir/rows"
done
echo "the flood's answers: $flood_answers"
echo
printf '%-44s %s\n' "KiB of an edge worker, before and behind" "$edge_before $edge_kib, 600,000 checks" \
    "KiB of an api worker, before and behind" "$api_before $api_kib, 400,000 requests" \
    "KiB of a hash worker, 19 MiB of it for hashes" "$hash_kib" \
    "csauthd ready, s" "$ready_seconds" "make run, the second time, s" "$start_seconds"
jq -s --argjson cores "$cores" --argjson edge_kib "$edge_kib" --argjson api_kib "$api_kib" --argjson hash_kib \
    "$hash_kib" \
    --argjson ready_seconds "$ready_seconds" --argjson start_seconds "$start_seconds" \
    '{cores: $cores, rows: ., edge_kib: $edge_kib, api_kib: $api_kib, hash_kib: $hash_kib,
        ready_seconds: $ready_seconds, start_seconds: $start_seconds}' \
    "$dir/rows" >"$build/bench-speed.json"
echo "All of it as JSON: $build/bench-speed.json"
