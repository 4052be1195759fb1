#!/bin/bash
# csauthctl and csauthd of root follow no link that the service planted: the service must not make root give it
# somebody else's files, nor delete them.
source "$(dirname "$0")/../lib.sh"
: "${VAR:?}"

# plant_directories: directories of the service as they are installed, and one that is not the service's.
plant_directories() {
    rm -rf "$work/keys" "$work/avatars" "$victim"
    mkdir -p "$work/keys" "$work/avatars" "$victim/directory"
    echo secret >"$victim/passwd"
    echo job >"$victim/$(printf 'a%.0s' {1..64})-512.webp"
    touch -d '1 day ago' "$victim"/*
    find "$victim" -printf '%P %U %m %y %s\n' | sort >"$work/before"
    ((EUID != 0)) || chown "$service" "$work/keys" "$work/avatars"
}

# make_keys: the rings that other commands need.
make_keys() { "$BUILD/csauthctl" key init >"$work/out" 2>&1 || fail "$(cat "$work/out")"; }

expect_untouched() {
    find "$victim" -printf '%P %U %m %y %s\n' | sort >"$work/after"
    cmp -s "$work/before" "$work/after" || fail "this changed: $(diff "$work/before" "$work/after")"
}

# expect_refusal PATH COMMAND…: csauthctl names the link and ends with 65.
expect_refusal() {
    local path=$1 status
    shift
    "$BUILD/csauthctl" "$@" >"$work/out" 2>&1
    status=$?
    [[ $status == 65 ]] || fail "$* ended with $status: $(cat "$work/out")"
    grep -q "$path is a symbolic link" "$work/out" || fail "$* says $(cat "$work/out")"
}

is_running_here() { [[ $(cat "$work/run/csauthd.pid") == "$csauthd" ]] && grep -q '"event":"ready"' "$work/out"; }

export CSAUTH_CONFIG=$VAR/csauth.ini CSAUTH_KEYS_DIR=$work/keys CSAUTH_AVATARS_DIR=$work/avatars
service=65534 # the user that could plant links
victim=$work/etc

it "gives no directory away that a key ring's name leads to"
plant_directories
ln -s "$victim" "$work/keys/access"
((EUID != 0)) || chown -h "$service" "$work/keys/access"
expect_refusal "$work/keys/access" key init
expect_untouched
[[ -s $work/keys/audit/active ]] || fail "the other rings were not made"
expect_refusal "$work/keys/access" key list
expect_refusal "$work/keys/access" key add access
expect_refusal "$work/keys/access" key activate access passwd
expect_refusal "$work/keys/access" key retire access passwd --yes
expect_untouched

it "follows no link of an audience, nor of a file in a ring"
plant_directories
make_keys
ln -s "$victim" "$work/keys/audiences"
expect_refusal "$work/keys/audiences" key add audiences/billing
rm "$work/keys/audiences"
mkdir "$work/keys/audiences"
ln -s "$victim" "$work/keys/audiences/billing"
expect_refusal "$work/keys/audiences/billing" key add audiences/billing
kid=$(basename "$work"/keys/seal/*.key .key)
ln -s "$victim/passwd" "$work/keys/seal/active.new"
ln -s "$victim/passwd" "$work/keys/seal/planted.key"
"$BUILD/csauthctl" key activate seal "$kid" >"$work/out" 2>&1 || fail "$(cat "$work/out")"
for command in "activate seal planted" "retire seal planted --yes"; do
    # shellcheck disable=SC2086
    "$BUILD/csauthctl" key $command >"$work/out" 2>&1 && fail "key $command did something"
done
expect_untouched

it "deletes and renames nothing that an avatar directory leads to"
plant_directories
make_keys
ln -s "$victim" "$work/avatars/ab"
((EUID != 0)) || chown -h "$service" "$work/avatars/ab"
mkdir -p "$work/avatars/aa/directory"
orphan=$(printf 'a%.0s' {1..64})-512.webp
echo picture >"$work/avatars/aa/$orphan"
echo notes >"$work/avatars/aa/README"
touch -d '1 day ago' "$work"/avatars/aa/*
expect_refusal "$work/avatars/ab" avatar sweep
expect_untouched
[[ -d $work/avatars/aa/directory && -f $work/avatars/aa/README ]] ||
    fail "it touched what is no picture: $(ls "$work/avatars/aa")"
[[ ! -e $work/avatars/aa/$orphan ]] || fail "it did not go on with the other directories"

if ((EUID == 0)); then
    it "follows the avatar directory itself only where the link belongs to root"
    plant_directories
    make_keys
    mv "$victim" "$work/shards"
    mkdir "$victim"
    mv "$work/shards" "$victim/aa"
    touch -d '1 day ago' "$victim"/aa/*
    find "$victim" -printf '%P %U %m %y %s\n' | sort >"$work/before"
    rmdir "$work/avatars"
    ln -s "$victim" "$work/avatars"
    chown -h "$service" "$work/avatars"
    expect_refusal "$work/avatars" avatar sweep
    expect_untouched
    chown -h 0 "$work/avatars"
    "$BUILD/csauthctl" avatar sweep >"$work/out" 2>&1 || fail "$(cat "$work/out")"
    [[ ! -e $victim/aa/$orphan && -e $victim/aa/passwd ]] || fail "it swept another way: $(ls "$victim/aa")"

    it "writes no log and no pid file of csauthd where a planted link leads"
    plant_directories
    make_keys
    mkdir -p "$work/run"
    ln -s "$victim/passwd" "$work/run/csauthd.log"
    chown -h "$service" "$work/run/csauthd.log"
    CSAUTH_SERVER_RUN_DIR=$work/run CSAUTH_LOG_FILE=$work/run/csauthd.log timeout 60 "$BUILD/csauthd" \
        >"$work/out" 2>&1 &&
        fail "it started"
    grep -q 'log file' "$work/out" || fail "it says $(cat "$work/out")"
    rm "$work/run/csauthd.log"
    ln -s "$victim/none" "$work/run/csauthd.lock"
    CSAUTH_SERVER_RUN_DIR=$work/run CSAUTH_LOG_FILE='' timeout 60 "$BUILD/csauthd" >"$work/out" 2>&1 &&
        fail "it started"
    grep -q "csauthd.lock is a symbolic link" "$work/out" || fail "it says $(cat "$work/out")"
    rm "$work/run/csauthd.lock"
    ln -s "$victim/passwd" "$work/run/csauthd.pid"
    # it changes the priority of its session
    CSAUTH_SERVER_RUN_DIR=$work/run CSAUTH_LOG_FILE='' setsid "$BUILD/csauthd" >"$work/out" 2>&1 &
    csauthd=$!
    wait_until 60 is_running_here || fail "it did not start: $(cat "$work/out")"
    kill -TERM "$csauthd"
    wait_until 60 process_is_gone "$csauthd" || fail "it does not stop"
    expect_untouched
fi

finish
