#!/bin/bash
# Name servers that never answer: no process waits for them longer than its own limit. The script runs in a network and
# a mount namespace of its own, with a name server that is silent.
source "$(dirname "$0")/../lib.sh"

# mail.timeout is 5 minutes here; a connection gets 30 s, and a lookup with it.
count_questions() { grep -cx relay.example.net "$work/asked"; }

asks_for_the_relay() { (($(count_questions) > asked_before)); }
has_next_mailer() { is_one_and_not mailer "$mailer"; }

if [[ -z ${LOOKUP_TEST_NAMESPACE-} ]]; then
    ((EUID == 0)) || skip "a name server of its own needs root"
    for program in unshare ip; do command -v "$program" >/dev/null || skip "$program is missing"; done
    unshare --mount --net true 2>/dev/null || skip "a network of its own is not allowed here"
    LOOKUP_TEST_NAMESPACE=yes exec unshare --mount --propagation private --net bash tests/process/lookup_test.sh
fi
ip link set lo up || skip "the network can't be set up"
# getaddrinfo would wait for four minutes.
printf 'nameserver 127.0.0.1\noptions timeout:30 attempts:4\n' >"$work/resolv.conf"
printf '127.0.0.1 localhost\n' >"$work/hosts"
printf 'hosts: files dns\npasswd: files\ngroup: files\n' >"$work/nsswitch.conf"
for file in resolv.conf hosts nsswitch.conf; do
    mount --bind "$work/$file" "/etc/$file" || skip "/etc/$file can't be replaced"
done
tests/tools/silent_dns.py 127.0.0.1 "$work/asked" 2>"$work/dns.err" &
name_server=$!
trap 'kill "$name_server" 2>/dev/null; stop_own_stacks' EXIT
wait_until 20 grep -qx ready "$work/asked" || fail "the name server did not start: $(cat "$work/dns.err")"

start_own_stack lookup CSAUTH_LIMITS_ENABLED=off CSAUTH_MAIL_HOST=relay.example.net CSAUTH_SERVER_API_WORKERS=1
trap 'kill "$name_server" 2>/dev/null; stop_own_stacks' EXIT

it "test_mail_gives_a_hanging_lookup_up"
# Without the deadline the program would be killed here, and print nothing.
CSAUTH_MAIL_HOST=relay.example.net CSAUTH_MAIL_TIMEOUT=1s CSAUTH_CONFIG=$VAR/csauth.ini timeout 30 \
    "$BUILD/csauthctl" mail test ann@example.com >"$work/told" 2>&1
result=$?
[[ $result == 69 ]] || fail "the exit status is $result"
grep -q 'unreachable: resolving relay.example.net (mail.host): the name servers did not answer in time' "$work/told" ||
    fail "it says: $(cat "$work/told")"

it "command_gives_a_hanging_database_name_up"
CSAUTH_DATABASE_SOCKET='' CSAUTH_DATABASE_HOST=db.example.net CSAUTH_DATABASE_CONNECT_TIMEOUT=1s \
    CSAUTH_CONFIG=$VAR/csauth.ini timeout 30 "$BUILD/csauthctl" user list >"$work/told" 2>&1
result=$?
[[ $result == 69 ]] || fail "the exit status is $result"
grep -q 'resolving db.example.net (database.host): the name servers did not answer in time' "$work/told" ||
    fail "it says: $(cat "$work/told")"

it "database_name_that_resolves_is_used"
CSAUTH_DATABASE_SOCKET='' CSAUTH_DATABASE_HOST=localhost CSAUTH_DATABASE_PORT=1 CSAUTH_CONFIG=$VAR/csauth.ini timeout \
    30 "$BUILD/csauthctl" user list >"$work/told" 2>&1 &&
    fail "it connected"
grep -q 'resolving' "$work/told" && fail "it says: $(cat "$work/told")"

it "mailer_leaves_at_once_while_a_lookup_hangs"
asked_before=$(count_questions) # by `mail test`
register lookup-ann
expect_status 201
wait_until 60 asks_for_the_relay || fail "the mailer never asked for its relay"
kill -STOP "$name_server" # it stays silent, also for those who ask again
mailer=$(list_pids mailer)
kill -TERM "$mailer"
wait_until 10 process_is_gone "$mailer" || fail "the mailer waits for the lookup"
log_has '"event":"mail_not_sent".*given up: the process leaves' ||
    fail "the log says: $(grep mail_not_sent "$VAR/log/csauthd.log" | tail -n 2)"
[[ $(query "SELECT attempts FROM outbox WHERE recipient = 'lookup-ann@example.com'") == 0 ]] ||
    fail "the mail pays for it"

it "service_stops_while_a_lookup_hangs"
wait_until 30 has_next_mailer || fail "there is no new mailer"
kill -CONT "$name_server"
master=$(cat "$(find_run_dir)/csauthd.pid")
kill -STOP "$(read_pid "$(find_run_dir)/supervisor.process")"
kill -TERM "$master"
wait_until 20 process_is_gone "$master" || fail "csauthd waits for the lookup"
kill -CONT "$(read_pid "$(find_run_dir)/supervisor.process")"

finish
