#!/bin/bash
# Presence over HTTP: users who are online, hidden users, and what the database keeps of them.
source "$(dirname "$0")/../lib.sh"

is_frozen() { look_at "$bob_access" "$ann" && [[ $(read_answer ".[\"$ann\"].last_seen") != null ]]; }
is_away() { look_at "$bob_access" "$ann" && [[ $(read_answer ".[\"$ann\"].status") == away ]]; }

count_events() {
    query "SELECT COUNT(*) FROM events WHERE kind = 'presence' AND user_id = UNHEX(REPLACE('$ann', '-', ''))"
}

is_all_written() {
    [[ $(query "SELECT GROUP_CONCAT(status) FROM presence WHERE user_id = UNHEX(REPLACE('$ann', '-', ''))") == 4 ]]
}

print_ids() { for ((i = 0; i < $1; i++)); do printf '01890000-0000-7000-8000-%012x,' "$i"; done | sed 's/,$//'; }
is_seen_elsewhere() { look_at "$ann_access" "$bob" && [[ $(read_answer ".[\"$bob\"].status") == busy ]]; }
is_reaped() { [[ $(query "SELECT COUNT(*) FROM nodes WHERE node_id = 'presence'") == 0 ]]; }
look_at() { call GET "/api/presence/?users=$2" --header "Authorization: Bearer $1"; } # TOKEN IDS

is_written() {
    [[ $(query "SELECT COUNT(*) FROM presence WHERE user_id = UNHEX(REPLACE('$ann', '-', '')) AND status = $1") == 1 ]]
}

add_user presence-ann
ann=$id ann_access=$access
add_user presence-bob
bob=$id bob_access=$access

it "says at once who is there, and how"
for status_said in online away busy; do
    set_presence "$ann_access" "$status_said"
    expect_status 204
    [[ ! -s $work/body ]] || fail "204 has a body"
    look_at "$bob_access" "$ann"
    expect_status 200
    expect_json ".[\"$ann\"].status == \"$status_said\""
done
expect_json ".[\"$ann\"].last_seen | startswith(\"20\")"
wait_until 10 is_written 3 || fail "the keeper has not written it" # what is over within a second nobody has seen

it "hides who is invisible from everybody but themselves"
set_presence "$ann_access" invisible
look_at "$bob_access" "$ann,$bob"
expect_json ".[\"$ann\"].status == \"offline\" and .[\"$bob\"].status == \"online\""
seen=$(read_answer ".[\"$ann\"].last_seen")
look_at "$ann_access" "$ann"
expect_json ".[\"$ann\"].status == \"invisible\""
get_me "$ann_access" # any other request changes nothing
look_at "$bob_access" "$ann"
expect_json ".[\"$ann\"].status == \"offline\""
wait_until 10 is_frozen || fail "last_seen is null, and was $seen"
seen=$(read_answer ".[\"$ann\"].last_seen")
set_presence "$ann_access" invisible
run_housekeeping
look_at "$bob_access" "$ann"
expect_json ".[\"$ann\"].last_seen == \"$seen\""
call GET "/api/users/$ann/" --header "Authorization: Bearer $bob_access"
expect_json '.is_online == false'

it "presence_of_users_is_asked_in_one_list_or_repeated"
for query in "users=$ann,$bob" "users=$ann%2C$bob" "users=$ann&users=$bob"; do
    call GET "/api/presence/?$query" --header "Authorization: Bearer $bob_access"
    expect_status 200
    expect_json "keys == ([\"$ann\", \"$bob\"] | sort)"
done
call GET "/api/presence/?users=$ann&users=x" --header "Authorization: Bearer $bob_access"
expect_problem 400 bad_request

it "lets busy win over a device that merely polls, and invisible over all"
sign_in presence-ann
second=$access
set_presence "$ann_access" busy
set_presence "$second" online
look_at "$bob_access" "$ann"
expect_json ".[\"$ann\"].status == \"busy\""
set_presence "$ann_access" away
set_presence "$second" busy
look_at "$bob_access" "$ann"
expect_json ".[\"$ann\"].status == \"busy\""
set_presence "$second" invisible
look_at "$bob_access" "$ann"
expect_json ".[\"$ann\"].status == \"offline\""
call POST /api/logout/ --header "Authorization: Bearer $second"
wait_until 10 is_away || fail "the device that is left does not count"

