#!/bin/bash
# The streamer under abuse, death and reload, on a stack of its own.
source "$(dirname "$0")/../lib.sh"

own_stack stream CSAUTH_LIMITS_ENABLED=off
made streamer-ann
ann=$id ann_access=$access
made streamer-bob
bob_access=$access
socket=$(run_dir)/stream.sock

clients=()
# follow NAME TOKEN QUERY: a client as docs/presence.md has it, which comes back with what it had last.
follow() {
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
    stop_own_stacks
}
trap stop_everything EXIT
has() { grep -qF -- "$2" "$work/$1" 2>/dev/null; }
says() { wait_until 30 has "$1" "$2" || fail "$1 does not say $2, but: $(tail -n 20 "$work/$1")"; }
put() { call PUT /api/presence/ "{\"status\":\"$2\"}" --header "Authorization: Bearer $1"; }
# Every event of Ann's that was written, the client has had.
has_all() {
    local event
    for event in $(sql "SELECT id FROM events WHERE id > $1 AND kind = 'presence' AND user_id = UNHEX(REPLACE('$ann', '-', ''))"); do
        grep -q "^id: $event\$" "$work/bob" || return 1
    done
}
is_written() { [[ $(sql "SELECT status FROM presence WHERE user_id = UNHEX(REPLACE('$ann', '-', ''))") == "$1" ]]; }
changes() { # has Ann say something, and waits until it is written
    put "$ann_access" "$1"
    wait_until 10 is_written "$2" || fail "'$1' is not written"
}

it "loses nothing when the streamer is killed"
follow bob "$bob_access" "?users=$ann"
says bob "event: snapshot"
first=$(sql "SELECT MAX(id) FROM events")
changes away 2
streamer=$(pids stream)
kill -KILL "$streamer"
changes busy 3
changes away 2
changes online 4
is_replaced() { [[ $(pids stream | wc -l) == 1 && $(pids stream) != "$streamer" ]]; }
wait_until 20 is_replaced || fail "there is no other streamer"
wait_until 30 has_all "$first" || fail "events are missing: $(cat "$work/bob")"
has bob "event: reset" && fail "it says reset"

it "loses nothing over a reload, of the service and of nginx"
first=$(sql "SELECT MAX(id) FROM events")
streamer=$(pids stream)
kill -HUP "$(cat "$(run_dir)/csauthd.pid")"
changes away 2
wait_until 30 is_replaced || fail "the streamer is the old one"
changes busy 3
wait_until 30 has_all "$first" || fail "events are missing: $(cat "$work/bob")"
kill -HUP "$(cat "$VAR/nginx.pid" 2>/dev/null || cat "$(run_dir)/nginx.pid")"
changes online 4
wait_until 30 has_all "$first" || fail "events are missing behind nginx' reload"

it "survives what is no FastCGI, and closes it"
streamer=$(pids stream)
tests/tools/stream_abuse.py "$socket" broken >"$work/broken" || fail "$(cat "$work/broken")"
read -r closed _ all <"$work/broken"
[[ $closed == "$all" && $all -gt 300 ]] || fail "closed: $(cat "$work/broken")"
[[ $(pids stream) == "$streamer" ]] || fail "the streamer has died"

it "gives thousands that never finish their request no place for long"
tests/tools/half_request.py "$socket" 2000 &
halves=$!
sleep 1
changes away 2
wait_until 20 has bob '"status":"away"' || fail "nobody is told anything"
wait "$halves" || fail "they were not closed"
[[ $(pids stream) == "$streamer" ]] || fail "the streamer has died"

it "drops who never reads"
tests/tools/stream_abuse.py "$socket" deaf "/api/presence/stream/?users=$ann" "$bob_access" >"$work/deaf" &
deaf=$!
wait_until 10 grep -q listening "$work/deaf" || fail "no stream"
# More than the sockets' buffers and its backlog hold; each says how Ann is.
for _ in 1 2 3 4 5 6 7 8; do
    sql "INSERT INTO events (kind, user_id) SELECT 'presence', UNHEX(REPLACE('$ann', '-', '')) FROM seq_1_to_500"
    sleep 0.3
done
wait_until 30 grep -q cut "$work/deaf" || fail "it is still there"
wait "$deaf" || true
log_has slow_reader_dropped || fail "the log does not say so"
says bob "event: snapshot"

it "does not start quietly with too few descriptors"
(ulimit -n 300 && CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" -t >"$work/said" 2>&1) || true
grep -q 'open files' "$work/said" || fail "it says: $(cat "$work/said")"

finish
