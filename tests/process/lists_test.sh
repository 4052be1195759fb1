#!/bin/bash
# Every list at 1,000,000 users and as many entries of the audit log: what the database plans, and how many rows it
# really reads for a page.
source "$(dirname "$0")/../lib.sh"

count_rows_read() {
    query "SELECT SUM(VARIABLE_VALUE) FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME LIKE 'HANDLER_READ%'
        AND VARIABLE_NAME NOT LIKE '%RND%'"
}

pipe_to_database() {
    mariadb --no-defaults --socket="$(find_run_dir)/db.sock" --user="$(id -un)" --batch --skip-column-names csauth "$@"
}

# measure_list PATH [MOST]: shows what the database plans for it, and what a page takes: MOST rows at most. For 51 users
# that is the row, its roles, devices and sessions, in each of the walks.
measure_list() {
    local most_rows=${2:-1500}
    local before nothing after plan
    # Statements are logged with their values only where they are prepared while the log is on.
    query "SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = ON"
    call GET "$1" --header "Authorization: Bearer $boss"
    query "SET GLOBAL general_log = OFF"
    expect_status 200
    before=$(count_rows_read)
    nothing=$(($(count_rows_read) - before))
    call GET "$1" --header "Authorization: Bearer $boss"
    after=$(count_rows_read)
    echo "    $1: $((after - before - 2 * nothing)) rows read for $(read_answer '.items | length')"
    ((after - before - 2 * nothing <= most_rows)) || fail "$1 reads $((after - before - 2 * nothing)) rows"
    plan=$(pipe_to_database --raw -e "SELECT REPLACE(argument, '\n', ' ') FROM mysql.general_log
        WHERE command_type = 'Execute' AND argument LIKE '%FROM%' AND argument NOT LIKE '%?%'
        AND argument NOT LIKE '%FROM sessions s%'" |
        while IFS= read -r statement; do pipe_to_database -e "EXPLAIN $statement" 2>&1; done)
    # id select_type table type possible_keys key key_len ref rows Extra
    awk -F'\t' '{ printf "        %s %s %s rows=%s %s\n", $3, $4, $6, $9, $10 }' <<<"$plan"
    # Any plan is fine for small tables, and for the parts of a page.
    awk -F'\t' '$9 + 0 > 1000 && ($4 == "ALL" || $6 == "NULL") { exit 1 }' <<<"$plan" || fail "$1 scans a table"
    awk -F'\t' '$9 + 0 > 1000 && /filesort/ { exit 1 }' <<<"$plan" || fail "$1 sorts"
}

start_own_stack lists CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=1 CSAUTH_DATABASE_QUERY_TIMEOUT=20s

people=1000000
query "SET GLOBAL innodb_flush_log_at_trx_commit = 0; SET GLOBAL innodb_buffer_pool_size = 1073741824"
# An id of the form that ours have, which sorts by the time that it was made; one in 100 has no confirmed address, one
# in 101 is banned, one in 100 keeps order.
query "
SET unique_checks = 0, foreign_key_checks = 0;
INSERT INTO users (id, email, email_key, username, username_key, password_hash, created_at, verified_at,
    unverified_since,
                   banned_at, ban_reason)
SELECT UNHEX(CONCAT(LPAD(HEX(1700000000000 + seq * 1000), 12, '0'), '70008000', LPAD(HEX(seq), 12, '0'))),
       CONCAT('user', seq, '@example.com'), CONCAT('user', seq, '@example.com'),
       CONCAT('person', seq), CONCAT('person', seq), '!', FROM_UNIXTIME(1700000000 + seq),
       IF(seq % 100 = 0, NULL, FROM_UNIXTIME(1700000000 + seq)), IF(seq % 100 = 0, UTC_TIMESTAMP(6), NULL),
       IF(seq % 101 = 0, FROM_UNIXTIME(1700000000 + seq), NULL), IF(seq % 101 = 0, 'spam', NULL)
  FROM seq_1_to_$people;
INSERT INTO user_roles (user_id, role_name, granted_at)
SELECT id, 'member', created_at FROM users
 UNION ALL SELECT id, 'moderator', created_at FROM users WHERE username LIKE '%77';
INSERT INTO audit_log (id, at, actor_id, subject_id, action, outcome, ip, request_id)
SELECT id, created_at, id, id, IF(CRC32(id) % 100 = 0, 'authn_login_fail', 'authn_login_success'), 'success',
       '192.0.2.1', 'r'
  FROM users" || fail "there are no users"
query "ANALYZE TABLE users, user_roles, audit_log" >/dev/null
add_user lists-boss --admin
boss=$access
some_id=$(find_id person500)

# Nobody but the one worker may read while it is counted what it reads.
for role in mailer keeper follower; do kill -STOP "$(list_pids $role)"; done

it "lists users along an index, whatever is asked for"
for query in '' '?search=person12' '?search=user77' '?role=member' '?role=moderator' '?status=active' \
    '?status=unverified' '?status=banned' \
    '?role=moderator&status=active' '?created_since=2023-11-20T00:00:00Z' \
    '?role=member&created_since=2023-11-20T00:00:00Z' '?search=person12&role=member&status=active'; do
    measure_list "/api/users/$query"
    next=$(read_answer .next)
    [[ $next != null ]] || continue
    measure_list "/api/users/${query:-?}&cursor=$next"
done

it "looks for two things at once along the index of one of them"
measure_list '/api/users/?role=moderator&status=banned' 20000 # the banned, of whom one in 100 keeps order

it "lists the audit log along an index, whatever is asked for"
for query in '' '?action=authn_login_fail' "?user=$some_id" \
    "?user=$some_id&action=authn_login_success" '?since=2023-11-20T00:00:00Z'; do
    measure_list "/api/audit/$query"
done
measure_list /api/me/activity/
measure_list "/api/users/$some_id/sessions/"
measure_list "/api/users/$some_id/devices/"
measure_list /api/roles/

for role in mailer keeper follower; do kill -CONT "$(list_pids $role)"; done
finish
