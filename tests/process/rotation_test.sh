#!/bin/bash
# tokens.rotation: clients that keep their first refresh token, clients that rotate, and thieves, in all three modes.
source "$(dirname "$0")/../lib.sh"

trade() { post /api/token/refresh/ "{\"refresh\":\"$1\"}"; }
claim() { cut -d. -f2 <<<"$2" | tr '_-' '/+' | base64 -d 2>/dev/null | jq -r ".$1"; }
row() { sql "SELECT $2 FROM sessions WHERE id = UNHEX(REPLACE('$(claim sid "$1")', '-', ''))"; }

# As if the last refresh had been that long ago, and the present step's access token had been used.
later() {
    sql "UPDATE sessions SET refreshed_at = refreshed_at - INTERVAL ${2:-1200} SECOND
        WHERE id = UNHEX(REPLACE('$(claim sid "$1")', '-', ''))"
    me "$(answer .access)"
    seen_in_row() {
        [[ $(sql "SELECT COALESCE(MAX(seen_counter), -1) FROM session_activity
            WHERE session_id = UNHEX(REPLACE('$(claim sid "$1")', '-', ''))") == "$(row "$1" counter)" ]]
    }
    [[ $status != 200 ]] || wait_until 10 seen_in_row "$1" || fail "what was seen is not written"
}

expect_theft() {
    expect_problem 401 session_ended
    [[ $(row "$1" end_reason) == token_reused ]] || fail "the session is not ended as stolen: $(row "$1" end_reason)"
}

# rotation MODE: sets tokens.rotation, and waits until csauthd goes by it.
rotation() {
    sed -i '/^\[tokens\]$/,/^rotation/d' "$VAR/csauth.ini"
    printf '[tokens]\nrotation = %s\n' "$1" >>"$VAR/csauth.ini"
    reload_csauthd
}

cookie_session() {
    call POST /api/login/ "{\"email\":\"rotation-ann@example.com\",\"password\":\"$password\"}" \
        --header 'X-Session-Mode: cookie'
    refresh=$(tr -d '\r' <"$work/headers" | sed -n 's/^Set-Cookie: __Secure-csauth-refresh=\([^;]*\);.*/\1/Ip')
}

own_stack rotation CSAUTH_LIMITS_ENABLED=off

new_user rotation-ann

# By default: compatible.

it "client_that_keeps_its_first_token_stays_signed_in"
sign_in rotation-ann
for hour in 1 2 3 4; do
    trade "$refresh"
    expect_status 200
    [[ $(claim ctr "$(answer .refresh)") == 1 ]] || fail "the answer $hour has no rotated token"
    later "$refresh" 3600
    expect_status 200
done
[[ $(row "$refresh" counter) == 1 ]] || fail "the counter went on"
[[ $(claim exp "$refresh") -ge $(($(date +%s) + 89 * 86400)) ]] || fail "the token ends before its session"
post /api/token/verify/ "{\"token\":\"$refresh\"}"
expect_status 200

it "client_of_each_given_path_keeps_its_first_token"
for body in '/api/token/ {"email":"rotation-ann@example.com","password":"'"$password"'"}' \
    '/api/login/ {"email":"rotation-ann@example.com","password":"'"$password"'"}' register; do
    if [[ $body != register ]]; then
        call POST "${body%% *}" "${body#* }"
        refresh=$(answer '.refresh // .tokens.refresh')
    else
        register rotation-newer
    fi
    trade "$refresh"
    later "$refresh"
    trade "$refresh"
    expect_status 200
done

it "kept_token_that_rests_too_long_ends_the_session"
sign_in rotation-ann
trade "$refresh"
sql "UPDATE sessions SET refreshed_at = refreshed_at - INTERVAL 31 DAY
    WHERE id = UNHEX(REPLACE('$(claim sid "$refresh")', '-', ''))"
trade "$refresh"
expect_problem 401 session_ended

it "newer_token_makes_the_kept_one_stolen"
sign_in rotation-ann
trade "$refresh"
later "$refresh"
trade "$refresh"
second=$(answer .refresh)
later "$refresh"
trade "$second"
expect_status 200
third=$(answer .refresh)
trade "$refresh"
expect_theft "$refresh"
trade "$third"
expect_problem 401 session_ended

it "stolen_second_token_ends_the_session_of_a_rotating_client"
sign_in rotation-ann
trade "$refresh"
second=$(answer .refresh)
trade "$second"
later "$second"
trade "$second"
expect_theft "$second"

it "thief_who_rotates_is_found_by_the_kept_token"
sign_in rotation-ann
trade "$refresh"
trade "$(answer .refresh)" # the thief
expect_status 200
trade "$refresh"
expect_theft "$refresh"

it "lost_answer_of_a_rotating_client_is_given_again"
sign_in rotation-ann
trade "$refresh"
second=$(answer .refresh)
trade "$second" # lost
sql "UPDATE sessions SET refreshed_at = refreshed_at - INTERVAL 1 DAY
    WHERE id = UNHEX(REPLACE('$(claim sid "$second")', '-', ''))"
trade "$second"
expect_status 200
[[ $(claim ctr "$(answer .refresh)") == 2 ]] || fail "it is another step"

it "signing_out_ends_a_kept_token"
sign_in rotation-ann
trade "$refresh"
access=$(answer .access)
with POST /api/logout/ '{}'
trade "$refresh"
expect_problem 401 session_ended

it "session_in_cookie_mode_rotates"
cookie_session
trade "$refresh" # a copy of the cookie
expect_status 200
later "$refresh"
trade "$refresh"
expect_theft "$refresh"

it "rotation_on_takes_a_kept_token_for_stolen"
rotation on
sign_in rotation-ann
trade "$refresh"
later "$refresh"
trade "$refresh"
expect_theft "$refresh"

it "rotation_off_gives_the_same_token_back"
rotation off
sign_in rotation-ann
for _ in 1 2 3; do
    trade "$refresh"
    expect_status 200
    [[ $(answer .refresh) == "$refresh" ]] || fail "the refresh token is another"
    later "$refresh"
    expect_status 200
done
[[ $(row "$refresh" counter) == 0 ]] || fail "the counter went on"
post /api/token/verify/ "{\"token\":\"$refresh\"}"
expect_status 200
trade "${refresh}x"
expect_problem 401 invalid_token
access=$(answer .access)
sign_in rotation-ann
with POST "/api/logout/" '{}'
trade "$refresh"
expect_problem 401 session_ended

it "rotation_off_leaves_cookies_rotating"
cookie_session
trade "$refresh"
[[ $(claim ctr "$(answer .refresh)") == 1 ]] || fail "the counter stays"
later "$refresh"
trade "$refresh"
expect_theft "$refresh"

it "kept_token_of_compatible_stays_good_with_rotation_off"
rotation compatible
sign_in rotation-ann
trade "$refresh"
later "$refresh"
rotation off
trade "$refresh"
expect_status 200
[[ $(answer .refresh) == "$refresh" ]] || fail "the refresh token is another"

it "strict_refreshing_without_rotation_is_refused"
CSAUTH_TOKENS_STRICT_REFRESH=on CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" -t >"$work/out" 2>&1 &&
    fail "it is taken"
grep -q 'tokens.strict_refresh.*tokens.rotation = on' "$work/out" || fail "it says: $(cat "$work/out")"

finish
