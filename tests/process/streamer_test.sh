#!/bin/bash
# The streamer under abuse, death and reload, on a stack of its own.
source "$(dirname "$0")/../lib.sh"

# start_following NAME TOKEN QUERY: a client as docs/use/presence.md has it, which comes back with what it had last.
start_following() {
    (
        trap 'kill "$curl" 2>/dev/null; exit' TERM
        while :; do
            last=$(sed -n 's/^id: //p' "$work/$1" 2>/dev/null | tail -n 1)
            curl --silent --no-buffer --max-time 200 --header "Authorization: Bearer $2" \
                "$base/api/presence/stream/$3&last_event_id=$last" >>"$work/$1" &
            curl=$!
            wait "$curl"
            sleep 0.3
        done
    ) &
    clients+=($!)
}

stop_everything() {
    local client
    for client in "${clients[@]}"; do
        kill "$client" 2>/dev/null || true
        wait "$client" 2>/dev/null || true
    done
    [[ ! -s $work/other.process ]] || end_process "$work/other.process" TERM 30
    stop_own_stacks
}

# Every event of Ann's that was written, the client has had.
has_all() {
    local event
    for event in $(query "SELECT id FROM events WHERE id > $1 AND kind = 'presence'
        AND user_id = UNHEX(REPLACE('$ann', '-', ''))"); do
        grep -q "^id: $event\$" "$work/bob" || return 1
    done
}

is_written() { [[ $(query "SELECT status FROM presence WHERE user_id = UNHEX(REPLACE('$ann', '-', ''))") == "$1" ]]; }

change_presence() { # has Ann say something, and waits until it is written
    set_presence "$ann_access" "$1"
    wait_until 10 is_written "$2" || fail "'$1' is not written"
}

is_replaced() { is_one_and_not stream "$streamer"; }

# write_events COUNT: so many say how Ann is.
write_events() {
    query "INSERT INTO events (kind, user_id) SELECT 'presence', UNHEX(REPLACE('$ann', '-', '')) FROM seq_1_to_$1"
}

# comes_back_after COUNT: what somebody gets who comes back after so many events, into $work/back.
comes_back_after() {
    local last
    last=$(query "SELECT MAX(id) FROM events")
    write_events "$1"
    wait_until 20 stream_has bob "id: $(query "SELECT MAX(id) FROM events")" || fail "the streamer is behind"
    rm -f "$work/back"
    curl --silent --no-buffer --max-time 60 --header "Authorization: Bearer $bob_access" --output "$work/back" \
        "$base/api/presence/stream/?users=$ann&last_event_id=$last" &
    clients+=($!)
    stream_says back "event: snapshot"
}

is_other_ready() { [[ $(tests/tools/fcgi_get.py "$other/api.sock" /readyz x 2>/dev/null) == 200 ]]; }

is_offline() {
    call GET "/api/presence/?users=$guest" --header "Authorization: Bearer $bob_access"
    [[ $(read_answer ".[\"$guest\"].status") == offline ]]
}

# Until there is more than the sockets' buffers and its backlog hold; each says how Ann is.
is_cut_by_more() {
    set_presence "$ann_access" online
    write_events 500
    stream_has deaf cut
}

start_stream() {
    curl --silent --no-buffer --max-time 60 --header "Authorization: Bearer $access" --output "$work/$1" \
        "$base/api/presence/stream/" &
    clients+=($!)
}

start_own_stack stream CSAUTH_LIMITS_ENABLED=off
add_user streamer-ann
ann=$id ann_access=$access
add_user streamer-bob
bob_access=$access
socket=$(find_run_dir)/stream.sock

clients=()
trap stop_everything EXIT

it "loses nothing when the streamer is killed"
start_following bob "$bob_access" "?users=$ann"
stream_says bob "event: snapshot"
first=$(query "SELECT MAX(id) FROM events")
change_presence away 2
streamer=$(list_pids stream)
kill -KILL "$streamer"
change_presence busy 3
change_presence away 2
change_presence online 4
wait_until 20 is_replaced || fail "there is no other streamer"
wait_until 30 has_all "$first" || fail "events are missing: $(cat "$work/bob")"
stream_has bob "event: reset" && fail "it says reset"

it "loses nothing over a reload, of the service and of nginx"
first=$(query "SELECT MAX(id) FROM events")
streamer=$(list_pids stream)
kill -HUP "$(cat "$(find_run_dir)/csauthd.pid")"
change_presence away 2
wait_until 30 is_replaced || fail "the streamer is the old one"
change_presence busy 3
wait_until 30 has_all "$first" || fail "events are missing: $(cat "$work/bob")"
kill -HUP "$(cat "$VAR/nginx.pid" 2>/dev/null || cat "$(find_run_dir)/nginx.pid")"
change_presence online 4
wait_until 30 has_all "$first" || fail "events are missing behind nginx' reload"

it "survives what is no FastCGI, and closes it"
streamer=$(list_pids stream)
tests/tools/stream_client.py "$socket" broken >"$work/broken" || fail "$(cat "$work/broken")"
read -r closed _ all <"$work/broken"
[[ $closed == "$all" && $all -gt 300 ]] || fail "closed: $(cat "$work/broken")"
[[ $(list_pids stream) == "$streamer" ]] || fail "the streamer has died"

it "gives thousands that never finish their request no place for long"
ulimit -Sn "$(ulimit -Hn)"
most=$(($(ulimit -n) - 100))
tests/tools/half_request.py "$socket" $((most < 10000 ? most : 10000)) >"$work/halves" &
halves=$!
wait_until 20 stream_has halves begun || fail "they can't even begin"
first=$(query "SELECT MAX(id) FROM events")
change_presence busy 3
wait_until 60 has_all "$first" || fail "nobody is told anything"
wait "$halves" || fail "they were not closed"
[[ $(list_pids stream) == "$streamer" ]] || fail "the streamer has died"

it "is told of what happens on another node"
other=$work/other
mkdir -p "$other"
sed "s,^run_dir = .*,run_dir = $other," "$VAR/csauth.ini" >"$work/other.ini"
CSAUTH_CONFIG=$work/other.ini CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_NODE_NAME=other CSAUTH_LOG_FILE=$work/other.log \
    setsid "$BUILD/csauthd" >"$work/other.out" 2>&1 &
remember "$work/other.process" $!
wait_until 30 is_other_ready || fail "the other node does not start: $(cat "$work/other.out")"
tests/tools/stream_client.py "$other/stream.sock" listen "/api/presence/stream/?users=$ann" "$bob_access" \
    >"$work/there" &
clients+=($!)
stream_says there "\"$ann\":{\"status\":\"busy\""
set_presence "$ann_access" away
stream_says there "{\"user\":\"$ann\",\"status\":\"away\""
set_presence "$ann_access" invisible
stream_says there "{\"user\":\"$ann\",\"status\":\"offline\""
set_presence "$ann_access" online
stream_says there "{\"user\":\"$ann\",\"status\":\"online\""
end_process "$work/other.process" TERM 30
wait_until 30 process_is_gone "${clients[-1]}" || fail "its stream goes on behind its end"

it "shows a user who came and went while the keeper was slow"
add_user streamer-guest
guest=$id guest_access=$access
kill -STOP "$(list_pids keeper)"
set_presence "$guest_access" online
start_following guest-watcher "$bob_access" "?users=$guest"
stream_says guest-watcher "\"$guest\":{\"status\":\"online\""
call POST /api/logout/ --header "Authorization: Bearer $guest_access"
wait_until 20 is_offline || fail "the guest is not offline"
kill -CONT "$(list_pids keeper)"
stream_says guest-watcher "{\"user\":\"$guest\",\"status\":\"offline\""

it "has room for the presence of every session of a user"
add_user streamer-many
many=("$access")
while ((${#many[@]} < 50)); do
    sign_in streamer-many
    many+=("$access")
done
for token in "${many[@]}"; do
    set_presence "$token" online
    expect_status 204
done
set_presence "${many[16]}" busy
call GET "/api/presence/?users=$id" --header "Authorization: Bearer $bob_access"
expect_json ".[\"$id\"].status == \"busy\""

it "says reset where somebody has missed too much to be told all of it"
set_presence "$ann_access" online # on a slow machine she has been silent for so long that she is offline
comes_back_after 100
stream_has back "event: reset" && fail "100 events are no reason for it"
comes_back_after 1000
stream_has back "event: reset" || fail "it tells 1,000 events"

it "drops who never reads"
tests/tools/stream_client.py "$socket" deaf "/api/presence/stream/?users=$ann" "$bob_access" >"$work/deaf" &
deaf=$!
wait_until 10 grep -q listening "$work/deaf" || fail "no stream"
wait_until 30 is_cut_by_more || fail "it is still there"
wait "$deaf" || true
log_has slow_reader_dropped || fail "the log does not say so"
stream_says bob "event: snapshot"

it "does not start quietly with too few descriptors"
(ulimit -n 300 && CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" -t >"$work/said" 2>&1) || true
grep -q 'open files' "$work/said" || fail "it says: $(cat "$work/said")"

it "has as many streams as it is told, and says so to the next"
start_own_stack few CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_STREAMS=2
trap stop_everything EXIT
add_user few-ann
start_stream one
start_stream two
stream_says one "event: snapshot"
stream_says two "event: snapshot"
call GET /api/presence/stream/ --header "Authorization: Bearer $access"
expect_problem 503 service_unavailable

finish
