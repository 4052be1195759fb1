#!/bin/bash
# The live stream of events: what it sends, to whom, and when it ends.
source "$(dirname "$0")/../lib.sh"

start_stream() {
    local name=$1 token=$2 query=$3
    shift 3
    curl --silent --no-buffer --max-time 120 --dump-header "$work/$name.headers" --output "$work/$name" \
        --header "Authorization: Bearer $token" "$@" "$base/api/presence/stream/$query" &
    streams+=($!)
}

stop_listening() {
    local stream
    for stream in "${streams[@]}"; do
        kill "$stream" 2>/dev/null || true
        wait "$stream" 2>/dev/null || true
    done
    streams=()
}

read_last_id() { sed -n 's/^id: //p' "$work/$1" | tail -n 1; }
is_over() { ! kill -0 "$1" 2>/dev/null; }

is_online() {
    call GET "/api/presence/?users=$bob" --header "Authorization: Bearer $ann_access" &&
        [[ $(read_answer ".[\"$bob\"].status") == online ]]
}

is_told() { (($(grep -c "event: roles.changed" "$work/bob") > before)); }
is_written() { [[ $(query "SELECT COUNT(*) FROM events WHERE id > $last AND kind = 'presence'") -ge 1 ]]; }

takes_one_more() {
    curl --silent --max-time 1 --output "$work/more" --header "Authorization: Bearer $access" \
        "$base/api/presence/stream/" || true
    stream_has more "event: snapshot"
}

print_ids() { for ((i = 0; i < $1; i++)); do printf '01890000-0000-7000-8000-%012x,' "$i"; done | sed 's/,$//'; }

is_refused() {
    curl --silent --max-time 1 --header "Authorization: Bearer $access" "$base/api/presence/stream/" |
        grep -q email_unverified
}

add_user stream-ann
ann=$id ann_access=$access
add_user stream-bob
bob=$id bob_access=$access
add_user stream-boss --admin
boss=$id boss_access=$access

# start_stream NAME TOKEN QUERY [CURL ARGUMENTS…]: a stream into $work/NAME, in the background.
streams=()
trap stop_listening EXIT

it "begins with when to come back, and with how all are"
start_stream bob "$bob_access" "?users=$ann"
stream_says bob "event: snapshot"
stream_says bob "\"$ann\":{\"status\":\"online\""
grep -q '^retry: [1-3][0-9][0-9][0-9]$' "$work/bob" || fail "no retry: $(cat "$work/bob")"
grep -qi '^content-type: text/event-stream' "$work/bob.headers" || fail "headers: $(cat "$work/bob.headers")"
grep -qi '^cache-control: no-store' "$work/bob.headers" || fail "it may be cached"

it "tells of who comes, changes and goes, and of nobody else"
set_presence "$ann_access" away
stream_says bob "{\"user\":\"$ann\",\"status\":\"away\""
set_presence "$boss_access" away
set_presence "$ann_access" invisible
stream_says bob "{\"user\":\"$ann\",\"status\":\"offline\""
stream_has bob away
! grep "$boss" "$work/bob" || fail "it is told of others: $(cat "$work/bob")"

it "keeps its own device online"
is_online || fail "bob is $(read_answer ".[\"$bob\"].status")"

it "tells of the own roles and profile"
call PUT "/api/users/$bob/roles/moderator/" --header "Authorization: Bearer $boss_access"
stream_says bob "event: roles.changed"
call PATCH /api/me/ '{"bio":"x"}' --header "Authorization: Bearer $bob_access"
stream_says bob "event: profile.changed"
before=$(grep -c "event: roles.changed" "$work/bob")
call PATCH /api/roles/moderator/ '{"description":"looks after it"}' --header "Authorization: Bearer $boss_access"
wait_until 10 is_told || fail "a change of the role itself is not told"

