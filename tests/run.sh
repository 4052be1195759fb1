#!/bin/bash
# Runs every test: unit, store, integration, process. Prints each runner's summary, and at the end
# "N passed, N failed" alone on a line.
#   tests/run.sh BUILD [FILTER]     FILTER: run only scripts whose path contains it, and no C++ tests
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

build=$(realpath "$1")
filter=${2-}
export BUILD=$build
TEST_DIR=$(mktemp -d "${TMPDIR:-/tmp}/csauth-tests-XXXXXX")
export TEST_DIR
export ASAN_OPTIONS=detect_leaks=0:log_path=$TEST_DIR/sanitizer UBSAN_OPTIONS=print_stacktrace=1:log_path=$TEST_DIR/sanitizer

passed=0
failed=0
count() { # PASSED FAILED
    passed=$((passed + $1))
    failed=$((failed + $2))
}

stop_all() {
    [[ ! -e $TEST_DIR/main ]] || scripts/stop --var "$TEST_DIR/main" >/dev/null
    rm -rf "$TEST_DIR"
}
trap stop_all EXIT

# run_boost NAME BINARY: a Boost.Test binary; its short report has the numbers.
run_boost() {
    local report=$TEST_DIR/$1.txt status=0
    "$2" --report_level=short --color_output=no >"$report" 2>&1 || status=$?
    grep -vE '^Running [0-9]+ test cases' "$report" | tail -n 60 || true
    local good bad
    good=$(grep -oE '[0-9]+ test cases? out of [0-9]+ passed' "$report" | grep -oE '^[0-9]+' | head -1 || true)
    bad=$(grep -oE '[0-9]+ test cases? out of [0-9]+ (failed|aborted)' "$report" | awk '{ sum += $1 } END { print sum + 0 }' || true)
    if ((status != 0)) && [[ -z $bad || $bad == 0 ]]; then bad=1; fi # died before its report
    echo "$1: ${good:-0} passed, ${bad:-0} failed"
    count "${good:-0}" "${bad:-0}"
}

# run_script PATH: a shell test. Its last line is "NAME: N passed, N failed", otherwise it has died early. A line
# "NAME: skipped: WHY" before that says that this machine can't run it: it is shown, and counts as neither.
skipped=0
run_script() {
    local log
    log=$TEST_DIR/$(basename "$1").txt
    timeout 600 bash "$1" >"$log" 2>&1 || true
    local summary why
    summary=$(tail -n 1 "$log")
    why=$(grep -E '^[a-z_]+: skipped: ' "$log" || true)
    if [[ $summary =~ ^.*:\ ([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        local good=${BASH_REMATCH[1]} bad=${BASH_REMATCH[2]}
        if [[ -n $why ]]; then skipped=$((skipped + 1)); elif ((good + bad == 0)); then bad=1; fi # it tested nothing
        if ((bad > 0)); then cat "$log"; else echo "${why:+$why$'\n'}$summary"; fi
        count "$good" "$bad"
    else
        cat "$log"
        echo "$1 died early"
        count 0 1
    fi
}

if [[ -z $filter ]]; then
    ASAN_OPTIONS=detect_leaks=1:log_path=$TEST_DIR/sanitizer run_boost unit "$build/unit_tests"
fi

# One stack for the store and the integration tests. The rate limits would only slow them down; limits_test.sh
# runs its own stack.
PORT=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export PORT VAR=$TEST_DIR/main
CSAUTH_LIMITS_ENABLED=off CSAUTH_DATABASE_QUERY_TIMEOUT=20s scripts/run --build "$build" --var "$VAR" --port "$PORT" --quiet >"$TEST_DIR/run.txt" 2>&1 &
if ! wait_until 150 grep -q '^ready' "$TEST_DIR/run.txt"; then
    cat "$TEST_DIR/run.txt"
    echo "the service did not start"
    echo "$passed passed, $((failed + 1)) failed"
    exit 1
fi

if [[ -z $filter ]]; then
    mariadb --no-defaults --socket="$(run_dir_of "$(realpath "$VAR")")/db.sock" --user="$(id -un)" -e \
        "CREATE DATABASE csauth_store_test; GRANT ALL ON csauth_store_test.* TO csauth_migrate@localhost"
    TEST_DB_SOCKET=$(run_dir_of "$(realpath "$VAR")")/db.sock TEST_DB_PASSWORD_FILE=$VAR/secrets/migrate_password \
        run_boost store "$build/store_tests"
fi
for script in tests/integration/*_test.sh tests/process/*_test.sh; do
    [[ $script == *"$filter"* ]] || continue
    run_script "$script"
done

# What a sanitizer had to say in any process.
if compgen -G "$TEST_DIR/sanitizer*" >/dev/null; then
    cat "$TEST_DIR"/sanitizer*
    echo "sanitizers: 0 passed, 1 failed"
    count 0 1
fi

((skipped == 0)) || echo "skipped scripts: $skipped"
echo "$passed passed, $failed failed"
((failed == 0))
