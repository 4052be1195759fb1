#!/bin/bash
# The audit log: what is written, sealed, verified, exported, and let go.
source "$(dirname "$0")/../lib.sh"

as_boss() { access=$boss with "$@"; }

# tampered BATCH WORDS: verify finds it, and names that batch.
tampered() {
    local status
    ctl --json audit verify >"$work/verified"
    status=$?
    [[ $status == 76 ]] || fail "verify gave $status: $(cat "$work/verified")"
    [[ $(jq -c '[.good, .batch]' "$work/verified") == "[false,$1]" ]] || fail "verify says $(cat "$work/verified")"
    grep -q -- "$2" "$work/verified" || fail "verify says $(cat "$work/verified"), not $2"
}

good() {
    ctl --json audit verify "$@" >"$work/verified"
    [[ $(jq .good "$work/verified") == true ]] || fail "verify says $(cat "$work/verified")"
}

# Puts the log back as it was.
saved() {
    sql "CREATE TABLE saved_log AS SELECT * FROM audit_log; CREATE TABLE saved_batches AS SELECT * FROM audit_batches"
}

restored() {
    sql "DELETE FROM audit_log; DELETE FROM audit_batches; INSERT INTO audit_log SELECT * FROM saved_log;
        INSERT INTO audit_batches SELECT * FROM saved_batches"
}

is_sealed() { [[ $(sql "SELECT COUNT(*) FROM audit_log WHERE batch IS NULL") == 0 ]]; }

