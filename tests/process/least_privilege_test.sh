#!/bin/bash
# What each process and each database account may use, and no more: keys in memory, rights in the database.
source "$(dirname "$0")/../lib.sh"

# list_held PID: the names of the secrets in its memory, on one line. Rings go by their names.
list_held() {
    local file all=("pepper=$work/pepper" "push_key=$VAR/secrets/push_key"
        "keeper_password=$VAR/secrets/keeper_password")
    for file in "$VAR"/keys/{access,refresh,site,device,seal,audit,audiences/billing}/*.key; do
        all+=("$(basename "$(dirname "$file")")=$file")
    done
    tests/tools/memory_scan.py "$1" "${all[@]}" 2>"$work/held.err" | tr '\n' ' ' | sed 's/ *$//'
}

holds_its_own() { [[ $(list_held "$2") == "${expected[$1]}" ]]; }

expect_secrets() {
    local role pid
    for role in "${!expected[@]}"; do
        [[ -n $(list_pids "$role") ]] || fail "there is no process $role"
        for pid in $(list_pids "$role"); do
            # A process that is new loads its keys after it has its name.
            wait_until 20 holds_its_own "$role" "$pid" ||
                fail "$role holds '$(list_held "$pid")', not '${expected[$role]}' $(cat "$work/held.err")"
        done
    done
    [[ -z $(list_held "$master") ]] || fail "the master holds '$(list_held "$master")'"
}

expect_no_breakdown() {
    ! log_has '"event":"breakdown"' ||
        fail "a process lacks something: $(grep '"breakdown"' "$VAR/log/csauthd.log" | tail -3)"
}

query_as() { # ACCOUNT STATEMENT
    local file=$VAR/secrets/db_password
    [[ $1 == csauth ]] || file=$VAR/secrets/keeper_password
    mariadb --no-defaults --socket="$(find_run_dir)/db.sock" --user="$1" --password="$(cat "$file")" csauth -e "$2" \
        >"$work/sql.out" 2>&1
}

expect_denied() { # ACCOUNT STATEMENT
    query_as "$1" "$2" && fail "$1 may: $2"
    grep -qE 'ERROR (1142|1143|1044|1227)' "$work/sql.out" || fail "$1, $2: $(cat "$work/sql.out")"
}

is_erased() {
    [[ $(query "SELECT COUNT(*) FROM audit_log WHERE subject_id = UNHEX('$ann_id') AND (detail <> ''
        OR detail_salt IS NOT NULL)") == 0 ]]
}

is_sealed() { [[ $(query "SELECT COUNT(*) FROM audit_log WHERE batch IS NULL") == 0 ]]; }

has_gone() {
    [[ $(query "SELECT COUNT(*) FROM audit_beginning") == 1 &&
        $(query "SELECT COUNT(*) FROM audit_log WHERE batch = 1") == 0 ]]
}

# starts_csauthd [VARIABLE=VALUE…]: whether another csauthd starts on this database. What it says goes to $work/start.
starts_csauthd() {
    mkdir -p "$work/run2"
    : >"$work/start" # what the one before it said must not be taken for this one's
    # in a session of its own, because it changes the priority of its session
    env CSAUTH_CONFIG="$VAR/csauth.ini" CSAUTH_SERVER_RUN_DIR="$work/run2" CSAUTH_LOG_FILE= "$@" setsid \
        "$BUILD/csauthd" >"$work/start" 2>&1 &
    local pid=$!
    wait_until 60 has_ended_or_started "$pid" || fail "it neither starts nor ends: $(cat "$work/start")"
    ! process_is_gone "$pid" || return 1
    kill -TERM "$pid"
    wait_until 60 process_is_gone "$pid" || fail "the second csauthd does not stop"
}

has_ended_or_started() { process_is_gone "$1" || grep -q '"event":"ready"' "$work/start"; }
query_as_admin() { mariadb --no-defaults --socket="$(find_run_dir)/db.sock" --user="$(id -un)" csauth "$@"; }

(umask 077 && head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$work/pepper")
start_own_stack least CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=2 CSAUTH_SERVER_HASH_WORKERS=1 \
    CSAUTH_PASSWORDS_PEPPER_FILE="$work/pepper"
master=$(cat "$(find_run_dir)/csauthd.pid")

declare -A expected=([edge]="access site" [api]="access billing push_key refresh seal site"
    [hash]="access device pepper refresh seal site" [stream]="access" [mailer]="seal" [keeper]="audit keeper_password"
    [follower]="" [imager]="")

it "serves every pool's requests with the keys of that pool"
run_ctl key add audiences/billing >/dev/null || fail "no audience was made"
reload_csauthd # a worker that idles would not look at its keys
make_user least-ann
for path in /api/me/ /api/sessions/ /api/devices/ /auth/verify; do
    call_signed_in GET "$path"
    [[ $status == 20[04] ]] || fail "$path: $status"
done
post /api/token/refresh/ "{\"refresh\":\"$refresh\",\"audience\":\"billing\"}"
expect_status 200
post /api/token/verify/ "{\"token\":\"$(read_answer .access)\"}"
expect_status 200
post /api/password/forgot/ '{"email":"least-ann@example.com"}'
token=$(wait_for_mail least-ann@example.com password | read_token)
post /api/password/reset/ "{\"token\":\"$token\",\"new_password\":\"$password again\"}"
expect_status 204
sign_in least-ann "$password again"
expect_status 200
expect_no_breakdown

tests/tools/memory_scan.py "$master" "pepper=$work/pepper" >/dev/null 2>&1
scannable=$?
if ((scannable == 0)); then
    it "holds in each process the secrets that it needs, and in the master none"
    expect_secrets

    it "holds no more after a reload and a new key of every ring"
    for ring in access refresh site device seal audit audiences/billing; do
        run_ctl key activate "$ring" "$(run_ctl key add "$ring")" || fail "$ring has no new key"
    done
    reload_csauthd
    expect_secrets
else
    echo "memory can't be read here (status $scannable): two cases are left out"
    ((scannable == 3 || EUID != 0)) || fail "root can't read the memory of a process"
fi

it "refuses the service's database account every change of what was written to the audit log"
for table in audit_log audit_batches audit_beginning erasures schema_migrations; do
    expect_denied csauth "DELETE FROM $table"
    expect_denied csauth "TRUNCATE TABLE $table"
    expect_denied csauth "DROP TABLE $table"
    expect_denied csauth "ALTER TABLE $table ADD COLUMN x INT"
done
expect_denied csauth "UPDATE audit_log SET detail = 'x'"
expect_denied csauth "UPDATE audit_log SET batch = NULL WHERE batch = 1"
expect_denied csauth "UPDATE audit_batches SET seal = previous"
expect_denied csauth "UPDATE audit_beginning SET first_batch = 1"
expect_denied csauth "UPDATE erasures SET erased_to = NULL"
expect_denied csauth "UPDATE schema_migrations SET checksum = 'x'"
expect_denied csauth "REPLACE INTO audit_log SELECT * FROM audit_log"
expect_denied csauth "INSERT INTO audit_log (id) SELECT id FROM audit_log ON DUPLICATE KEY UPDATE detail = 'x'"
for table in audit_batches audit_beginning schema_migrations schema_lock; do
    expect_denied csauth "INSERT INTO $table SELECT * FROM $table"
done
expect_denied csauth "GRANT UPDATE ON audit_log TO csauth@localhost"
expect_denied csauth_keeper "DELETE FROM schema_migrations"
expect_denied csauth_keeper "UPDATE schema_migrations SET checksum = 'x'"
expect_denied csauth_keeper "DROP TABLE audit_log"
query_as csauth "SELECT COUNT(*) FROM audit_log" || fail "it can't read the audit log: $(cat "$work/sql.out")"
query_as csauth_keeper "UPDATE audit_log SET detail = detail WHERE 1 = 0" ||
    fail "the keeper can't change the audit log"

it "deletes an account, erases its traces, seals and trims all the same"
ann_id=$(query "SELECT HEX(id) FROM users WHERE username_key = 'least-ann'")
call_signed_in DELETE /api/me/ "{\"password\":\"$password again\"}"
expect_status 204
run_housekeeping
wait_until 60 is_erased || fail "traces are left"
wait_until 60 is_sealed || fail "the keeper does not seal"
make_user least-bob
head=$(run_ctl audit seal) || fail "csauthctl does not seal"
[[ $head =~ ^[0-9]+:[0-9a-f]{64}$ ]] || fail "the head is $head"
run_ctl audit verify --head "$head" >"$work/verified" || fail "verify says $(cat "$work/verified")"
printf '\n[audit]\nretention = 1s\n' >>"$VAR/csauth.ini"
old=$(list_pids keeper)
kill -HUP "$master"
wait_until 60 is_one_and_not keeper "$old" || fail "the old keeper stays"
run_housekeeping
wait_until 60 has_gone || fail "nothing was trimmed"
expect_no_breakdown
log_has '"event":"audit_log_unprotected"' && fail "it says that the audit log is open"
log_has '"event":"process_died".*"signal":0' &&
    fail "a process died: $(grep process_died "$VAR/log/csauthd.log" | tail -1)"

it "starts without an account for the keeper where the service has all rights, and warns"
starts_csauthd CSAUTH_DATABASE_KEEPER_USER= && fail "it starts although nobody can seal"
grep -q 'the database account csauth may not .* run csauthctl migrate' "$work/start" ||
    fail "it says $(cat "$work/start")"
CSAUTH_DATABASE_KEEPER_USER='' run_ctl migrate >"$work/out" 2>&1 || fail "$(cat "$work/out")"
starts_csauthd CSAUTH_DATABASE_KEEPER_USER= || fail "it does not start: $(cat "$work/start")"
grep -q '"event":"audit_log_unprotected".*set database.keeper_user' "$work/start" ||
    fail "it does not warn: $(cat "$work/start")"

it "takes the rights away again once the keeper has an account"
starts_csauthd || fail "it does not start: $(cat "$work/start")"
grep -q '"event":"audit_log_unprotected"' "$work/start" || fail "it does not warn: $(cat "$work/start")"
run_ctl migrate >"$work/out" 2>&1 || fail "$(cat "$work/out")"
grep -q 'the rights of the database accounts are set' "$work/out" || fail "it says $(cat "$work/out")"
expect_denied csauth "DELETE FROM audit_log"
[[ $(run_ctl migrate) == "the schema is up to date" ]] || fail "it grants twice"
[[ -z $(run_ctl grants) ]] || fail "something is left to grant: $(run_ctl grants)"
starts_csauthd || fail "it does not start: $(cat "$work/start")"
grep -q '"event":"audit_log_unprotected"' "$work/start" && fail "it warns for nothing"

it "brings an installation from before to the new rights"
query_as_admin -e "REVOKE ALL PRIVILEGES, GRANT OPTION FROM csauth@localhost; REVOKE ALL PRIVILEGES, GRANT OPTION
    FROM csauth_keeper@localhost; GRANT SELECT, INSERT, UPDATE, DELETE ON csauth.* TO csauth@localhost"
starts_csauthd CSAUTH_DATABASE_KEEPER_USER= || fail "it does not start as it was: $(cat "$work/start")"
[[ $(CSAUTH_DATABASE_KEEPER_USER='' run_ctl migrate) == "the schema is up to date" ]] ||
    fail "migrate changes what was asked of nobody"
run_ctl migrate >"$work/out" 2>&1 || fail "$(cat "$work/out")"
expect_denied csauth "DELETE FROM audit_log"
starts_csauthd || fail "it does not start: $(cat "$work/start")"

it "says what the administrator has to run where migrate may not grant"
query_as_admin -e "REVOKE GRANT OPTION ON csauth.* FROM csauth_migrate@localhost; GRANT UPDATE
    ON csauth.* TO csauth@localhost"
run_ctl migrate >"$work/out" 2>&1 || fail "it fails although nothing is missing: $(cat "$work/out")"
grep -q 'csauthctl grants | mariadb' "$work/out" || fail "it says $(cat "$work/out")"
query_as_admin -e "REVOKE UPDATE ON csauth.* FROM csauth@localhost; REVOKE UPDATE ON csauth.users FROM csauth@localhost"
run_ctl migrate >"$work/out" 2>&1
[[ $? == 78 ]] || fail "the status is not 78: $(cat "$work/out")"
starts_csauthd && fail "it starts without a right that it needs"
grep -q 'csauth may not UPDATE users' "$work/start" || fail "it says $(cat "$work/start")"
run_ctl grants >"$work/grants.sql" || fail "no grants are printed"
query_as_admin <"$work/grants.sql" || fail "they can't be run: $(cat "$work/grants.sql")"
[[ -z $(run_ctl grants) ]] || fail "something is left to grant: $(run_ctl grants)"
run_ctl migrate >"$work/out" 2>&1 || fail "$(cat "$work/out")"
starts_csauthd || fail "it does not start: $(cat "$work/start")"

it "takes rights that come from a role for what they are"
query_as_admin -e "CREATE ROLE IF NOT EXISTS csauth_role;
    GRANT SELECT, INSERT, UPDATE, DELETE ON csauth.users TO csauth_role;
    REVOKE ALL ON csauth.users FROM csauth@localhost; GRANT csauth_role TO csauth@localhost;
    SET DEFAULT ROLE csauth_role FOR csauth@localhost"
starts_csauthd || fail "it does not start: $(cat "$work/start")"
run_ctl migrate >"$work/out" 2>&1 || fail "$(cat "$work/out")"

finish