it "goes on where the client was"
last=$(read_last_id bob)
stop_listening
set_presence "$ann_access" busy
call PATCH /api/me/ '{"bio":"y"}' --header "Authorization: Bearer $bob_access"
wait_until 10 is_written || fail "no event was written"
start_stream again "$bob_access" "?users=$ann" --header "Last-Event-ID: $last"
stream_says again "{\"user\":\"$ann\",\"status\":\"busy\""
stream_says again "event: profile.changed"
start_stream parameter "$bob_access" "?users=$ann&last_event_id=$last"
stream_says parameter "event: profile.changed"
stream_has parameter "event: reset" && fail "it says reset"

it "says so where that can't be done"
for last in 999999999999 9223372036854775807; do
    start_stream "reset-$last" "$bob_access" "?users=$ann&last_event_id=$last"
    stream_says "reset-$last" "event: reset"
    stream_says "reset-$last" "event: snapshot"
done
stop_listening

it "ends with its session, and tells the others"
sign_in stream-bob
second=$access
start_stream first "$bob_access" ""
first_stream=${streams[-1]}
start_stream second "$second" ""
second_stream=${streams[-1]}
stream_says first "event: snapshot"
stream_says second "event: snapshot"
call POST /api/logout/ --header "Authorization: Bearer $second"
stream_says first "\"reason\":\"signed_out\""
stream_says second "\"reason\":\"signed_out\""
wait_until 10 is_over "$second_stream" || fail "the stream of the session that has ended goes on"
is_over "$first_stream" && fail "the other one ended, too"
call POST "/api/users/$bob/logout/" --header "Authorization: Bearer $boss_access"
stream_says first "\"reason\":\"revoked\""
wait_until 10 is_over "$first_stream" || fail "the stream goes on"
stop_listening

it "can't be had with a token that was revoked"
call GET "/api/presence/stream/?users=$ann" --header "Authorization: Bearer $bob_access"
expect_problem 401 session_ended

it "takes a cookie, as browsers have nothing else"
call POST /api/login/ "{\"email\":\"stream-bob@example.com\",\"password\":\"$password\"}" \
    --header 'X-Session-Mode: cookie'
cookie=$(tr -d '\r' <"$work/headers" | sed -n 's/^[Ss]et-[Cc]ookie: \(__Host-csauth=[^;]*\).*/\1/p')
curl --silent --no-buffer --max-time 60 --output "$work/cookie" --header "Cookie: $cookie" \
    "$base/api/presence/stream/?users=$ann" &
streams+=($!)
stream_says cookie "event: snapshot"

it "has at most ten streams of a user"
stop_listening
sign_in stream-bob
for number in 1 2 3 4 5 6 7 8 9 10; do
    start_stream "many-$number" "$access" ""
    stream_says "many-$number" "event: snapshot"
done
call GET /api/presence/stream/ --header "Authorization: Bearer $access"
expect_problem 429 too_many_requests
expect_header Retry-After '^[0-9]+$'
kill "${streams[0]}"
wait_until 10 takes_one_more || fail "the place of one that has gone is not free"
stop_listening

it "refuses bad questions before it becomes a stream"
for query in "?users=" "?users=x" "?users=$ann,x" "?last_event_id=x" "?last_event_id=-1" "?last_event_id=1x" \
    "?last_event_id=99999999999999999999"; do
    call GET "/api/presence/stream/$query" --header "Authorization: Bearer $access"
    expect_problem 400 bad_request
done
call GET "/api/presence/stream/?users=$(print_ids 201)" --header "Authorization: Bearer $access"
expect_problem 400 bad_request
start_stream most "$access" "?users=$(print_ids 200)"
stream_says most "event: snapshot"
call GET "/api/presence/stream/?users=$ann"
expect_problem 401 authentication_required
call POST /api/presence/stream/ '{}' --header "Authorization: Bearer $access"
expect_problem 405 method_not_allowed
call HEAD "/api/presence/stream/?users=$ann" --header "Authorization: Bearer $access"
expect_status 200
stop_listening

it "has an answer for a browser that brings what is no id"
start_stream odd "$access" "" --header "Last-Event-ID: not ours"
stream_says odd "event: reset"
stop_listening

it "is for people with a confirmed address"
make_user stream-new
query "UPDATE users SET verified_at = NULL, unverified_since = NOW(6) WHERE username = 'stream-new'"
recall stream-new
wait_until 10 is_refused || fail "it is not refused"

finish
