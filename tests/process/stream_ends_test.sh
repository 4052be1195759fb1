#!/bin/bash
# Every way that ends a session ends its live stream, too.
source "$(dirname "$0")/../lib.sh"

# call_as TOKEN METHOD PATH [BODY]
call_as() {
    local token=$1
    shift
    call "$@" --header "Authorization: Bearer $token"
}

# start_stream NAME TOKEN: a stream into $work/NAME, in the background; its process in $stream.
start_stream() {
    rm -f "$work/$1"
    curl --silent --no-buffer --max-time 250 --output "$work/$1" --header "Authorization: Bearer $2" \
        "$base/api/presence/stream/" &
    stream=$!
    streams+=("$stream")
    stream_says "$1" "event: snapshot"
}

stop_everything() {
    local process
    for process in "${streams[@]}"; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    stop_own_stacks
}

is_over() { ! kill -0 "$1" 2>/dev/null; }

# start_sessions NAME: a user with two sessions on two devices: $first_… , whose stream is $first_stream, and $second_….
start_sessions() {
    name=$1
    add_user "$name"
    user=$id
    sign_in "$name"
    first_access=$access first_refresh=$refresh
    first_session=$(read_answer .session.id) first_device=$(read_answer .session.device.id) \
        first_key=$(read_answer .session.device.key)
    sign_in "$name"
    second_access=$access
    start_stream "$name-first" "$first_access"
    first_stream=$stream
    start_stream "$name-second" "$second_access"
    second_stream=$stream
}

log_out_this() { call_as "$first_access" POST /api/logout/; }
log_out_others() { call_as "$second_access" POST '/api/logout/?scope=others'; }
log_out_all() { call_as "$second_access" POST '/api/logout/?scope=all'; }
end_session() { call_as "$second_access" DELETE "/api/sessions/$first_session/"; }
remove_device() { call_as "$second_access" DELETE "/api/devices/$first_device/"; }
remove_this_device() { call_as "$first_access" DELETE "/api/devices/$first_device/"; }
admin_ends_session() { call_as "$boss" DELETE "/api/users/$user/sessions/$first_session/"; }
admin_removes_device() { call_as "$boss" DELETE "/api/users/$user/devices/$first_device/"; }
admin_logs_out() { call_as "$boss" POST "/api/users/$user/logout/"; }
ban() { call_as "$boss" POST "/api/users/$user/ban/" '{"reason":"spam"}'; }
ban_with_end() { call_as "$boss" POST "/api/users/$user/ban/" '{"reason":"spam","until":"2099-01-01T00:00:00Z"}'; }

change_password() {
    call_as "$second_access" POST /api/password/change/ \
        "{\"current_password\":\"$password\",\"new_password\":\"seventeen purple boats\"}"
}

reset_password() {
    local token
    post /api/password/forgot/ "{\"email\":\"$name@example.com\"}"
    token=$(wait_for_mail_token "$name@example.com") || fail "no mail came"
    post /api/password/reset/ "{\"token\":\"$token\",\"new_password\":\"seventeen purple boats\"}"
}

admin_resets_password() { run_ctl --yes user reset "$name" >/dev/null && status=200; }

change_address() { # up to its confirmation
    call_as "$second_access" POST /api/email/change/ "{\"new_email\":\"$name@example.org\",\"password\":\"$password\"}"
    local token
    token=$(wait_for_mail "$name@example.org" "Confirm your new address" | read_token) || fail "no mail came"
    call_as "$second_access" POST /api/email/confirm/ "{\"token\":\"$token\"}"
}

take_address_back() {
    change_address
    local token
    token=$(wait_for_mail "$name@example.com" "address of your account" | read_token) || fail "no mail came"
    post /api/email/revert/ "{\"token\":\"$token\"}"
}

delete_account() { call_as "$second_access" DELETE /api/me/ "{\"password\":\"$password\"}"; }
admin_deletes_account() { call_as "$boss" DELETE "/api/users/$user/"; }