it "tells users' accounts, too"
set_presence "$ann_access" online
wait_until 10 is_written 4 || fail "the keeper has not written it"
call GET "/api/users/$ann/" --header "Authorization: Bearer $bob_access"
expect_json '.is_online == true'

it "writes nothing for a heartbeat that brings nothing new"
wait_until 10 is_all_written || fail "the keeper has not written all that was said before"
before=$(count_events)
for _ in 1 2 3 4 5 6 7 8 9 10; do set_presence "$ann_access" online; done
run_housekeeping
[[ $(count_events) == "$before" ]] || fail "there are $(count_events) events, and were $before"

it "shows strangers nothing of who hides, and nobody what there is not"
call PATCH /api/me/ '{"hide_presence":true}' --header "Authorization: Bearer $ann_access"
nobody=01890000-0000-7000-8000-000000000000
look_at "$bob_access" "$ann,$nobody"
expect_json ".[\"$ann\"] == .[\"$nobody\"] and .[\"$ann\"] == {status: \"offline\", last_seen: null}"
look_at "$ann_access" "$ann"
expect_json ".[\"$ann\"].status == \"online\""
add_user presence-boss --admin
look_at "$access" "$ann"
expect_json ".[\"$ann\"].status == \"online\""
call PATCH /api/me/ '{"hide_presence":false}' --header "Authorization: Bearer $ann_access"

it "refuses what is no status"
for body in '{"status":"offline"}' '{"status":""}' '{"status":1}' '{"status":null}' '{}' '{"status":"Online"}'; do
    call PUT /api/presence/ "$body" --header "Authorization: Bearer $bob_access"
    expect_problem 422 validation_failed
done
call PUT /api/presence/ 'online' --header "Authorization: Bearer $bob_access"
expect_problem 400 malformed_json
call PUT /api/presence/ '{"status":"busy"}'
expect_problem 401 authentication_required
call DELETE /api/presence/ --header "Authorization: Bearer $bob_access"
expect_problem 405 method_not_allowed

it "refuses what are no ids, none, and one more than 500"
for users in "" "," "$ann,," "x" "$ann,x" "${ann^^}" "$ann $bob"; do
    look_at "$bob_access" "${users// /%20}"
    expect_problem 400 bad_request
done
call GET /api/presence/ --header "Authorization: Bearer $bob_access"
expect_problem 400 bad_request
look_at "$bob_access" "$(print_ids 500)"
expect_status 200
expect_json 'length == 500'
look_at "$bob_access" "$bob,$bob"
[[ $(grep -o status "$work/body" | wc -l) == 1 ]] || fail "who is named twice is there twice"
look_at "$bob_access" "$(print_ids 501)"
expect_problem 400 bad_request

it "is for people with a confirmed address"
register presence-new
look_at "$access" "$ann"
expect_problem 403 email_unverified
set_presence "$access" busy
expect_status 204

it "lets nobody stay behind when their node is gone"
query "INSERT INTO nodes (node_id, renewed_at) VALUES ('presence', UTC_TIMESTAMP(6))"
query "INSERT INTO presence (session_id, node_id, user_id, status)
    VALUES (UUID_TO_BIN(UUID()), 'presence', UNHEX(REPLACE('$bob', '-', '')), 3)" 2>/dev/null ||
    query "INSERT INTO presence (session_id, node_id, user_id, status)
        VALUES (UNHEX(MD5('x')), 'presence', UNHEX(REPLACE('$bob', '-', '')), 3)"
call POST '/api/logout/?scope=all' --header "Authorization: Bearer $bob_access"
wait_until 10 is_seen_elsewhere || fail "the other node does not count: $(read_answer ".[\"$bob\"]")"
query "UPDATE nodes SET renewed_at = UTC_TIMESTAMP(6) - INTERVAL 61 SECOND WHERE node_id = 'presence'"
look_at "$ann_access" "$bob"
expect_json ".[\"$bob\"].status == \"offline\" and .[\"$bob\"].last_seen != null"
wait_until 30 is_reaped || fail "what it left is still there"
[[ $(query "SELECT COUNT(*) FROM presence WHERE node_id = 'presence'") == 0 ]] || fail "a ghost is left"

finish
