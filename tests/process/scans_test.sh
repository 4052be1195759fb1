#!/bin/bash
# No statement of the service reads a whole table that grows with its users: the database explains each one as it runs.
source "$(dirname "$0")/../lib.sh"

# count_statements: prints how many were explained. For a scan, it prints the statement and its plan.
count_statements() { grep -c '^# explain: [0-9]' "$log"; }

list_scans() {
    awk -F'\t' -v most=$((people / 2)) '
        # explain: id select_type table type possible_keys key key_len ref rows r_rows …; r_rows: that were really read
        /^# explain: id/ { next }
        /^# explain: / { if (($4 == "ALL" || $4 == "index") && $10 + 0 > most) plan = plan "    " $0 "\n"; next }
        /^#/ || /^SET timestamp/ { next }
        { if (plan != "") { print plan "    " $0; plan = "" } }' "$log"
}

expect_no_scan() { [[ -z $(list_scans) ]] || fail "$(list_scans)"; }
has_scan() { [[ -n $(list_scans) ]]; }
is_sealed_again() { query "SELECT 1 FROM audit_log WHERE batch IS NULL LIMIT 1" | finds . && return 1 || return 0; }

start_own_stack scans CSAUTH_LIMITS_ENABLED=off

people=2000
scripts/seed-users $people --var "$VAR" --build "$BUILD" >/dev/null || fail "there are no users"
query "ANALYZE TABLE users, sessions, devices, user_roles" >/dev/null
log=$VAR/tmp/statements.log
# A connection takes this over when it begins, so all of csauthd begins anew.
query "SET GLOBAL log_output = 'FILE', slow_query_log_file = '$log', long_query_time = 0,
    log_slow_verbosity = 'query_plan,explain'"
query "SET GLOBAL slow_query_log = ON"
reload_mailer

it "notices a scan"
query "SELECT COUNT(*) FROM users WHERE bio = 'x'" >/dev/null
wait_until 10 has_scan || fail "a scan passes unseen"
query "SET GLOBAL slow_query_log = OFF"
rm "$log"
query "SET GLOBAL slow_query_log = ON"

it "signs people up, in and out along indexes"
make_user walker
own_refresh=$refresh
post /api/token/ "{\"username\":\"walker\",\"password\":\"$password\"}"
expect_status 200
post /api/login/ '{"email":"walker@example.com","password":"wrong password here"}'
expect_status 401
post /api/token/refresh/ "{\"refresh\":\"$own_refresh\"}"
expect_status 200
post /api/token/refresh/ "{\"refresh\":\"$own_refresh\"}"
expect_status 200
post /api/token/verify/ "{\"token\":\"$(read_answer .refresh)\"}"
expect_status 200
for i in 1 2 3; do
    post /api/login/ "{\"email\":\"seed-$((i * 500))@example.com\",\"password\":\"a seed for many\",
        \"device_token\":\"push-$i\"}"
done
expect_status 200
expect_no_scan

it "shows and changes an account along indexes"
recall walker
get_me
for path in /api/me/ /api/me/export/ /api/me/activity/ /api/sessions/ /api/devices/ "/api/users/$(read_answer .id)/" \
    "/api/presence/?users=$(read_answer .id)" /auth/verify; do
    call_signed_in GET "$path"
done
call_signed_in PATCH /api/me/ '{"full_name":"Walker","bio":"walks"}'
call_signed_in PUT /api/presence/ '{"status":"away"}'
call_signed_in POST /api/devices/ '{"device_token":"push-of-walker","device_type":"ios"}'
expect_status 200
call_signed_in POST /api/email/change/ "{\"new_email\":\"walker2@example.com\",\"password\":\"$password\"}"
expect_status 202
post /api/resend-verification/ '{"email":"seed-7@example.com"}'
post /api/password/forgot/ '{"email":"walker@example.com"}'
token=$(wait_for_mail walker@example.com password | read_token)
post /api/password/reset/ "{\"token\":\"$token\",\"new_password\":\"$password again\"}"
expect_status 204
sign_in walker "$password again"
call_signed_in POST '/api/logout/?scope=all'
expect_status 204
expect_no_scan

it "administers along indexes"
add_user scans-boss --admin
subject=$(find_id seed-77)
for path in /api/users/ '/api/users/?search=seed-1' /api/roles/ /api/audit/ "/api/users/$subject/sessions/" \
    "/api/users/$subject/devices/"; do
    call_signed_in GET "$path"
done
call_signed_in PUT "/api/users/$subject/roles/moderator/"
call_signed_in POST "/api/users/$subject/ban/" '{"reason":"spam"}'
expect_status 200
call_signed_in DELETE "/api/users/$subject/ban/"
call_signed_in POST "/api/users/$subject/logout/"
call_signed_in DELETE "/api/users/$subject/"
expect_status 204
expect_no_scan

it "keeps house along indexes"
run_housekeeping
wait_until 60 is_sealed_again || fail "the keeper has no turn"
expect_no_scan
echo "    $(count_statements) lines of plans"
(($(count_statements) > 100)) || fail "hardly anything was explained"
finish
