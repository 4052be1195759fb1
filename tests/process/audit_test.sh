#!/bin/bash
# The audit log: what is written, sealed, verified, exported, and let go.
source "$(dirname "$0")/../lib.sh"

call_as_boss() { access=$boss call_signed_in "$@"; }

# expect_tampered BATCH WORDS: verify finds it, and names that batch.
expect_tampered() {
    local status
    run_ctl --json audit verify >"$work/verified"
    status=$?
    [[ $status == 76 ]] || fail "verify gave $status: $(cat "$work/verified")"
    [[ $(jq -c '[.good, .batch]' "$work/verified") == "[false,$1]" ]] || fail "verify says $(cat "$work/verified")"
    grep -q -- "$2" "$work/verified" || fail "verify says $(cat "$work/verified"), not $2"
}

expect_good() {
    run_ctl --json audit verify "$@" >"$work/verified"
    [[ $(jq .good "$work/verified") == true ]] || fail "verify says $(cat "$work/verified")"
}

# Puts the log back as it was.
save_log() {
    query "CREATE TABLE saved_log AS SELECT * FROM audit_log; CREATE TABLE saved_batches AS SELECT * FROM audit_batches"
}

restore_log() {
    query "DELETE FROM audit_log; DELETE FROM audit_batches; INSERT INTO audit_log SELECT * FROM saved_log;
        INSERT INTO audit_batches SELECT * FROM saved_batches"
}

is_sealed() { [[ $(query "SELECT COUNT(*) FROM audit_log WHERE batch IS NULL") == 0 ]]; }

