#!/bin/bash
# A relay that misbehaves, and a mailer that is killed at every step of the talk.
source "$(dirname "$0")/../lib.sh"

count_copies() { grep -c "^$1@example.com " "$work/relay/taken" 2>/dev/null || true; }
count_ids() { grep "^$1@example.com " "$work/relay/taken" | sort -u | wc -l; }
read_state() { query "SELECT state FROM outbox WHERE recipient = '$1@example.com'"; }
is_sent() { [[ $(read_state "$1") == sent ]]; }
is_failed() { [[ $(read_state "$1") == failed ]]; }
is_refused() { [[ $(query "SELECT state FROM outbox WHERE recipient = 'jürgen@example.com'") == failed ]]; }
is_reached() { [[ ! -e $work/relay/step ]]; }

start_own_stack faults CSAUTH_LIMITS_ENABLED=off CSAUTH_MAIL_FIRST_RETRY=1s CSAUTH_MAIL_TIMEOUT=1s \
    CSAUTH_SERVER_API_WORKERS=1

mkdir "$work/relay"
tests/tools/faulty_relay.py "$work/relay" "$(find_run_dir)/csauthd.pid" 2>"$work/relay.log" &
relay=$!
trap 'kill "$relay" 2>/dev/null; stop_own_stacks' EXIT
wait_until 20 test -s "$work/relay/port" || fail "the relay did not start: $(cat "$work/relay.log")"
sed -i "s/^port = .*/port = $(cat "$work/relay/port")/" "$VAR/csauth.ini"
reload_mailer

it "kills the mailer at each step of a delivery"
steps="banner EHLO MAIL RCPT DATA body dot taken"
for step in $steps; do
    echo "$step" >"$work/relay/step"
    register "killed-$step"
    expect_status 201
    wait_until 60 is_reached || fail "it never came to $step"
done

it "tries again what is not refused for good, and never what is"
for fate in later full lost hang drip never spam; do register "$fate-ann"; done
for fate in later full lost hang drip; do
    wait_until 90 is_sent "$fate-ann" || fail "$fate-ann is $(read_state "$fate-ann")"
done
for fate in never spam; do wait_until 30 is_failed "$fate-ann" || fail "$fate-ann is $(read_state "$fate-ann")"; done
for fate in later full hang drip; do
    [[ $(count_copies "$fate-ann") == 1 ]] || fail "$fate-ann has $(count_copies "$fate-ann") copies"
done
for fate in never spam; do [[ $(count_copies "$fate-ann") == 0 ]] || fail "$fate-ann was taken"; done
[[ $(count_copies lost-ann) == 2 && $(count_ids lost-ann) == 1 ]] ||
    fail "lost-ann has $(count_copies lost-ann) copies of $(count_ids lost-ann) mails"
[[ $(query "SELECT COUNT(*) FROM outbox WHERE state = 'failed' AND (secret IS NOT NULL OR last_error = '')") == 0 ]] ||
    fail "a mail that failed keeps its secret, or no reason"

it "early_reply_never_counts_as_sent"
register early-ann
wait_until 90 is_sent early-ann || fail "early-ann is $(read_state early-ann)"
[[ $(count_copies early-ann) == 1 ]] || fail "early-ann counts as sent and has $(count_copies early-ann) copies"
grep '"event":"mail_not_sent"' "$VAR/log/csauthd.log" |
    grep -q '"kind":"interrupted","reason":"the server replied before it was asked"' || fail "the log does not say so"

it "delivers every mail whose mailer was killed, none more than twice, and under one Message-ID"
for step in $steps; do
    wait_until 120 is_sent "killed-$step" || fail "killed-$step is $(read_state "killed-$step")"
    (($(count_copies "killed-$step") >= 1 && $(count_copies "killed-$step") <= 2)) ||
        fail "killed-$step has $(count_copies "killed-$step") copies"
    [[ $(count_ids "killed-$step") == 1 ]] || fail "killed-$step has $(count_ids "killed-$step") Message-IDs"
