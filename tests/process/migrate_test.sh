#!/bin/bash
# Migrations that are killed at any statement go on where they were.
source "$(dirname "$0")/../lib.sh"
: "${VAR:?}"

query_as_root() {
    mariadb --no-defaults --socket="$(find_run_dir)/db.sock" --user="$(id -un)" --batch --skip-column-names -e "$1"
}

make_database() {
    query_as_root "DROP DATABASE IF EXISTS csauth_migrate_test;
        CREATE DATABASE csauth_migrate_test CHARACTER SET utf8mb4;
        GRANT ALL ON csauth_migrate_test.* TO csauth_migrate@localhost WITH GRANT OPTION"
}

print_schema() {
    mariadb-dump --no-defaults --socket="$(find_run_dir)/db.sock" --user="$(id -un)" \
        --no-data --skip-comments --skip-dump-date --ignore-table=csauth_migrate_test.schema_migrations \
        csauth_migrate_test | sed 's/ AUTO_INCREMENT=[0-9]*//'
}

export CSAUTH_CONFIG=$work/migrate.ini CSAUTH_DATABASE_NAME=csauth_migrate_test
cp "$VAR/csauth.ini" "$CSAUTH_CONFIG"

it "makes the schema of an empty database"
make_database
"$BUILD/csauthctl" migrate >"$work/out" 2>&1 || fail "$(cat "$work/out")"
print_schema >"$work/expected"
steps=$(query_as_root "SELECT COUNT(*) FROM csauth_migrate_test.schema_migrations")
roles=$(query_as_root "SELECT GROUP_CONCAT(name ORDER BY name) FROM csauth_migrate_test.roles")
[[ $roles == admin,member,moderator ]] || fail "the roles are $roles"
"$BUILD/csauthctl" migrate status >"$work/out" 2>&1 || fail "status says $(cat "$work/out")"

it "does nothing the second time"
"$BUILD/csauthctl" migrate >"$work/out" 2>&1 || fail "$(cat "$work/out")"
[[ $(cat "$work/out") == "the schema is up to date" ]] || fail "it says $(cat "$work/out")"

it "goes on after a kill at every write to the server"
# strace kills it at its n-th send, for every n, until one run gets through.
for ((n = 1; n < 400; n++)); do
    make_database
    strace -qq -f -o /dev/null -e trace=sendto,write -e inject=sendto:signal=KILL:when=$n "$BUILD/csauthctl" migrate \
        >/dev/null 2>&1 && break
    "$BUILD/csauthctl" migrate >"$work/out" 2>&1 || { fail "after a kill at send $n: $(cat "$work/out")"; break; }
    print_schema >"$work/shape"
    cmp -s "$work/shape" "$work/expected" || { fail "after a kill at send $n the schema differs"; break; }
    [[ $(query_as_root "SELECT COUNT(*) FROM csauth_migrate_test.schema_migrations
        WHERE finished_at IS NOT NULL") == "$steps" ]] || {
        fail "after a kill at send $n steps are missing"
        break
    }
    [[ $(query_as_root "SELECT COUNT(*) FROM csauth_migrate_test.roles") == 3 ]] || {
        fail "after a kill at send $n roles are missing"
        break
    }
done
((n > 20)) || fail "only $n places were tried"
echo "killed at $((n - 1)) places"

it "lets the runtime account change no schema"
mariadb --no-defaults --socket="$(find_run_dir)/db.sock" --user=csauth \
    --password="$(cat "$VAR/secrets/db_password")" csauth -e "DROP TABLE users" 2>/dev/null &&
    fail "it could drop a table"

query_as_root "DROP DATABASE csauth_migrate_test"
finish
