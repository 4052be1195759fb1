#!/bin/bash
# What people see and end of their own sessions and devices.
source "$(dirname "$0")/../lib.sh"

# sign_in_with MEMBERS [curl…]: a login with more members in its body.
sign_in_with() {
    local members=$1
    shift
    call POST /api/login/ "{\"email\":\"$name@example.com\",\"password\":\"$password\"${members:+,$members}}" "$@"
    access=$(read_answer .tokens.access)
    refresh=$(read_answer .tokens.refresh)
    session=$(read_answer .session.id)
    device=$(read_answer .session.device.id)
    key=$(read_answer .session.device.key)
}

is_written() {
    [[ $(query "SELECT COUNT(*) FROM session_activity WHERE session_id = UNHEX(REPLACE('$session', '-', ''))") == 1 ]]
}

has_new_mail() { (($(print_mails sessions-ann@example.com | wc -l) > mails_before)); }
get_push_targets() { call GET "/internal/push-targets/?users=$1" --header "Authorization: Bearer ${2-$push_key}"; }

firefox='Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0'

name=sessions-bob
make_user sessions-bob
bob=$access
bobs=$(read_answer .session.id)
bobs_device=$(read_answer .session.device.id)
name=sessions-ann
make_user sessions-ann
sign_in_with '"device_type":"desktop","device_name":"Mill"' --user-agent "$firefox"

it "lists the live sessions with all that tells them apart"
call_signed_in GET /api/sessions/
expect_status 200
expect_json '.next == null and (.items | length) == 3'
expect_json ".items | map(select(.current)) | length == 1 and .[0].id == \"$session\""
expect_json '.items[] | select(.current) | .device.name == "Mill" and .device.type == "desktop" and .ip == "127.0.0.1"
    and .client == "Firefox on Windows" and (.device | has("key") | not)'
expect_json ".items | all(has(\"created_at\") and has(\"last_active\") and has(\"expires_at\") and has(\"user_agent\"))"
call GET /api/sessions/
expect_problem 401 authentication_required

it "knows the last use at once, and writes it soon"
before=$(query "SELECT COUNT(*) FROM session_activity WHERE session_id = UNHEX(REPLACE('$session', '-', ''))")
call_signed_in GET /api/sessions/
first=$(read_answer '.items[] | select(.current) | .last_active')
call_signed_in GET /api/sessions/
[[ $(read_answer '.items[] | select(.current) | .last_active') > $first ]] || fail "it stays at $first"
wait_until 10 is_written || fail "it is not written (before: $before)"

it "ends one of them, and none of anybody else"
old=$access old_refresh=$refresh old_session=$session
sign_in_with ''
for bad in "$bobs" 01a20000-0000-7000-8000-000000000000 nonsense; do
    call_signed_in DELETE "/api/sessions/$bad/"
    expect_problem 404 not_found
done
call_signed_in DELETE "/api/sessions/$old_session/"
expect_status 204
get_me "$old"
expect_problem 401 session_ended
post /api/token/refresh/ "{\"refresh\":\"$old_refresh\"}"
expect_problem 401 session_ended
call_signed_in DELETE "/api/sessions/$old_session/"
expect_problem 404 not_found
get_me "$bob"
expect_status 200
call_signed_in GET /api/me/export/
expect_json ".sessions[] | select(.id == \"$old_session\") | .end_reason == \"signed_out\""

it "ends one's own session too"
sign_in_with ''
call_signed_in DELETE "/api/sessions/$session/"
expect_status 204
get_me
expect_problem 401 session_ended

it "knows a device again by its key, without a mail"
sign_in_with '"device_name":"Known"' --user-agent "$firefox"
known=$device known_key=$key
mails_before=$(print_mails sessions-ann@example.com | wc -l)
sign_in_with "\"device_key\":\"$known_key\"" --user-agent "another agent"
[[ $device == "$known" ]] || fail "it is taken for another"
expect_json '.session.device.name == "Known"'
sign_in_with '' --user-agent "a third agent"
[[ $device != "$known" ]] || fail "it is taken for that without the key"
wait_until 20 has_new_mail || fail "there is no mail about a new device"
[[ $(print_mails sessions-ann@example.com | wc -l) == $((mails_before + 1)) ]] || fail "there is more than one mail"
name=sessions-bob sign_in_with "\"device_key\":\"$known_key\""
[[ $device != "$known" ]] || fail "it proves something to another account"
name=sessions-ann
sign_in_with "\"device_key\":\"${known_key}x\""
expect_status 200
[[ $device != "$known" ]] || fail "a forged key proves something"
call POST /api/token/ "{\"email\":\"sessions-ann@example.com\",\"password\":\"$password\",
    \"device_key\":\"$known_key\"}"
expect_status 200