done
# An earlier mail, due again, may have come to that step in its place.
silent=$(sed -n 's/^dot \(.*\)@example.com$/\1/p' "$work/relay/killed")
[[ $(count_copies "$silent") == 2 ]] ||
    fail "the mail of ${silent:-nobody}, which was taken in silence, was not sent again"

it "refuses for good an address that needs what the relay does not speak"
call POST /api/register/ '{"email":"jürgen@example.com","username":"faults-juergen","password":"correct horse battery"}'
expect_status 201
wait_until 30 is_refused ||
    fail "it is $(query "SELECT state, last_error FROM outbox WHERE recipient = 'jürgen@example.com'")"

it "sets a mail aside that can't be read, and goes on with the others"
kill -STOP "$(list_pids mailer)"
register faults-poison
query "UPDATE outbox SET secret = 'damaged', attempts = 4 WHERE recipient = 'faults-poison@example.com'"
register faults-healthy
kill -CONT "$(list_pids mailer)"
wait_until 60 is_failed faults-poison || fail "it is $(read_state faults-poison)"
[[ $(query "SELECT last_error LIKE 'set aside%' FROM outbox WHERE recipient = 'faults-poison@example.com'") == 1 ]] ||
    fail "no reason"
wait_until 60 is_sent faults-healthy || fail "it held up the others"

it "never sends anything but whole lines"
[[ ! -s $work/relay/violations ]] || fail "$(head -n 3 "$work/relay/violations")"

it "lets an administrator look, retry, drop and test"
id=$(run_ctl --json mail list failed | jq -r '.[] | select(.recipient == "never-ann@example.com") | .id')
[[ $(run_ctl --json mail show "$id" | jq -r '.last_error') == *"550 5.1.1"* ]] || fail "the reason is not shown"
run_ctl mail show "$id" | finds '^state *failed' || fail "show does not show"
run_ctl mail list | finds never-ann@example.com || fail "list does not list"
run_ctl mail retry "$id" >"$work/out" 2>&1 && fail "a mail without its secret was taken for sending"
[[ $(run_ctl mail list nonsense 2>&1; echo $?) == *64 ]] || fail "a wrong state is no usage error"
[[ $(run_ctl mail show 00000000-0000-7000-8000-000000000000 2>&1; echo $?) == *65 ]] ||
    fail "a mail that is not there is no error"
kill -STOP "$(list_pids mailer)"
register faults-dropped
id=$(run_ctl --json mail list queued | jq -r '.[] | select(.recipient == "faults-dropped@example.com") | .id')
run_ctl mail drop "$id" </dev/null >/dev/null 2>&1 && fail "it dropped without being sure"
run_ctl --yes mail drop "$id" >/dev/null || fail "it can't drop"
register faults-waiting
query "UPDATE outbox SET next_attempt_at = NOW(6) + INTERVAL 1 HOUR WHERE recipient = 'faults-waiting@example.com'"
kill -CONT "$(list_pids mailer)"
run_ctl mail retry "$(run_ctl --json mail list queued | jq -r '.[] | select(.recipient == "faults-waiting@example.com")
    | .id')" >/dev/null ||
    fail "it can't retry"
wait_until 30 is_sent faults-waiting || fail "it is $(read_state faults-waiting)"
[[ $(count_copies faults-dropped) == 0 ]] || fail "the dropped mail was sent"
[[ $(query "SELECT COUNT(*) FROM audit_log WHERE action = 'sys_mail_administered'") == 2 ]] ||
    fail "the audit log does not have it"
run_ctl --json mail list | finds -E '"(token|code|secret)"' && fail "a listing shows a secret"
run_ctl mail test tested@example.com >/dev/null || fail "the test mail was not taken"
[[ $(count_copies tested) == 1 ]] || fail "the test mail did not arrive"
[[ $(run_ctl mail test never-tested@example.com 2>&1; echo $?) == *"550"*69 ]] || fail "a refusal is not told"

finish
