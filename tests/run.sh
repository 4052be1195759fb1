#!/bin/bash
# Runs every test: unit, store, integration, process. Prints each runner's summary, and at the end
# "N passed, N failed" alone on a line.
#   tests/run.sh BUILD                             runs all
#   tests/run.sh BUILD FILTER                      runs the shell tests whose path contains FILTER
#   tests/run.sh --only scripts BUILD [FILTER]     the same; without FILTER, every shell test
#   tests/run.sh --only unit BUILD [SUITE/CASE]    runs the unit tests, which need no database
#   tests/run.sh --only store BUILD [SUITE/CASE]   runs the store tests, against a database of their own
set -euo pipefail
source "$(dirname "$0")/../scripts/lib.sh"

print_usage() {
    sed -n 's/^# *\(  tests\/run.sh\)/\1/p' "${BASH_SOURCE[0]}" >&2
    exit 64
}

only=
if [[ ${1-} == --only ]]; then
    only=${2-}
    [[ $only =~ ^(unit|store|scripts)$ ]] || print_usage
    shift 2
fi
[[ $# -ge 1 && $# -le 2 && -d ${1-} ]] || print_usage
use_plain_surroundings
build=$(realpath "$1")
filter=${2-}
if [[ -n $filter && -z $only ]]; then only=scripts; fi
cd "$(dirname "$0")/.." # tests read files relative to the repository
export BUILD=$build
TEST_DIR=$(mktemp -d "${TMPDIR:-/tmp}/csauth-tests-XXXXXX")
export TEST_DIR
mkdir "$TEST_DIR/home"
export HOME=$TEST_DIR/home # nobody's .curlrc, .my.cnf or .jq
export ASAN_OPTIONS=detect_leaks=0:log_path=$TEST_DIR/sanitizer \
    UBSAN_OPTIONS=print_stacktrace=1:log_path=$TEST_DIR/sanitizer

passed=0
failed=0
skipped=0

add_results() { # PASSED FAILED
    passed=$((passed + $1))
    failed=$((failed + $2))
}

# is_asked_for KIND: whether that kind of test was asked for.
is_asked_for() { [[ -z $only || $only == "$1" ]]; }

stop_all() {
    [[ ! -e $TEST_DIR/main ]] || scripts/stop --var "$TEST_DIR/main" >/dev/null
    rm -rf "$TEST_DIR"
}
trap stop_all EXIT

# start_main OPTION…: starts the stack that the store and the integration tests share, in $VAR. The rate limits would
# only slow them down; limits_test.sh runs its own stack.
start_main() {
    CSAUTH_LIMITS_ENABLED=off CSAUTH_DATABASE_QUERY_TIMEOUT=20s \
        scripts/run --build "$build" --var "$VAR" --port "$PORT" --quiet "$@" >"$TEST_DIR/run.txt" 2>&1 &
    wait_until 150 grep -q '^ready' "$TEST_DIR/run.txt" && return
    cat "$TEST_DIR/run.txt"
    echo "the service did not start"
    echo "$passed passed, $((failed + 1)) failed"
    exit 1
}

# run_boost NAME BINARY [SUITE/CASE]: runs a Boost.Test binary and counts its cases by its short report.
run_boost() {
    local name=$1 report=$TEST_DIR/$1.txt good bad status=0
    "$2" --report_level=short --color_output=no ${3:+"--run_test=$3"} >"$report" 2>&1 || status=$?
    grep -vE '^Running [0-9]+ test cases?' "$report" | tail -n 60 || true
    good=$(grep -oE '[0-9]+ test cases? out of [0-9]+ passed' "$report" | grep -oE '^[0-9]+' | head -1 || true)
    bad=$(grep -oE '[0-9]+ test cases? out of [0-9]+ (failed|aborted)' "$report" |
        awk '{ sum += $1 } END { print sum + 0 }' || true)
    if ((status != 0)) && [[ -z $bad || $bad == 0 ]]; then bad=1; fi # died before its report
    echo "$name: ${good:-0} passed, ${bad:-0} failed"
    add_results "${good:-0}" "${bad:-0}"
}

# run_store: runs the store tests in a database of their own.
run_store() {
    local socket
    socket=$(print_run_dir "$(realpath "$VAR")")/db.sock
    mariadb --no-defaults --socket="$socket" --user="$(id -un)" -e \
        "CREATE DATABASE csauth_store_test; GRANT ALL ON csauth_store_test.* TO csauth_migrate@localhost"
    TEST_DB_SOCKET=$socket TEST_DB_PASSWORD_FILE=$VAR/secrets/migrate_password \
        run_boost store "$build/store_tests" "$@"
}

# run_script PATH: runs a shell test. Its last line is "NAME: N passed, N failed", otherwise it has died early. A line
# "NAME: skipped: WHY" before that says that this machine can't run it: it is shown, and counts as neither.
run_script() {
    local log summary why
    log=$TEST_DIR/$(basename "$1").txt
    timeout 600 bash "$1" >"$log" 2>&1 || true
    summary=$(tail -n 1 "$log")
    why=$(grep -E '^[a-z0-9_]+: skipped: ' "$log" || true)
    if [[ $summary =~ ^.*:\ ([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        local good=${BASH_REMATCH[1]} bad=${BASH_REMATCH[2]}
        if [[ -n $why ]]; then
            skipped=$((skipped + 1))
        elif ((good + bad == 0)); then
            bad=1 # it tested nothing
        fi
        if ((bad > 0)); then cat "$log"; else echo "${why:+$why$'\n'}$summary"; fi
        add_results "$good" "$bad"
    else
        cat "$log"
        echo "$1 died early"
        add_results 0 1
    fi
}

# Leaks are looked for in the unit tests alone: other processes exit without freeing.
if is_asked_for unit; then
    ASAN_OPTIONS=detect_leaks=1:log_path=$TEST_DIR/sanitizer run_boost unit "$build/unit_tests" "$filter"
fi

PORT=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export PORT VAR=$TEST_DIR/main
case $only in
    unit) ;;
    store) start_main --database-only ;;
    *) start_main ;;
esac

if is_asked_for store; then run_store "$filter"; fi
if is_asked_for scripts; then
    ran=0
    for script in tests/integration/*_test.sh tests/process/*_test.sh; do
        [[ $script == *"$filter"* ]] || continue
        ran=$((ran + 1))
        run_script "$script"
    done
    if ((ran == 0)); then
        echo "no shell test has '$filter' in its path"
        add_results 0 1
    fi
fi

# What a sanitizer had to say in any process.
if compgen -G "$TEST_DIR/sanitizer*" >/dev/null; then
    cat "$TEST_DIR"/sanitizer*
    echo "sanitizers: 0 passed, 1 failed"
    add_results 0 1
fi

((skipped == 0)) || echo "skipped scripts: $skipped"
echo "$passed passed, $failed failed"
((failed == 0))