is_erased() {
    [[ $(query "SELECT COUNT(*) FROM audit_log WHERE subject_id = UNHEX(REPLACE('$ann_id', '-', '')) AND (detail <> ''
        OR detail_salt IS NOT NULL)") == 0 ]]
}

count_refusals() {
    query "SELECT COUNT(*) FROM audit_log WHERE action = 'authz_fail' AND actor_id = UNHEX(REPLACE('$id', '-', ''))"
}

is_counted() {
    [[ $(query "SELECT detail FROM audit_log WHERE action = 'sys_failures_counted'") =~ ^(9|10)\ more\ refusals$ ]]
}

has_new_keeper() { keeper=$(list_pids keeper || true) && [[ $keeper =~ ^[0-9]+$ && $keeper != "$old" ]]; }

has_gone() {
    [[ $(query "SELECT MIN(number) FROM audit_batches") -gt 2 &&
        $(query "SELECT COUNT(*) FROM audit_log WHERE batch = 1") == 0 ]]
}

start_own_stack audit CSAUTH_SERVER_API_WORKERS=2

add_user audit-boss --admin
boss=$access boss_id=$id
add_user audit-ann
ann=$access ann_id=$id

it "writes each act with who, whom, what, from where, and in which request"
call_as_boss POST "/api/users/$ann_id/ban/" '{"reason":"Spam"}'
request=$(read_header X-Request-ID)
call_as_boss GET "/api/audit/?action=user_banned"
expect_status 200
expect_json ".items | length == 1 and (.[0] | .actor == \"$boss_id\" and .subject == \"$ann_id\"
    and .ip == \"127.0.0.1\" and .request_id == \"$request\" and .outcome == \"success\"
    and .detail == \"for good: Spam\")"
call_as_boss DELETE "/api/users/$ann_id/ban/"
sign_in audit-ann 'not the password'
sign_in audit-ann
ann=$access
access=$ann call_signed_in DELETE "/api/users/$boss_id/"
expect_problem 403 permission_denied
call_as_boss GET "/api/audit/?user=$ann_id"
for act in user_created user_banned user_unbanned authn_login_fail authn_login_success authz_fail; do
    expect_json "[.items[] | select(.action == \"$act\")] | length > 0"
done
expect_json "[.items[] | select(.action == \"authz_fail\")][0] | .actor == \"$ann_id\"
    and .outcome == \"failure\" and (.detail | startswith(\"DELETE /api/users/{id} $boss_id\"))"

it "pages and filters, and refuses what it does not know"
call_as_boss GET "/api/audit/?limit=2"
expect_json '(.items | length) == 2 and .next != null'
ids=$(read_answer '.items[].id')
call_as_boss GET "/api/audit/?limit=2&cursor=$(read_answer .next)"
ids+=$'\n'$(read_answer '.items[].id')
[[ $(sort -ru <<<"$ids") == "$ids" ]] || fail "the pages overlap: $ids"
call_as_boss GET "/api/audit/?since=2999-01-01T00:00:00Z"
expect_json '.items == []'
for bad in user=x action=none since=now cursor=x limit=0; do
    call_as_boss GET "/api/audit/?$bad"
    expect_problem 400 bad_request
done
access=$ann call_signed_in GET /api/audit/
expect_problem 403 permission_denied
call GET /api/audit/
expect_problem 401 authentication_required

it "shows people their own history, without who else acted from where"
access=$ann call_signed_in GET /api/me/activity/
expect_status 200
expect_json '[.items[] | select(.action == "user_banned")][0] | .by == "administrator" and .ip == ""
    and .detail == "for good: Spam" and (has("actor") | not)'
expect_json '[.items[] | select(.action == "authn_login_success")][0] | .by == "you" and .ip == "127.0.0.1"'
expect_json '[.items[] | select(.action == "authn_login_fail")][0] | .by == "" and .ip == "127.0.0.1"'
access=$ann call_signed_in GET /api/me/activity/?limit=1
access=$ann call_signed_in GET "/api/me/activity/?limit=1&cursor=$(read_answer .next)"
expect_json '.items | length == 1'
access=$ann call_signed_in GET /api/me/export/
expect_json '[.activity[] | select(.action == "user_banned")][0] | .by == "administrator" and .ip == ""'

it "is sealed by the keeper, and any change, removal or insertion is found with its batch"
run_housekeeping
wait_until 30 is_sealed || fail "the keeper does not seal"
log_has '"event":"audit_sealed"' || fail "the head is not in the log"
for _ in 1 2; do
    sign_in audit-ann
    head=$(run_ctl audit seal)
done
expect_good
expect_good --head "$head"
last=${head%%:*}
[[ $(jq -r .head "$work/verified") == "$head" && $(jq .unsealed "$work/verified") == 0 ]] ||
    fail "verify says $(cat "$work/verified")"
save_log
query "UPDATE audit_log SET action = 'authn_logout' WHERE batch = 1 LIMIT 1"
expect_tampered 1 'seal is broken'
restore_log
query "UPDATE audit_log SET ip = '192.0.2.99' WHERE batch = $last LIMIT 1"
expect_tampered "$last" 'address of entry'
restore_log
query "UPDATE audit_log SET detail = 'nothing' WHERE batch = 1 AND detail <> '' LIMIT 1"
expect_tampered 1 'detail of entry'
restore_log
hers="subject_id = UNHEX(REPLACE('$ann_id', '-', '')) AND actor_id = subject_id AND ip <> ''"
batch=$(query "SELECT MIN(batch) FROM audit_log WHERE $hers")
query "UPDATE audit_log SET ip = '', ip_salt = NULL WHERE batch = $batch AND $hers LIMIT 1"
expect_tampered "$batch" 'has not gone'
restore_log
query "DELETE FROM audit_log WHERE batch = 1 LIMIT 1"
expect_tampered 1 'entries, and has'
restore_log
query "INSERT INTO audit_log
    SELECT RANDOM_BYTES(16), at, actor_id, subject_id, action, outcome, ip, request_id, detail, ip_salt,
        ip_hash, detail_salt, detail_hash, batch FROM audit_log WHERE batch = 1 LIMIT 1"
expect_tampered 1 'entries, and has'
restore_log
query "DELETE FROM audit_log WHERE batch = 1; DELETE FROM audit_batches WHERE number = 1"
expect_tampered 1 'begins with batch 2'
restore_log
query "DELETE FROM audit_log WHERE batch = $last; DELETE FROM audit_batches WHERE number = $last"
expect_good # by itself the log can't tell
run_ctl audit verify --head "$head" >"$work/verified"
[[ $? == 76 ]] || fail "a shortened log is not found"
grep -q "batch $last" "$work/verified" || fail "verify says $(cat "$work/verified")"
restore_log
query "INSERT INTO audit_log
    SELECT RANDOM_BYTES(16), at - INTERVAL 1 DAY, actor_id, subject_id, action, outcome, ip, request_id, detail,
        ip_salt, ip_hash, detail_salt, detail_hash, NULL FROM audit_log WHERE batch = 1 LIMIT 1"
head=$(run_ctl audit seal)
expect_tampered "${head%%:*}" 'is of another time'
restore_log
expect_good
run_ctl audit verify --head nonsense >/dev/null 2>&1
[[ $? == 65 ]] || fail "nonsense is taken for a head"

it "keeps the seal when somebody goes with what is personal of theirs"
sign_in audit-ann
access=$access call_signed_in DELETE /api/me/ "{\"password\":\"$password\"}"
expect_status 204
run_housekeeping
wait_until 30 is_erased || fail "something of theirs is left"
run_ctl audit seal >/dev/null
expect_good
[[ $(jq .erased "$work/verified") -gt 3 ]] || fail "verify says $(cat "$work/verified")"

it "exports all of it, or what concerns one, and notes that"
run_ctl audit export >"$work/export" || fail "it does not export"
[[ $(wc -l <"$work/export") == $(query "SELECT COUNT(*) FROM audit_log") ]] ||
    fail "$(wc -l <"$work/export") entries are exported"
jq -e 'has("id") and has("at") and has("action") and has("actor") and has("subject")' "$work/export" >/dev/null ||
    fail "an entry is not whole"
[[ $(run_ctl audit export --user "$ann_id" |
    jq -r '[.actor, .subject] | map(. == "'"$ann_id"'") | any' | sort -u) == true ]] ||
    fail "others are exported"
[[ $(run_ctl audit export --since 2999-01-01T00:00:00Z | wc -l) == 0 ]] || fail "--since is not looked at"
[[ $(query "SELECT COUNT(*) FROM audit_log WHERE action = 'sys_audit_exported'") == 3 ]] || fail "it is not noted"

it "writes a flood of refusals as a count"
add_user audit-bob
for _ in $(seq 30); do call_signed_in GET /api/audit/ && expect_status 403; done
[[ $(count_refusals) == 20 || $(count_refusals) == 21 ]] || fail "$(count_refusals) rows for 30 refusals"
run_housekeeping
wait_until 30 is_counted ||
    fail "the others are not counted: $(query "SELECT detail FROM audit_log WHERE action = 'sys_failures_counted'")"

it "lets go what was kept long enough, and what is left still verifies"
query "DROP TABLE saved_log, saved_batches"
printf '\n[audit]\nretention = 1s\n' >>"$VAR/csauth.ini"
old=$(list_pids keeper)
kill -HUP "$(cat "$(find_run_dir)/csauthd.pid")"
wait_until 30 has_new_keeper || fail "the old keeper stays"
run_housekeeping
wait_until 60 has_gone || fail "it is still there: $(query "SELECT MIN(number), MAX(number) FROM audit_batches")"
expect_good
query "DELETE FROM audit_beginning"
expect_tampered 1 'begins with batch'

finish
