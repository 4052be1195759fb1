#!/bin/bash
# Sockets from systemd, readiness to systemd, and the units themselves.
source "$(dirname "$0")/../lib.sh"

is_notified() { grep -qx "$1" "$work/notified"; }

start_own_stack systemd CSAUTH_LIMITS_ENABLED=off
# The stack's own csauthd makes room for one that gets its sockets as from systemd.
kill -STOP "$(read_pid "$(find_run_dir)/supervisor.process")"
csauthd=$(read_pid "$(find_run_dir)/csauthd.process")
kill -TERM "$csauthd"
wait_until 30 process_is_gone "$csauthd"

it "takes its sockets from systemd, and tells when it is ready"
CSAUTH_CONFIG=$VAR/csauth.ini CSAUTH_LIMITS_ENABLED=off setsid tests/tools/socket_activation.py "$(find_run_dir)" \
    "$BUILD/csauthd" >"$work/notified" 2>"$work/err" &
remember "$(find_run_dir)/activator.process" $!
wait_until 30 is_notified READY=1 || fail "it never was ready: $(cat "$work/err")"
call GET /readyz
expect_status 200
register systemd-ann
expect_status 201

it "tells of a reload"
kill -HUP "$(cat "$(find_run_dir)/csauthd.pid")"
wait_until 30 is_notified RELOADING=1 || fail "it did not tell"
wait_until 30 log_has '"event":"reloaded"' || fail "it did not reload"

it "tells that it stops, and leaves the sockets to systemd"
kill -TERM "$(cat "$(find_run_dir)/csauthd.pid")"
wait_until 30 is_notified STOPPING=1 || fail "it did not tell"
wait_until 30 is_notified "exit 0" || fail "it did not end well: $(tail -n 1 "$work/notified")"
[[ -S $(find_run_dir)/api.sock && -S $(find_run_dir)/edge.sock ]] || fail "a socket is gone"

it "has units that systemd understands"
command -v systemd-analyze >/dev/null || fail "systemd-analyze is missing"
mkdir -p "$work/units"
ln -s "$BUILD" "$work/build" # a unit takes no space in the path of a program
for unit in systemd/*.service systemd/*.socket; do
    sed "s,/usr/sbin/csauthd,$work/build/csauthd,; s,/usr/bin/csauthctl,$work/build/csauthctl," "$unit" \
        >"$work/units/$(basename "$unit")"
done
systemd-analyze verify --man=no "$work"/units/* >"$work/verify" 2>&1
grep -E "$work/units|csauth" "$work/verify" | grep -vE 'nginx|mariadb|mysql' && fail "systemd-analyze complains"
score=$(systemd-analyze security --offline=true --threshold=15 "$work/units/csauthd.service" 2>/dev/null | tail -n 1)
systemd-analyze security --offline=true --threshold=15 "$work/units/csauthd.service" >/dev/null 2>&1 ||
    fail "the unit is not tight enough: $score"

end_process "$(find_run_dir)/activator.process" TERM 10
kill -CONT "$(read_pid "$(find_run_dir)/supervisor.process")"
finish
