#!/bin/bash
# Access and refresh tokens: racing refreshes, mangled tokens, and tokens of ended sessions.
source "$(dirname "$0")/../lib.sh"

read_claims() {
    jq -r "$1" | cut -d. -f2 | tr '_-' '/+' | while read -r part; do
        base64 -d 2>/dev/null <<<"$part==="
        echo
    done
}

print_other_character() { [[ $1 == X ]] && echo Y || echo X; } # a character that is not this one
encode_base64url() { base64 -w0 | tr '/+' '_-' | tr -d '='; }

make_user token-ann

it "answers racing tabs with one and the same step"
for _ in $(seq 32); do
    printf 'next\nurl = "%s/api/token/refresh/"\nheader = "Content-Type: application/json"\n' "$base"
    printf 'data-raw = "{\\"refresh\\":\\"%s\\"}"\nsilent\nwrite-out = "\\n"\n' "$refresh"
done | sed 1d >"$work/race"
curl --parallel --parallel-immediate --parallel-max 32 --config "$work/race" 2>/dev/null | grep . >"$work/race.out"
[[ $(read_claims .refresh <"$work/race.out" | jq -r .ctr | sort | uniq -c | tr -s ' ') == " 32 1" ]] ||
    fail "the counters are $(read_claims .refresh <"$work/race.out" | jq -r .ctr | sort | uniq -c)"
get_me "$(head -n 1 "$work/race.out" | jq -r .access)"
expect_status 200

it "answers a lost answer again, however late, while nothing was seen of it"
sign_in token-ann
for _ in 1 2; do # a client that rotates
    call POST /api/token/refresh/ "{\"refresh\":\"$refresh\"}"
    refresh=$(read_answer .refresh)
done
first=$refresh
call POST /api/token/refresh/ "{\"refresh\":\"$first\"}"
query "UPDATE sessions SET refreshed_at = refreshed_at - INTERVAL 1 HOUR
    WHERE id = x'$(cut -d. -f2 <<<"$first" | tr '_-' '/+' | sed 's/$/===/' | base64 -d 2>/dev/null |
        jq -r .sid | tr -d -)'"
call POST /api/token/refresh/ "{\"refresh\":\"$first\"}"
expect_status 200
second=$(read_answer .refresh)
access=$(read_answer .access)

it "ends the session of a token that was used again later, tells by mail, and only then says so"
get_me
expect_status 200
query "UPDATE sessions SET refreshed_at = refreshed_at - INTERVAL 11 SECOND WHERE user_id = (SELECT id FROM users
    WHERE username = 'token-ann')"
before=$(print_mails token-ann@example.com | wc -l)
call POST /api/token/refresh/ "{\"refresh\":\"$first\"}"
expect_problem 401 session_ended
[[ $(query "SELECT COUNT(*) FROM sessions s JOIN users u ON u.id = s.user_id WHERE end_reason = 'token_reused'
    AND username = 'token-ann'") == 1 ]] ||
    fail "the session is not ended"
get_me
expect_problem 401 session_ended
call POST /api/token/refresh/ "{\"refresh\":\"$second\"}"
expect_problem 401 session_ended
wait_until 20 has_mails token-ann@example.com $((before + 1)) || fail "no mail came"
[[ $(query "SELECT COUNT(*) FROM audit_log a JOIN users u ON u.id = a.subject_id WHERE action = 'authn_token_reuse'
    AND username = 'token-ann'") == 1 ]] ||
    fail "the audit does not know"

it "takes a token for what it is, and for nothing else"
sign_in token-ann
for wrong in "$access" nonsense a.b.c "${refresh}x" "${refresh%?}" " $refresh"; do
    call POST /api/token/refresh/ "{\"refresh\":\"$wrong\"}"
    expect_problem 401 invalid_token
done
get_me "$refresh"
expect_problem 401 invalid_token

it "refuses every mangled access token"
IFS=. read -r head body tag <<<"$access"
for token in "$head.$body." "$head.$body" ".$body.$tag" "$head..$tag" "$head.$body.$tag.$tag" "$head.$body.${tag}=" \
    "$head.$body.$tag x" \
    "$(printf '{"alg":"none","typ":"JWT"}' | encode_base64url).$body." \
    "$(printf '{"alg":"none","typ":"JWT"}' | encode_base64url).$body.$tag" \
    "$(printf '{"alg":"HS512","typ":"JWT"}' | encode_base64url).$body.$tag" \
    "$head.$(printf '{"sub":"x"}' | encode_base64url).$tag" \
    "${head:0:5}$(print_other_character "${head:5:1}")${head:6}.$body.$tag" \
    "$head.${body:0:9}$(print_other_character "${body:9:1}")${body:10}.$tag" \
    "$head.$body.${tag:0:9}$(print_other_character "${tag:9:1}")${tag:10}" "$tag.$body.$head"; do
    get_me "$token"
    expect_problem 401 invalid_token
    call POST /api/token/verify/ "$(jq -cn --arg t "$token" '{token: $t}')"
    expect_problem 401 invalid_token
done

it "understands the scheme Bearer and no other"
for scheme in bearer BEARER Bearer; do
    call GET /api/me/ --header "Authorization: $scheme $access"
    expect_status 200
done
for value in "Basic dTpw" "Token $access" "$access" "Bearer" "Bearer " "Bearer: $access"; do
    call GET /api/me/ --header "Authorization: $value"
    expect_status 401
done
call GET /api/me/
expect_problem 401 authentication_required
call GET "/api/me/?access_token=$access&token=$access"
expect_problem 401 authentication_required
call GET /api/me/ --header "Cookie: access=$access"
expect_problem 401 authentication_required

it "ends no session for a header that comes twice, and takes none"
call GET /api/me/ --header "Authorization: Bearer $access" --header "Authorization: Bearer x"
expect_status 400

it "asks for the token as a text"
for value in null 5 '[]' '""'; do
    call POST /api/token/refresh/ "{\"refresh\":$value}"
    expect_problem 422 validation_failed
    call POST /api/token/verify/ "{\"token\":$value}"
    expect_problem 422 validation_failed
done

it "ends everything older than a raised epoch"
sign_in token-ann
query "UPDATE users SET epoch = epoch + 1 WHERE username = 'token-ann'"
recall token-ann
wait_until 10 is_signed_out || fail "the token is good"
expect_problem 401 session_ended
call POST /api/token/refresh/ "{\"refresh\":\"$refresh\"}"
expect_problem 401 session_ended

it "ends a session that was idle too long, or is too old"
for change in "refreshed_at = NOW(6) - INTERVAL 31 DAY" "expires_at = NOW(6) - INTERVAL 1 SECOND"; do
    sign_in token-ann
    query "UPDATE sessions SET $change WHERE ended_at IS NULL AND user_id = (SELECT id FROM users
        WHERE username = 'token-ann')"
    call POST /api/token/refresh/ "{\"refresh\":\"$refresh\"}"
    expect_problem 401 session_ended
done

finish
