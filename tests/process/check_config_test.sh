#!/bin/bash
# csauthd -t with files, users and a database: what it calls good has to work.
source "$(dirname "$0")/../lib.sh"

# run_check WORDS…: runs csauthd -t with variables and options; its status in $code, what it says in $work/said.
run_check() {
    code=0
    env CSAUTH_CONFIG="$config" "$@" "$BUILD/csauthd" -t >"$work/said" 2>&1 || code=$?
}

# expect_refusal STATUS WORDS VARIABLE…: -t ends with that status and says these words.
expect_refusal() {
    local status=$1 words=$2
    shift 2
    run_check "$@"
    [[ $code == "$status" ]] || fail "the status is $code, not $status, with $*: $(cat "$work/said")"
    grep -qF -- "$words" "$work/said" || fail "'$words' is missing in: $(cat "$work/said")"
    grep -q 'is good' "$work/said" && fail "it says good with $*"
    grep -qF "$(cat "$VAR/secrets/db_password")" "$work/said" && fail "it shows a password"
}

start_own_stack check CSAUTH_SERVER_API_WORKERS=1
config=$VAR/csauth.ini

it "good_configuration_is_good"
run_check
[[ $code == 0 ]] || fail "the status is $code: $(cat "$work/said")"
grep -q "the configuration $config is good" "$work/said" || fail "it says $(cat "$work/said")"

it "faulty_secret_file_is_named"
{ tr -d '\n' <"$VAR/secrets/db_password"; printf '\r\n'; } >"$work/crlf"
{ printf '\xef\xbb\xbf'; cat "$VAR/secrets/db_password"; } >"$work/bom"
chmod 600 "$work/crlf" "$work/bom"
expect_refusal 78 "database.password_file: the secret file $work/crlf has line ends of Windows" \
    CSAUTH_DATABASE_PASSWORD_FILE="$work/crlf"
expect_refusal 78 "the secret file $work/bom begins with a byte order mark" CSAUTH_DATABASE_PASSWORD_FILE="$work/bom"
# csauthd itself starts no better than that.
CSAUTH_CONFIG=$config CSAUTH_DATABASE_PASSWORD_FILE=$work/crlf CSAUTH_SERVER_RUN_DIR=$work/run timeout 20 \
    "$BUILD/csauthd" >"$work/said" 2>&1 &&
    fail "it started"
grep -q 'line ends of Windows' "$work/said" || fail "it says $(cat "$work/said")"

it "names_and_paths_of_the_machine_are_looked_up"
expect_refusal 78 "there is no group 'no-such-group'" CSAUTH_SERVER_SOCKET_GROUP=no-such-group
expect_refusal 78 "there is no user 'no-such-user'" CSAUTH_SERVER_NGINX_USER=no-such-user
expect_refusal 78 "avatars.dir: $config is no directory" CSAUTH_AVATARS_DIR="$config"
expect_refusal 78 "log.file: $work is a directory" CSAUTH_LOG_FILE="$work"

it "database_that_refuses_or_is_away_is_told_with_the_way_out"
socket=$(find_run_dir)/db.sock
expect_refusal 69 "cannot connect to $work/nothing.sock as csauth: No such file or directory; is MariaDB running?" \
    CSAUTH_DATABASE_SOCKET="$work/nothing.sock"
expect_refusal 69 "cannot connect to 127.0.0.1:1 as csauth: nothing answers there; is MariaDB running" \
    CSAUTH_DATABASE_SOCKET= CSAUTH_DATABASE_HOST=127.0.0.1 CSAUTH_DATABASE_PORT=1
echo wrong >"$work/wrong"
chmod 600 "$work/wrong"
refusal="MariaDB refuses the password of csauth@localhost (database.password_file = $work/wrong)"
expect_refusal 69 "cannot connect to $socket as csauth: $refusal" CSAUTH_DATABASE_PASSWORD_FILE="$work/wrong"
expect_refusal 69 \
    "MariaDB refuses the password of csauth_keeper@localhost (database.keeper_password_file = $work/wrong)" \
    CSAUTH_DATABASE_KEEPER_PASSWORD_FILE="$work/wrong"
expect_refusal 69 "right to the database 'no_such_database'" CSAUTH_DATABASE_NAME=no_such_database
run_check CSAUTH_DATABASE_MIGRATE_PASSWORD_FILE="$work/wrong"
[[ $code == 0 ]] || fail "the migrating account keeps the service from starting: $(cat "$work/said")"
grep -q "warning: csauthctl migrate can't work: .*csauth_migrate@localhost" "$work/said" ||
    fail "it says $(cat "$work/said")"

it "schema_and_grants_are_looked_at"
query "CREATE DATABASE check_empty; GRANT SELECT ON check_empty.* TO csauth@localhost"
expect_refusal 78 "the database is empty: run csauthctl migrate" CSAUTH_DATABASE_NAME=check_empty
query "REVOKE UPDATE ON csauth.users FROM csauth@localhost"
expect_refusal 78 "the database account csauth may not"
run_ctl migrate >/dev/null 2>&1 || fail "migrate fails"
query "REVOKE SELECT ON csauth.schema_migrations FROM csauth@localhost"
expect_refusal 78 "run csauthctl migrate"
run_ctl migrate >/dev/null 2>&1 || fail "migrate fails"
run_check
[[ $code == 0 ]] || fail "migrate did not mend it: $(cat "$work/said")"

it "csauthctl_says_the_same_of_the_database"
CSAUTH_DATABASE_SOCKET=$work/nothing.sock run_ctl user list >"$work/said" 2>&1
[[ $? == 69 ]] || fail "the status is not 69"
grep -qF "csauthctl: cannot connect to $work/nothing.sock as csauth: No such file or directory; is MariaDB running?" \
    "$work/said" ||
    fail "it says $(cat "$work/said")"
CSAUTH_DATABASE_PASSWORD_FILE=$work/wrong run_ctl user list >"$work/said" 2>&1 && fail "a wrong password was taken"
grep -qF "MariaDB refuses the password of csauth@localhost (database.password_file = $work/wrong)" "$work/said" ||
    fail "it says $(cat "$work/said")"

if ((EUID == 0)); then
    it "root_checks_with_the_rights_of_the_service"
    theirs=$(mktemp -d /tmp/csauth-check-XXXXXX)
    trap 'rm -rf "$theirs"; stop_own_stacks' EXIT
    chmod 755 "$theirs"
    cp -r "$VAR/keys" "$VAR/secrets" "$theirs"
    cp -r src/domain/outbox/templates "$theirs/templates"
    chown -R nobody "$theirs/keys" "$theirs/secrets"
    sed "s|$VAR/keys|$theirs/keys|; s|$VAR/secrets|$theirs/secrets|; s|^templates = .*|templates = $theirs/templates|;
        /^\[log\]/,\$d; s|^run_dir = .*|run_dir = $theirs/run|; s|$VAR/avatars|$theirs/avatars|" \
        "$config" >"$theirs/csauth.ini"
    config=$theirs/csauth.ini
    expect_refusal 69 "checking with the rights of nobody" # its database is in a directory of root's
    key=$(ls "$theirs"/keys/access/*.key)
    chown root "$key"
    expect_refusal 78 "the key file $key can't be read"
    chown nobody "$key"
    chown root "$theirs/secrets/push_key"
    expect_refusal 78 "push.key_file: the secret file $theirs/secrets/push_key can't be read"
    chown nobody "$theirs/secrets/push_key"
    chmod 600 "$config"
    expect_refusal 78 "$config: the file can't be read"
fi

finish
