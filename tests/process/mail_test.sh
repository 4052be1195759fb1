#!/bin/bash
# Mail waits for its server, and survives its sender.
source "$(dirname "$0")/../lib.sh"

is_tried() { [[ $(query "SELECT COUNT(*) FROM outbox WHERE attempts = 0 AND last_error IS NOT NULL") -ge 1 ]]; }

is_given_up() {
    [[ $(query "SELECT COUNT(*) FROM outbox WHERE recipient = 'mail-dan@example.com' AND state = 'failed'
        AND secret IS NULL") == 1 ]]
}

# The mailer answers requests before it delivers: when it has answered the second, it had a whole turn.
is_answered() {
    [[ $(query "SELECT COUNT(*) FROM mail_requests WHERE email_key = '$1@example.com'
        AND handled_at IS NOT NULL") == 1 ]]
}

start_own_stack mail CSAUTH_LIMITS_ENABLED=off CSAUTH_MAIL_FIRST_RETRY=1s CSAUTH_MAIL_TIMEOUT=5s \
    CSAUTH_SERVER_API_WORKERS=1
supervisor=$(read_pid "$(find_run_dir)/supervisor.process")
kill -STOP "$supervisor"
port=$(cat "$(find_run_dir)/smtp.port")

it "loses no mail while the mail server is down"
smtp=$(read_pid "$(find_run_dir)/smtp.process")
kill -TERM "$smtp"
wait_until 10 process_is_gone "$smtp"
register mail-ann
expect_status 201
register mail-bob
expect_status 201
wait_until 20 is_tried || fail "nobody tried"
[[ $(query "SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending') AND secret IS NOT NULL") == 2 ]] ||
    fail "a mail is missing"
setsid scripts/mail_sink.py "$VAR/mail/box" "$(find_run_dir)/smtp.port" "$port" >"$VAR/log/smtp.log" 2>&1 &
remember "$(find_run_dir)/smtp.process" $!
for name in ann bob; do
    token=$(wait_for_mail_token "mail-$name@example.com") || wait_until 60 has_mails "mail-$name@example.com" 1 ||
        fail "the mail to $name never came"
    token=$(wait_for_mail_token "mail-$name@example.com")
    call POST /api/verify-email/ "{\"token\":\"$token\",\"password\":\"$password\"}"
    expect_status 200
done

it "sends what a killed mailer had not sent"
kill -STOP "$(list_pids mailer)"
register mail-cat
kill -KILL "$(list_pids mailer)"
wait_until 60 has_mails mail-cat@example.com 1 || fail "the mail never came"

it "gives up what is of no use any more"
kill -STOP "$(list_pids mailer)"
register mail-dan
query "UPDATE outbox SET give_up_at = NOW(6) - INTERVAL 1 SECOND WHERE recipient = 'mail-dan@example.com'"
kill -CONT "$(list_pids mailer)"
wait_until 20 is_given_up ||
    fail "it was not given up: $(query "SELECT state, attempts, last_error FROM outbox
        WHERE recipient = 'mail-dan@example.com'")"
[[ $(print_mails mail-dan@example.com | wc -l) == 0 ]] || fail "it was sent"

it "sends no more in a minute than it may"
sed -i 's/^tls = none$/tls = none\nrate = 1/' "$VAR/csauth.ini"
reload_mailer
register mail-eve
wait_until 30 has_mails mail-eve@example.com 1 || fail "the first mail never came"
register mail-fay
for nobody in mail-nobody mail-nobody-else; do
    post /api/password/forgot/ "{\"email\":\"$nobody@example.com\"}"
    wait_until 30 is_answered "$nobody" || fail "the mailer stands still"
done
[[ $(print_mails mail-fay@example.com | wc -l) == 0 ]] || fail "the second mail went at once"
[[ $(query "SELECT state FROM outbox WHERE recipient = 'mail-fay@example.com'") == queued ]] || fail "it does not wait"

kill -CONT "$supervisor"
finish
