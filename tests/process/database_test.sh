#!/bin/bash
# What happens while the database is away, and when it is back. scripts/run would end everything when its
# database dies, so it is stopped for as long as this plays its part.
source "$(dirname "$0")/../lib.sh"

answers() { get_me; [[ $status == 200 ]]; }

asks_in_vain() {
    kill -STOP "$hung_db"
    curl --silent --max-time 30 --header "Authorization: Bearer $access" "$base/api/me/" >"$work/slow" &
    slow=$!
    call GET /auth/verify --header "Authorization: Bearer $access"
    still_waits=no
    if ! process_is_gone "$slow"; then still_waits=yes; fi
    kill -CONT "$hung_db"
    wait "$slow"
    [[ $status == 403 ]]
}

lives() { call GET /healthz; [[ $status == 200 ]]; }

start_own_stack database CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=2 CSAUTH_SERVER_HASH_WORKERS=1
make_user database-ann
supervisor=$(read_pid "$(find_run_dir)/supervisor.process")
kill -STOP "$supervisor"
db_pid=$(read_pid "$(find_run_dir)/db.process")
mapfile -d '' -t db_command <"/proc/$db_pid/cmdline"

it "answers 503 with Retry-After within 2 s when the database is killed"
kill -KILL "$db_pid"
wait_until 10 process_is_gone "$db_pid"
for request in "GET /api/me/" "GET /readyz"; do
    began=$(date +%s%N)
    call "${request% *}" "${request#* }" --header "Authorization: Bearer $access"
    expect_problem 503 service_unavailable
    took=$((($(date +%s%N) - began) / 1000000))
    ((took < 2000)) || fail "$request took $took ms"
done
call POST /api/register/ '{"email":"database-bob@example.com","username":"database-bob",
    "password":"correct horse battery"}'
expect_problem 503 service_unavailable
call POST /api/login/ "{\"email\":\"database-ann@example.com\",\"password\":\"$password\"}"
expect_problem 503 service_unavailable
call POST /api/logout/ --header "Authorization: Bearer $access"
expect_problem 503 service_unavailable

it "goes on with what needs no database"
call GET /healthz
expect_status 200
call GET /api/whoami/
expect_status 200
call POST /api/token/refresh/ '{"refresh":"forged"}'
expect_problem 401 invalid_token
get_me "forged"
expect_problem 401 invalid_token

it "recovers by itself when the database is back, and no acknowledged write is lost"
setsid "${db_command[@]}" >"$work/db.out" 2>&1 &
remember "$(find_run_dir)/db.process" $!
wait_until 60 answers || fail "it did not recover"
call POST /api/register/ '{"email":"database-bob@example.com","username":"database-bob",
    "password":"correct horse battery"}'
expect_status 201
wait_until 20 has_mails database-bob@example.com 1 || fail "the mailer did not recover"
[[ $(list_pids api | wc -l) == 2 && $(list_pids mailer | wc -l) == 1 && $(list_pids keeper | wc -l) == 1 ]] ||
    fail "a process is missing"

it "lets a check wait for a database that hangs for less long than other requests"
sign_in database-ann
recall database-ann # so that its tokens are looked up, once this node has heard of it
hung_db=$(read_pid "$(find_run_dir)/db.process")
wait_until 30 asks_in_vain || fail "the check answers $status"
expect_header X-Auth-Reason '^unavailable$'
[[ $still_waits == yes ]] || fail "the check waited as long as another request"
wait_until 60 answers || fail "it did not recover"

it "starts while the database is away, and serves when it comes"
csauthd=$(read_pid "$(find_run_dir)/csauthd.process")
kill -TERM "$csauthd"
wait_until 30 process_is_gone "$csauthd"
kill -TERM "$(read_pid "$(find_run_dir)/db.process")"
wait_until 30 process_is_gone "$(read_pid "$(find_run_dir)/db.process")"
CSAUTH_CONFIG=$VAR/csauth.ini CSAUTH_LIMITS_ENABLED=off setsid "$BUILD/csauthd" >"$work/csauthd.out" 2>&1 &
remember "$(find_run_dir)/csauthd.process" $!
wait_until 30 lives || fail "it did not start: $(cat "$work/csauthd.out")"
call GET /readyz
expect_problem 503 service_unavailable
setsid "${db_command[@]}" >"$work/db.out" 2>&1 &
remember "$(find_run_dir)/db.process" $!
wait_until 60 answers || fail "it did not serve"

it "refuses to start on a schema that it does not know"
csauthd=$(read_pid "$(find_run_dir)/csauthd.process")
kill -TERM "$csauthd"
wait_until 30 process_is_gone "$csauthd"
query "UPDATE schema_migrations SET checksum = REVERSE(checksum) WHERE version = 1"
CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" >"$work/refused" 2>&1
[[ $? == 78 ]] || fail "the status is not 78"
grep -q 'migration 1 (users) was edited after it had been applied' "$work/refused" ||
    fail "it says $(cat "$work/refused")"
run_ctl migrate >"$work/refused" 2>&1 && fail "migrate went over it"
query "UPDATE schema_migrations SET checksum = REVERSE(checksum) WHERE version = 1; INSERT INTO schema_migrations
    VALUES (99, 1, 'of_tomorrow', 'x', NOW(6), NOW(6))"
CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" >"$work/refused" 2>&1
grep -q 'migration 99, which this program does not know' "$work/refused" || fail "it says $(cat "$work/refused")"
query "DELETE FROM schema_migrations WHERE version = 99 OR version = 5"
CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" >"$work/refused" 2>&1
grep -q 'run csauthctl migrate' "$work/refused" || fail "it says $(cat "$work/refused")"

kill -CONT "$supervisor"
finish