show_copied_refresh_token() {
    local step stolen=$first_refresh
    for step in 1 2; do
        post /api/token/refresh/ "{\"refresh\":\"$first_refresh\"}"
        [[ $status == 200 ]] || fail "refresh $step gave $status"
        first_refresh=$(read_answer .refresh)
    done
    post /api/token/refresh/ "{\"refresh\":\"$stolen\"}"
    [[ $status == 401 ]] && status=200
}

sign_in_on_the_same_device() {
    call POST /api/login/ "{\"email\":\"$name@example.com\",\"password\":\"$password\",\"device_key\":\"$first_key\"}"
}

take_confirmation_back() { call_as "$boss" PATCH "/api/users/$user/" '{"is_verified":false}'; }
revoke_by_operator() { run_ctl --yes session revoke --user "$name" >/dev/null && status=200; }
delete_by_operator() { run_ctl --yes user delete "$name" >/dev/null && status=200; }
has_changes() { (($(grep -c "event: profile.changed" "$work/$name-$1") >= 2)); }

start_own_stack ends CSAUTH_LIMITS_ENABLED=off
add_user ends-boss --admin
boss=$access

streams=()
trap stop_everything EXIT

# Which act, and whether the stream of the other session ends with it.
acts=(
    "log_out_this goes_on"
    "log_out_others goes_on"
    "log_out_all ends"
    "end_session goes_on"
    "remove_device goes_on"
    "remove_this_device goes_on"
    "admin_ends_session goes_on"
    "admin_removes_device goes_on"
    "admin_logs_out ends"
    "ban ends"
    "ban_with_end ends"
    "change_password goes_on"
    "reset_password ends"
    "admin_resets_password ends"
    "take_address_back ends"
    "delete_account ends"
    "admin_deletes_account ends"
    "show_copied_refresh_token goes_on"
    "sign_in_on_the_same_device goes_on"
    "take_confirmation_back ends"
    "revoke_by_operator ends"
    "delete_by_operator ends"
)
for line in "${acts[@]}"; do
    read -r act other <<<"$line"
    it "ends a stream: $act"
    start_sessions "ends-${act//_/-}"
    "$act"
    [[ $status == 20[0-9] ]] || fail "the act itself failed: $status"
    wait_until 30 is_over "$first_stream" || fail "the stream goes on"
    if [[ $other == ends ]]; then
        wait_until 30 is_over "$second_stream" || fail "the stream of the other session goes on"
    else
        # It still tells what happens.
        call_as "$second_access" PATCH /api/me/ "{\"bio\":\"after $act\"}"
        stream_says "$name-second" "event: profile.changed"
        is_over "$second_stream" && fail "the stream of the other session ended, too"
    fi
done

it "ends no stream when an address is changed and confirmed"
start_sessions ends-nothing
change_address
expect_status 200
for which in first second; do stream_says "$name-$which" "event: profile.changed"; done
call_as "$second_access" PATCH /api/me/ '{"bio":"after the change"}'
for which in first second; do wait_until 20 has_changes "$which" || fail "the $which stream tells no more"; done

it "shows the user of a removed device offline at once"
add_user ends-watcher
watcher=$access
add_user ends-alone
user=$id first_device=$(read_answer .session.device.id)
start_stream alone "$access"
alone_stream=$stream
curl --silent --no-buffer --max-time 250 --output "$work/watcher" --header "Authorization: Bearer $watcher" \
    "$base/api/presence/stream/?users=$user" &
streams+=($!)
stream_says watcher "\"$user\":{\"status\":\"online\""
admin_removes_device
wait_until 30 is_over "$alone_stream" || fail "the stream goes on"
stream_says watcher "{\"user\":\"$user\",\"status\":\"offline\""

it "ends every stream with recall-all, of many as of one"
start_sessions ends-all
all=("$first_stream" "$second_stream")
for number in 1 2 3 4 5 6 7 8; do
    start_stream "$name-$number" "$first_access"
    all+=("$stream")
done
start_stream "boss" "$boss"
all+=("$stream")
run_ctl --yes recall-all >/dev/null || fail "it can't"
for stream in "${all[@]}"; do wait_until 30 is_over "$stream" || fail "a stream goes on"; done
[[ $(list_pids stream | wc -l) == 1 ]] || fail "there are $(list_pids stream | wc -l) streamers"

finish