it "lists devices by pages, the newest first"
sign_in_with ''
call_signed_in GET '/api/devices/?limit=2'
expect_json '(.items | length) == 2 and .items[0].current and (.items[1].current | not)'
seen=$(read_answer '.items[].id')
cursor=$(read_answer .next)
while [[ $cursor != null ]]; do
    call_signed_in GET "/api/devices/?limit=2&cursor=$cursor"
    seen+=$'\n'$(read_answer '.items[].id')
    cursor=$(read_answer .next)
done
[[ $(sort -u <<<"$seen" | wc -l) == $(wc -l <<<"$seen") && $(sort -r <<<"$seen") == "$seen" ]] ||
    fail "they are out of order, or twice"
[[ $(wc -l <<<"$seen") == $(query "SELECT COUNT(*) FROM devices d JOIN users u ON u.id = d.user_id
    WHERE u.username = 'sessions-ann'") ]] ||
    fail "some are missing"
for bad in limit=0 limit=201 limit=x cursor=x cursor=%00 limit=; do
    call_signed_in GET "/api/devices/?$bad"
    expect_problem 400 bad_request
done
call_signed_in GET '/api/devices/?limit=200'
expect_status 200

it "takes a push token behind the sign-in, and never shows it to a list"
call_signed_in POST /api/devices/ '{"device_token":"sessions-push-1","device_type":"android","device_name":"Phone"}'
expect_status 200
expect_json '.has_push_token and .current and .type == "android" and .name == "Phone"'
grep -q sessions-push-1 "$work/body" && fail "it shows the token"
phone=$(read_answer .id)
call_signed_in POST /api/devices/ '{"device_name":"Phone"}'
expect_field /device_token required
call_signed_in POST /api/devices/ '{"device_token":"with space"}'
expect_field /device_token invalid

it "moves a push token to whoever presents it last"
call POST /api/devices/ '{"device_token":"sessions-push-1"}' --header "Authorization: Bearer $bob"
expect_json ".has_push_token and .id == \"$bobs_device\""
call_signed_in GET /api/devices/
expect_json ".items[] | select(.id == \"$phone\") | .has_push_token | not"

it "changes a device, and drops its push token on null"
call_signed_in POST /api/devices/ '{"device_token":"sessions-push-2"}'
call_signed_in PATCH "/api/devices/$phone/" '{"device_name":"Telephone","device_type":"ios"}'
expect_status 200
expect_json '.name == "Telephone" and .type == "ios" and .has_push_token'
call_signed_in PATCH "/api/devices/$phone/" '{"device_token":null}'
expect_json '(.has_push_token | not) and .name == "Telephone"'
call_signed_in PATCH "/api/devices/$phone/" '{"device_type":"fridge"}'
expect_field /device_type invalid
for bad in "$bobs_device" 01a20000-0000-7000-8000-000000000000 nonsense; do
    call_signed_in PATCH "/api/devices/$bad/" '{"device_name":"x"}'
    expect_problem 404 not_found
    call_signed_in DELETE "/api/devices/$bad/"
    expect_problem 404 not_found
done

it "forgets a device with its sessions"
here=$access
sign_in_with "\"device_key\":\"$known_key\""
there=$access
access=$here
call_signed_in DELETE "/api/devices/$known/"
expect_status 204
get_me "$there"
expect_problem 401 session_ended
get_me "$here"
expect_status 200
sign_in_with "\"device_key\":\"$known_key\""
[[ $device != "$known" ]] || fail "the device came back"

it "tells a notifier with the key where pushes go"
push_key=$(cat "$VAR/secrets/push_key")
ann=$(find_id sessions-ann)
bob_id=$(find_id sessions-bob)
call_signed_in POST /api/devices/ '{"device_token":"sessions-push-3"}'
get_push_targets "$ann,$bob_id"
expect_status 200
expect_json '[.items[].push_token] | sort == ["sessions-push-1", "sessions-push-3"]'
call_signed_in POST /api/logout/
get_push_targets "$ann"
expect_json '.items == []'
get_push_targets "$ann" wrong
expect_problem 401 authentication_required
get_push_targets "$ann" "$here"
expect_problem 401 authentication_required
for bad in '' nonsense "$ann,nonsense"; do
    get_push_targets "$bad"
    expect_problem 400 bad_request
done
get_push_targets "$(printf "$ann,%.0s" $(seq 500))"
expect_status 200
get_push_targets "$(printf "$ann,%.0s" $(seq 501))"
expect_problem 400 bad_request
[[ $(run_ctl --json push targets sessions-bob@example.com | jq -r '.[].push_token') == sessions-push-1 ]] ||
    fail "csauthctl does not know"
[[ $(run_ctl push targets nobody 2>&1; echo $?) == *65 ]] || fail "nobody is no error"

finish
