#!/bin/bash
# The relay over TLS: certificates are verified, credentials go nowhere else.
source "$(dirname "$0")/../lib.sh"

make_certificate() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/$1.key" -out "$work/$1.csr" -subj \
        "/CN=$2" 2>/dev/null
    openssl x509 -req -in "$work/$1.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -out "$work/$1.pem" \
        -days "$3" -extfile <(printf 'subjectAltName=DNS:%s' "$2") 2>/dev/null
}

# start_relay MODE CERTIFICATE CA [MECHANISM]: starts a relay, and has csauthd use it.
start_relay() {
    rm -f "$work/port"
    tests/tools/tls_sink.py "$MAIL_DIR" "$work/port" "$1" "$work/$2.pem" \
        "$work/$2.key" relay 'the relay password' ${4+"$4"} 2>>"$work/relay.log" &
    relays+=($!)
    wait_until 20 test -s "$work/port" || fail "the relay did not start: $(cat "$work/relay.log")"
    sed -i '/^\[mail\]/,/^\[log\]/ { /^\[log\]/! d }' "$VAR/csauth.ini"
    cat >>"$VAR/csauth.ini" <<INI

[mail]
host = localhost
port = $(cat "$work/port")
tls = $1
ca_file = $work/$3.pem
user = relay
password_file = $work/relay_password
from = no-reply@collabsphere.example
templates = $PWD/src/domain/outbox/templates
INI
    reload_mailer
}

is_refused() {
    grep '"event":"relay_away","what":"misconfigured: ' "$VAR/log/csauthd.log" | tail -n 1 | finds -iE "$reason"
}

start_own_stack tls CSAUTH_LIMITS_ENABLED=off CSAUTH_MAIL_FIRST_RETRY=1s CSAUTH_MAIL_TIMEOUT=5s \
    CSAUTH_SERVER_API_WORKERS=1
MAIL_DIR=$work/box
printf 'the relay password' >"$work/relay_password"
chmod 400 "$work/relay_password"

# make_certificate NAME HOST DAYS: a key and a certificate of our own authority.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/ca.key" -out "$work/ca.pem" -subj \
    "/CN=authority" -days 30 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/other.key" -out "$work/other.pem" \
    -subj "/CN=another" -days 30 2>/dev/null
make_certificate good localhost 30
make_certificate wrong elsewhere.example 30
make_certificate expired localhost -1

relays=()
trap 'kill "${relays[@]}" 2>/dev/null; stop_own_stacks' EXIT

for mode in starttls implicit; do
    it "delivers over $mode, signed in"
    start_relay $mode good ca
    register "tls-$mode"
    wait_until 30 has_mails "tls-$mode@example.com" 1 ||
        fail "the mail never came: $(grep mail_not_sent "$VAR/log/csauthd.log" | tail -n 1)"
done

it "signs in by LOGIN where PLAIN is not offered"
start_relay starttls good ca LOGIN
register tls-login
wait_until 30 has_mails tls-login@example.com 1 ||
    fail "the mail never came: $(grep mail_not_sent "$VAR/log/csauthd.log" | tail -n 1)"

for trouble in "wrong ca hostname" "expired ca expired" "good other verif|self|issuer"; do
    read -r certificate authority reason <<<"$trouble"
    it "sends nothing to a relay whose certificate is $certificate under the authority $authority"
    start_relay starttls "$certificate" "$authority"
    register "tls-$certificate-$authority"
    wait_until 30 is_refused || fail "it was not refused: $(grep relay_away "$VAR/log/csauthd.log" | tail -n 1)"
    [[ $(print_mails "tls-$certificate-$authority@example.com" | wc -l) == 0 ]] || fail "it was sent"
    # The administrator reads both names and the key to change.
    run_ctl mail test tls-ann@example.com >"$work/told" 2>&1 && fail "the test mail was taken"
    case $certificate-$authority in
        wrong-ca) wanted=("elsewhere.example" "not for localhost" "set mail.host") ;;
        expired-ca) wanted=("certificate of localhost" "expired" "mail.host") ;;
        good-other) wanted=("certificate of localhost" "$work/other.pem" "set mail.ca_file") ;;
    esac
    for words in "${wanted[@]}"; do
        grep -qF -- "$words" "$work/told" || fail "'$words' is missing in: $(cat "$work/told")"
    done
done

it "names_mail_tls_when_the_relay_speaks_no_tls"
CSAUTH_MAIL_TLS=implicit run_ctl mail test tls-ann@example.com >"$work/told" 2>&1 && fail "the test mail was taken"
grep -q 'TLS with localhost.*mail.port and mail.tls' "$work/told" || fail "it says: $(cat "$work/told")"

it "delivers what had waited, once the relay is in order"
start_relay starttls good ca
for name in tls-wrong-ca tls-expired-ca tls-good-other; do
    wait_until 90 has_mails "$name@example.com" 1 || fail "the mail to $name never came"
done
grep -rq 'the relay password' "$VAR/log" && fail "a log holds the password"

finish
