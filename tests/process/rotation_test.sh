#!/bin/bash
# tokens.rotation: clients that keep their first refresh token, clients that rotate, and thieves, in all three modes.
source "$(dirname "$0")/../lib.sh"

trade_token() { post /api/token/refresh/ "{\"refresh\":\"$1\"}"; }
read_claim() { cut -d. -f2 <<<"$2" | tr '_-' '/+' | base64 -d 2>/dev/null | jq -r ".$1"; }
read_row() { query "SELECT $2 FROM sessions WHERE id = UNHEX(REPLACE('$(read_claim sid "$1")', '-', ''))"; }

# As if the last refresh had been that long ago, and the present step's access token had been used.
age_session() {
    query "UPDATE sessions SET refreshed_at = refreshed_at - INTERVAL ${2:-1200} SECOND
        WHERE id = UNHEX(REPLACE('$(read_claim sid "$1")', '-', ''))"
    get_me "$(read_answer .access)"
    [[ $status != 200 ]] || wait_until 10 is_seen_in_row "$1" || fail "what was seen is not written"
}

is_seen_in_row() {
    [[ $(query "SELECT COALESCE(MAX(seen_counter), -1) FROM session_activity
        WHERE session_id = UNHEX(REPLACE('$(read_claim sid "$1")', '-', ''))") == "$(read_row "$1" counter)" ]]
}

expect_theft() {
    expect_problem 401 session_ended
    [[ $(read_row "$1" end_reason) == token_reused ]] ||
        fail "the session is not ended as stolen: $(read_row "$1" end_reason)"
}

# set_rotation MODE: sets tokens.rotation, and waits until csauthd goes by it.
set_rotation() {
    sed -i '/^\[tokens\]$/,/^rotation/d' "$VAR/csauth.ini"
    printf '[tokens]\nrotation = %s\n' "$1" >>"$VAR/csauth.ini"
    reload_csauthd
}

sign_in_by_cookie() {
    call POST /api/login/ "{\"email\":\"rotation-ann@example.com\",\"password\":\"$password\"}" \
        --header 'X-Session-Mode: cookie'
    refresh=$(tr -d '\r' <"$work/headers" | sed -n 's/^Set-Cookie: __Secure-csauth-refresh=\([^;]*\);.*/\1/Ip')
}

start_own_stack rotation CSAUTH_LIMITS_ENABLED=off

make_user rotation-ann

# By default: compatible.

it "client_that_keeps_its_first_token_stays_signed_in"
sign_in rotation-ann
for hour in 1 2 3 4; do
    trade_token "$refresh"
    expect_status 200
    [[ $(read_claim ctr "$(read_answer .refresh)") == 1 ]] || fail "the answer $hour has no rotated token"
    age_session "$refresh" 3600
    expect_status 200
done
[[ $(read_row "$refresh" counter) == 1 ]] || fail "the counter went on"
[[ $(read_claim exp "$refresh") -ge $(($(date +%s) + 89 * 86400)) ]] || fail "the token ends before its session"
post /api/token/verify/ "{\"token\":\"$refresh\"}"
expect_status 200

it "client_of_each_given_path_keeps_its_first_token"
for body in '/api/token/ {"email":"rotation-ann@example.com","password":"'"$password"'"}' \
    '/api/login/ {"email":"rotation-ann@example.com","password":"'"$password"'"}' register; do
    if [[ $body != register ]]; then
        call POST "${body%% *}" "${body#* }"
        refresh=$(read_answer '.refresh // .tokens.refresh')
    else
        register rotation-newer
    fi
    trade_token "$refresh"
    age_session "$refresh"
    trade_token "$refresh"
    expect_status 200
done

it "kept_token_that_rests_too_long_ends_the_session"
sign_in rotation-ann
trade_token "$refresh"
query "UPDATE sessions SET refreshed_at = refreshed_at - INTERVAL 31 DAY
    WHERE id = UNHEX(REPLACE('$(read_claim sid "$refresh")', '-', ''))"
trade_token "$refresh"
expect_problem 401 session_ended

it "newer_token_makes_the_kept_one_stolen"
sign_in rotation-ann
trade_token "$refresh"
age_session "$refresh"
trade_token "$refresh"
second=$(read_answer .refresh)
age_session "$refresh"
trade_token "$second"
expect_status 200
third=$(read_answer .refresh)
trade_token "$refresh"
expect_theft "$refresh"
trade_token "$third"
expect_problem 401 session_ended

it "stolen_second_token_ends_the_session_of_a_rotating_client"
sign_in rotation-ann
trade_token "$refresh"
second=$(read_answer .refresh)
trade_token "$second"
age_session "$second"
trade_token "$second"
expect_theft "$second"

it "thief_who_rotates_is_found_by_the_kept_token"
sign_in rotation-ann
trade_token "$refresh"
trade_token "$(read_answer .refresh)" # the thief
expect_status 200
trade_token "$refresh"
expect_theft "$refresh"

it "lost_answer_of_a_rotating_client_is_given_again"
sign_in rotation-ann
trade_token "$refresh"
second=$(read_answer .refresh)
trade_token "$second" # lost
query "UPDATE sessions SET refreshed_at = refreshed_at - INTERVAL 1 DAY
    WHERE id = UNHEX(REPLACE('$(read_claim sid "$second")', '-', ''))"
trade_token "$second"
expect_status 200
[[ $(read_claim ctr "$(read_answer .refresh)") == 2 ]] || fail "it is another step"

it "signing_out_ends_a_kept_token"
sign_in rotation-ann
trade_token "$refresh"
access=$(read_answer .access)
call_signed_in POST /api/logout/ '{}'
trade_token "$refresh"
expect_problem 401 session_ended

it "session_in_cookie_mode_rotates"
sign_in_by_cookie
trade_token "$refresh" # a copy of the cookie
expect_status 200
age_session "$refresh"
trade_token "$refresh"
expect_theft "$refresh"

it "rotation_on_takes_a_kept_token_for_stolen"
set_rotation on
sign_in rotation-ann
trade_token "$refresh"
age_session "$refresh"
trade_token "$refresh"
expect_theft "$refresh"

it "rotation_off_gives_the_same_token_back"
set_rotation off
sign_in rotation-ann
for _ in 1 2 3; do
    trade_token "$refresh"
    expect_status 200
    [[ $(read_answer .refresh) == "$refresh" ]] || fail "the refresh token is another"
    age_session "$refresh"
    expect_status 200
done
[[ $(read_row "$refresh" counter) == 0 ]] || fail "the counter went on"
post /api/token/verify/ "{\"token\":\"$refresh\"}"
expect_status 200
trade_token "${refresh}x"
expect_problem 401 invalid_token
access=$(read_answer .access)
sign_in rotation-ann
call_signed_in POST "/api/logout/" '{}'
trade_token "$refresh"
expect_problem 401 session_ended

it "rotation_off_leaves_cookies_rotating"
sign_in_by_cookie
trade_token "$refresh"
[[ $(read_claim ctr "$(read_answer .refresh)") == 1 ]] || fail "the counter stays"
age_session "$refresh"
trade_token "$refresh"
expect_theft "$refresh"

it "kept_token_of_compatible_stays_good_with_rotation_off"
set_rotation compatible
sign_in rotation-ann
trade_token "$refresh"
age_session "$refresh"
set_rotation off
trade_token "$refresh"
expect_status 200
[[ $(read_answer .refresh) == "$refresh" ]] || fail "the refresh token is another"

it "strict_refreshing_without_rotation_is_refused"
CSAUTH_TOKENS_STRICT_REFRESH=on CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" -t >"$work/out" 2>&1 &&
    fail "it is taken"
grep -q 'tokens.strict_refresh.*tokens.rotation = on' "$work/out" || fail "it says: $(cat "$work/out")"

finish
