#!/bin/bash
# A real Postfix as the relay: STARTTLS with a certificate, a sign-in, and on to the sink.
source "$(dirname "$0")/../lib.sh"

stop_postfix() {
    local master
    master=$(tr -d ' ' <"$postfix/spool/pid/master.pid" 2>/dev/null)
    postfix -c "$postfix/etc" stop >/dev/null 2>&1
    [[ -z $master ]] || wait_until 10 process_is_gone "$master" || kill -KILL "$master"
    rm -rf "$postfix"
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$smtp_port"); }

# use_relay PASSWORD_FILE: has csauthd use Postfix.
use_relay() {
    sed -i '/^\[mail\]/,/^\[log\]/ { /^\[log\]/! d }' "$VAR/csauth.ini"
    cat >>"$VAR/csauth.ini" <<INI

[mail]
host = localhost
port = $smtp_port
tls = starttls
ca_file = $postfix/etc/cert.pem
user = relay
password_file = $1
from = no-reply@collabsphere.example
reply_to = help@collabsphere.example
templates = $PWD/src/domain/outbox/templates
INI
    reload_mailer
}

is_refused() { log_has '"event":"relay_away","what":"misconfigured: 535'; }
has_arrived() { grep -rlaq 'xn--mller-kva.example' "$VAR/mail/box/new"; }
have_all_come() { [[ $(query "SELECT COUNT(*) FROM outbox WHERE state <> 'sent'") == 0 ]]; }
is_logged() { grep -qE 'disconnect from .* mail=2[0-9] rcpt=2[0-9] data=2[0-9]' "$postfix/log"; }

((EUID == 0)) || skip "Postfix needs root"
for program in postfix saslpasswd2; do
    command -v "$program" >/dev/null ||
        skip "$program is not installed; scripts/setup leaves it out beside another mail server"
done
start_own_stack postfix CSAUTH_LIMITS_ENABLED=off CSAUTH_MAIL_FIRST_RETRY=1s CSAUTH_MAIL_TIMEOUT=20s \
    CSAUTH_SERVER_API_WORKERS=1

# Postfix' own user must reach it.
postfix=$(mktemp -d /tmp/csauth-postfix-XXXXXX)
chmod 755 "$postfix"
mkdir -p "$postfix/etc/sasl" "$postfix/spool" "$postfix/data"
chown postfix "$postfix/data"
smtp_port=$(find_free_port)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$postfix/etc/key.pem" -out \
    "$postfix/etc/cert.pem" \
    -subj "/CN=localhost" -addext "subjectAltName=DNS:localhost" -days 30 2>/dev/null
printf 'the relay password' >"$work/relay_password"
chmod 400 "$work/relay_password"
printf 'the relay password' | saslpasswd2 -p -c -f "$postfix/etc/sasldb2" -u collabsphere.example relay
chown postfix "$postfix/etc/sasldb2"
cat >"$postfix/etc/sasl/smtpd.conf" <<CONF
pwcheck_method: auxprop
auxprop_plugin: sasldb
mech_list: PLAIN LOGIN
sasldb_path: $postfix/etc/sasldb2
CONF
cat >"$postfix/etc/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $postfix/spool
data_directory = $postfix/data
myhostname = localhost
mydestination =
mynetworks =
local_recipient_maps =
alias_maps =
inet_protocols = ipv4
inet_interfaces = 127.0.0.1
relayhost = [127.0.0.1]:$(cat "$(find_run_dir)/smtp.port")
maillog_file = $postfix/log
maillog_file_prefixes = /tmp
smtp_tls_security_level = none
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = $postfix/etc/cert.pem
smtpd_tls_key_file = $postfix/etc/key.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = collabsphere.example
cyrus_sasl_config_path = $postfix/etc/sasl
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtputf8_enable = yes
CONF
cat >"$postfix/etc/master.cf" <<CONF
127.0.0.1:$smtp_port inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
error unix - - n - - error
retry unix - - n - - error
postlog unix-dgram n - n - 1 postlogd
CONF
trap 'stop_postfix; stop_own_stacks' EXIT
postfix -c "$postfix/etc" start >"$work/postfix.out" 2>&1 || {
    cat "$work/postfix.out"
    fail "Postfix did not start"
    finish
}
wait_until 20 listens || { fail "Postfix does not listen: $(tail -n 5 "$postfix/log")"; finish; }

it "sends nothing through a relay that refuses its password, and keeps the mail"
printf 'another password' >"$work/wrong_password"
chmod 400 "$work/wrong_password"
use_relay "$work/wrong_password"
register postfix-ann
wait_until 40 is_refused || fail "it was not refused: $(grep relay_away "$VAR/log/csauthd.log" | tail -n 1)"
[[ $(query "SELECT state, attempts, secret IS NOT NULL FROM outbox") == $'queued\t0\t1' ||
    $(query "SELECT state FROM outbox") == sending ]] ||
    fail "the outbox has $(query "SELECT state, attempts FROM outbox")"

it "delivers over STARTTLS, signed in"
use_relay "$work/relay_password"
token=$(wait_for_mail_token postfix-ann@example.com) || wait_until 60 has_mails postfix-ann@example.com 1 ||
    fail "it never came: $(grep mail_not_sent "$VAR/log/csauthd.log" | tail -n 1)"
token=$(wait_for_mail_token postfix-ann@example.com)
call POST /api/verify-email/ "{\"token\":\"$token\",\"password\":\"$password\"}"
expect_status 200
print_mails postfix-ann@example.com |
    jq -e '.headers
        | contains(["Date", "From", "Reply-To", "To", "Subject", "Message-ID", "Auto-Submitted",
            "MIME-Version"])' >/dev/null ||
    fail "a header is missing"
grep -q "sasl_username=relay@collabsphere.example" "$postfix/log" || fail "Postfix saw no sign-in"

it "delivers to an international address"
call POST /api/register/ '{"email":"jürgen@müller.example","username":"postfix-juergen",
    "password":"correct horse battery"}'
expect_status 201
wait_until 60 has_arrived || fail "it never came: $(tail -n 3 "$postfix/log")"

it "sends many mails over one connection, in one round trip each"
kill -STOP "$(list_pids mailer)"
for number in $(seq 25); do register "postfix-many-$number"; done
kill -CONT "$(list_pids mailer)"
wait_until 90 have_all_come || fail "$(query "SELECT state, COUNT(*) FROM outbox GROUP BY state")"
for number in 1 13 25; do
    wait_until 30 has_mails "postfix-many-$number@example.com" 1 || fail "mail $number never came"
done
wait_until 30 is_logged || fail "it took several connections: $(grep disconnect "$postfix/log" | tail -n 3)"
grep -q 'the relay password' "$VAR/log"/* && fail "a log holds the password"

finish