is_erased() {
    [[ $(sql "SELECT COUNT(*) FROM audit_log WHERE subject_id = UNHEX(REPLACE('$ann_id', '-', '')) AND (detail <> ''
        OR detail_salt IS NOT NULL)") == 0 ]]
}

refused() {
    sql "SELECT COUNT(*) FROM audit_log WHERE action = 'authz_fail' AND actor_id = UNHEX(REPLACE('$id', '-', ''))"
}

is_counted() {
    [[ $(sql "SELECT detail FROM audit_log WHERE action = 'sys_failures_counted'") =~ ^(9|10)\ more\ refusals$ ]]
}

new_keeper() { keeper=$(pids keeper || true) && [[ $keeper =~ ^[0-9]+$ && $keeper != "$old" ]]; }

has_gone() {
    [[ $(sql "SELECT MIN(number) FROM audit_batches") -gt 2 &&
        $(sql "SELECT COUNT(*) FROM audit_log WHERE batch = 1") == 0 ]]
}

own_stack audit CSAUTH_SERVER_API_WORKERS=2

made audit-boss --admin
boss=$access boss_id=$id
made audit-ann
ann=$access ann_id=$id

it "writes each act with who, whom, what, from where, and in which request"
as_boss POST "/api/users/$ann_id/ban/" '{"reason":"Spam"}'
request=$(header X-Request-ID)
as_boss GET "/api/audit/?action=user_banned"
expect_status 200
expect_json ".items | length == 1 and (.[0] | .actor == \"$boss_id\" and .subject == \"$ann_id\" and .ip == \"127.0.0.1\" and .request_id == \"$request\" and .outcome == \"success\" and .detail == \"for good: Spam\")"
as_boss DELETE "/api/users/$ann_id/ban/"
sign_in audit-ann 'not the password'
sign_in audit-ann
ann=$access
access=$ann with DELETE "/api/users/$boss_id/"
expect_problem 403 permission_denied
as_boss GET "/api/audit/?user=$ann_id"
for act in user_created user_banned user_unbanned authn_login_fail authn_login_success authz_fail; do
    expect_json "[.items[] | select(.action == \"$act\")] | length > 0"
done
expect_json "[.items[] | select(.action == \"authz_fail\")][0] | .actor == \"$ann_id\" and .outcome == \"failure\" and (.detail | startswith(\"DELETE /api/users/{id} $boss_id\"))"

it "pages and filters, and refuses what it does not know"
as_boss GET "/api/audit/?limit=2"
expect_json '(.items | length) == 2 and .next != null'
ids=$(answer '.items[].id')
as_boss GET "/api/audit/?limit=2&cursor=$(answer .next)"
ids+=$'\n'$(answer '.items[].id')
[[ $(sort -ru <<<"$ids") == "$ids" ]] || fail "the pages overlap: $ids"
as_boss GET "/api/audit/?since=2999-01-01T00:00:00Z"
expect_json '.items == []'
for bad in user=x action=none since=now cursor=x limit=0; do
    as_boss GET "/api/audit/?$bad"
    expect_problem 400 bad_request
done
access=$ann with GET /api/audit/
expect_problem 403 permission_denied
call GET /api/audit/
expect_problem 401 authentication_required

it "shows people their own history, without who else acted from where"
access=$ann with GET /api/me/activity/
expect_status 200
expect_json '[.items[] | select(.action == "user_banned")][0] | .by == "administrator" and .ip == ""
    and .detail == "for good: Spam" and (has("actor") | not)'
expect_json '[.items[] | select(.action == "authn_login_success")][0] | .by == "you" and .ip == "127.0.0.1"'
expect_json '[.items[] | select(.action == "authn_login_fail")][0] | .by == "" and .ip == "127.0.0.1"'
access=$ann with GET /api/me/activity/?limit=1
access=$ann with GET "/api/me/activity/?limit=1&cursor=$(answer .next)"
expect_json '.items | length == 1'
access=$ann with GET /api/me/export/
expect_json '[.activity[] | select(.action == "user_banned")][0] | .by == "administrator" and .ip == ""'

it "is sealed by the keeper, and any change, removal or insertion is found with its batch"
turn_of_keeper
wait_until 30 is_sealed || fail "the keeper does not seal"
log_has '"event":"audit_sealed"' || fail "the head is not in the log"
for _ in 1 2; do
    sign_in audit-ann
    head=$(ctl audit seal)
done
good
good --head "$head"
last=${head%%:*}
[[ $(jq -r .head "$work/verified") == "$head" && $(jq .unsealed "$work/verified") == 0 ]] ||
    fail "verify says $(cat "$work/verified")"
saved
sql "UPDATE audit_log SET action = 'authn_logout' WHERE batch = 1 LIMIT 1"
tampered 1 'seal is broken'
restored
sql "UPDATE audit_log SET ip = '192.0.2.99' WHERE batch = $last LIMIT 1"
tampered "$last" 'address of entry'
restored
sql "UPDATE audit_log SET detail = 'nothing' WHERE batch = 1 AND detail <> '' LIMIT 1"
tampered 1 'detail of entry'
restored
hers="subject_id = UNHEX(REPLACE('$ann_id', '-', '')) AND actor_id = subject_id AND ip <> ''"
batch=$(sql "SELECT MIN(batch) FROM audit_log WHERE $hers")
sql "UPDATE audit_log SET ip = '', ip_salt = NULL WHERE batch = $batch AND $hers LIMIT 1"
tampered "$batch" 'has not gone'
restored
sql "DELETE FROM audit_log WHERE batch = 1 LIMIT 1"
tampered 1 'entries, and has'
restored
sql "INSERT INTO audit_log
    SELECT RANDOM_BYTES(16), at, actor_id, subject_id, action, outcome, ip, request_id, detail, ip_salt, ip_hash, detail_salt, detail_hash, batch FROM audit_log WHERE batch = 1 LIMIT 1"
tampered 1 'entries, and has'
restored
sql "DELETE FROM audit_log WHERE batch = 1; DELETE FROM audit_batches WHERE number = 1"
tampered 1 'begins with batch 2'
restored
sql "DELETE FROM audit_log WHERE batch = $last; DELETE FROM audit_batches WHERE number = $last"
good # by itself the log can't tell
ctl audit verify --head "$head" >"$work/verified"
[[ $? == 76 ]] || fail "a shortened log is not found"
grep -q "batch $last" "$work/verified" || fail "verify says $(cat "$work/verified")"
restored
sql "INSERT INTO audit_log
    SELECT RANDOM_BYTES(16), at - INTERVAL 1 DAY, actor_id, subject_id, action, outcome, ip, request_id, detail, ip_salt, ip_hash, detail_salt, detail_hash, NULL FROM audit_log WHERE batch = 1 LIMIT 1"
head=$(ctl audit seal)
tampered "${head%%:*}" 'is of another time'
restored
good
ctl audit verify --head nonsense >/dev/null 2>&1
[[ $? == 65 ]] || fail "nonsense is taken for a head"

it "keeps the seal when somebody goes with what is personal of theirs"
sign_in audit-ann
access=$access with DELETE /api/me/ "{\"password\":\"$password\"}"
expect_status 204
turn_of_keeper
wait_until 30 is_erased || fail "something of theirs is left"
ctl audit seal >/dev/null
good
[[ $(jq .erased "$work/verified") -gt 3 ]] || fail "verify says $(cat "$work/verified")"

it "exports all of it, or what concerns one, and notes that"
ctl audit export >"$work/export" || fail "it does not export"
[[ $(wc -l <"$work/export") == $(sql "SELECT COUNT(*) FROM audit_log") ]] ||
    fail "$(wc -l <"$work/export") entries are exported"
jq -e 'has("id") and has("at") and has("action") and has("actor") and has("subject")' "$work/export" >/dev/null ||
    fail "an entry is not whole"
[[ $(ctl audit export --user "$ann_id" | jq -r '[.actor, .subject] | map(. == "'"$ann_id"'") | any' | sort -u) == true ]] ||
    fail "others are exported"
[[ $(ctl audit export --since 2999-01-01T00:00:00Z | wc -l) == 0 ]] || fail "--since is not looked at"
[[ $(sql "SELECT COUNT(*) FROM audit_log WHERE action = 'sys_audit_exported'") == 3 ]] || fail "it is not noted"

it "writes a flood of refusals as a count"
made audit-bob
for _ in $(seq 30); do with GET /api/audit/ && expect_status 403; done
[[ $(refused) == 20 || $(refused) == 21 ]] || fail "$(refused) rows for 30 refusals"
turn_of_keeper
wait_until 30 is_counted ||
    fail "the others are not counted: $(sql "SELECT detail FROM audit_log WHERE action = 'sys_failures_counted'")"

it "lets go what was kept long enough, and what is left still verifies"
sql "DROP TABLE saved_log, saved_batches"
printf '\n[audit]\nretention = 1s\n' >>"$VAR/csauth.ini"
old=$(pids keeper)
kill -HUP "$(cat "$(run_dir)/csauthd.pid")"
wait_until 30 new_keeper || fail "the old keeper stays"
turn_of_keeper
wait_until 60 has_gone || fail "it is still there: $(sql "SELECT MIN(number), MAX(number) FROM audit_batches")"
good
sql "DELETE FROM audit_beginning"
tampered 1 'begins with batch'

finish
