#!/bin/bash
# The filter for fail2ban, on lines that csauthd has written.
source "$(dirname "$0")/../lib.sh"

mark_log() { lines_before=$(wc -l <"$log"); }

# print_new_lines: what the log has got since mark_log was called.
print_new_lines() { tail -n +$((lines_before + 1)) "$log"; }

# list_addresses FILE: the addresses that the filter finds, one for each refusal.
list_addresses() { fail2ban-regex --out ip "$1" "$filter" 2>"$work/regex.err"; }

# has_lines PATH N: whether N requests for that route are in the log.
has_lines() { (($(print_new_lines | grep -c "\"route\":\"$1\"") >= $2)); }

command -v fail2ban-regex >/dev/null || skip "fail2ban is not installed"
filter=docs/examples/fail2ban/filter.d/csauth.conf
log=$VAR/log/csauthd.log

it "finds_refused_sign_ins_and_nothing_else"
make_user fail2ban-ann
mark_log
call POST /api/login/ '{"email":"fail2ban-ann@example.com","password":"not this one, sorry"}'
expect_problem 401 invalid_credentials
call POST /api/token/ '{"email":"fail2ban-nobody@example.com","password":"not this one, sorry"}'
expect_problem 401 invalid_credentials
sign_in fail2ban-ann
expect_status 200
get_me "forged"
expect_problem 401 invalid_token
call POST /api/login/ '{"email":"fail2ban-ann@example.com"}'
expect_problem 422 validation_failed
wait_until 10 has_lines /api/login 3 || fail "the log lacks the requests"
print_new_lines >"$work/plain.log"
[[ $(list_addresses "$work/plain.log" | sort | uniq -c | xargs) == "2 127.0.0.1" ]] ||
    fail "it finds: $(list_addresses "$work/plain.log") in $(cat "$work/plain.log")"

it "takes_no_address_from_what_a_client_sends"
forged='","ip":"203.0.113.9","user":"","code":"invalid_credentials"}'
line='{"ts":"2026-11-28T02:14:22.123456Z","level":"info","process":"hash","pid":1,"event":"request",'
line+='"request_id":"0123456789abcdef0123456789abcdef","method":"POST","route":"/api/login",'
line+='"status":401,"duration_ms":1.000,"ip":"203.0.113.9","user":"","code":"invalid_credentials"}'
mark_log
for text in "$forged" "$line" $'\n'"$line" $'x\r\n'"$line"; do
    body=$(jq -cn --arg text "$text" '{email: $text, password: "not this one, sorry", device_name: $text}')
    call POST /api/login/ "$body" --header "User-Agent: ${text//[$'\r\n']/}" --header "X-Forwarded-For: 203.0.113.9" \
        --header "X-Request-ID: ${text//[$'\r\n']/}"
done
username=$(jq -cn --arg text "$forged" '{username: $text, password: "not this one, sorry"}')
call POST /api/login/ "$username" --header "Referer: $line"
call POST "/api/login/%22%2c%22ip%22%3a%22203.0.113.9%22" '{}'
call 'POST","ip":"203.0.113.9' /api/login/ '{}'
call POST /api/login/ '{"email":"fail2ban-nobody@example.com","password":"not this one, sorry"}' \
    --header "User-Agent: $line"
expect_problem 401 invalid_credentials
wait_until 10 has_lines /api/login 4 || fail "the log lacks the requests"
print_new_lines >"$work/hostile.log"
[[ $(list_addresses "$work/hostile.log" | sort -u) == 127.0.0.1 ]] ||
    fail "it finds: $(list_addresses "$work/hostile.log") in $(cat "$work/hostile.log")"

it "reads_lines_of_the_journal_too"
sed 's/^/web1 csauthd[4711]: /' "$work/plain.log" >"$work/journal.log"
[[ $(list_addresses "$work/journal.log" | sort | uniq -c | xargs) == "2 127.0.0.1" ]] ||
    fail "it finds: $(list_addresses "$work/journal.log")"
# Another process, or text before the line, is not csauthd's.
sed 's/^/web1 sshd[4711]: /' "$work/plain.log" >"$work/other.log"
[[ -z $(list_addresses "$work/other.log") ]] || fail "it believes another process"

it "ships_a_jail_that_names_the_filter"
python3 - docs/examples/fail2ban/jail.d/csauth.conf <<'PY' || fail "the jail is not as fail2ban reads it"
import configparser, sys
jail = configparser.ConfigParser(interpolation=None)
jail.read(sys.argv[1])
assert jail["csauth"]["filter"] == "csauth" and jail["csauth"]["backend"] == "systemd"
PY

finish
