#!/bin/bash
# Pages of other origins: what they may send and read, if they are listed and if they are not.
source "$(dirname "$0")/../lib.sh"

# expect_sent NAME VALUE: the answer has that header once, with that value.
expect_sent() {
    [[ $(grep -ci "^$1:" "$work/headers") == 1 && $(read_header "$1") == "$2" ]] ||
        fail "$1 is '$(read_header "$1")', and not '$2'"
}

expect_no_cors() {
    ! grep -qi '^access-control-' "$work/headers" || fail "it has $(grep -i '^access-control-' "$work/headers")"
}

send_preflight() { call OPTIONS "$1" --header "Origin: $2" --header "Access-Control-Request-Method: $3" "${@:4}"; }

render_site() {
    scripts/render_site --run /run --web /web --snippets /snippets --avatars /avatars --limits on \
        "$@" 'listen 127.0.0.1:1'
}

change_bio() {
    call PATCH /api/me/ '{"bio":"by a page"}' --header "Cookie: $cookie" --header "Origin: $1" \
        --header "Sec-Fetch-Site: same-site"
}

app=https://app.example.test
start_own_stack cors CSAUTH_LIMITS_ENABLED=off \
    "CSAUTH_SITE_CORS_ORIGINS=$app, http://localhost:3000" CSAUTH_SITE_CORS_CREDENTIALS=on
add_user cors-ann

it "answers the preflights of listed origins"
for origin in "$app" http://localhost:3000; do
    for path in /api/login/ /api/me/ /api/me /api/presence/ /api/presence/stream/ /api/me/avatar/ /oauth/introspect; do
        send_preflight "$path" "$origin" PATCH --header "Access-Control-Request-Headers: authorization, content-type"
        expect_status 204
        expect_sent Access-Control-Allow-Origin "$origin"
        expect_sent Access-Control-Allow-Credentials true
        expect_sent Access-Control-Allow-Methods "GET, POST, PUT, PATCH, DELETE"
        expect_sent Access-Control-Allow-Headers \
            "Accept, Authorization, Content-Type, If-None-Match, Last-Event-ID, X-Session-Mode"
        expect_sent Access-Control-Max-Age 3600
        expect_sent Vary Origin
        [[ ! -s $work/body ]] || fail "it has a body"
    done
done

it "refuses the preflights of all others"
for origin in null "$app.evil.test" "${app/https/http}" "$app:8443" https://APP.example.test \
    "$app/" http://localhost:30000 \
    https://appxexample.test "https://evil.test https://app.example.test" "*"; do
    send_preflight /api/me/ "$origin" PATCH
    expect_problem 405 method_not_allowed
    expect_no_cors
done

it "answers no other OPTIONS as a preflight"
call OPTIONS /api/me/ --header "Origin: $app"
expect_problem 405 method_not_allowed
for path in /auth/verify /auth/forward/any /metrics /sign-in/; do
    send_preflight "$path" "$app" GET
    [[ $status != 204 ]] || fail "$path is $status"
done

it "lets listed origins read answers and refusals, by whomever they are given"
for origin in "$app" http://localhost:3000; do
    call GET /api/me/ --header "Authorization: Bearer $access" --header "Origin: $origin"
    expect_status 200
    expect_sent Access-Control-Allow-Origin "$origin"
    expect_sent Access-Control-Expose-Headers \
        "Content-Disposition, ETag, Location, Retry-After, WWW-Authenticate, X-Request-ID"
    [[ -z $(read_header Access-Control-Allow-Methods) ]] || fail "it names methods"
    expect_sent Vary Origin
done
call GET /api/me/ --header "Origin: $app"
expect_problem 401 authentication_required
expect_sent Access-Control-Allow-Origin "$app"
call PATCH /api/me/ "{\"bio\":\"$(head -c 20000 /dev/zero | tr '\0' x)\"}" --header "Origin: $app"
expect_problem 413 body_too_large
expect_sent Access-Control-Allow-Origin "$app"
call GET /api/nothing/ --header "Origin: $app"
expect_problem 404 not_found
expect_sent Access-Control-Allow-Origin "$app"

it "lets no other origin read anything"
for origin in null "$app.evil.test" https://APP.example.test ""; do
    call GET /api/me/ --header "Authorization: Bearer $access" --header "Origin: $origin"
    expect_status 200
    expect_no_cors
    expect_sent Vary Origin
done

it "takes cookies from listed origins alone"
call POST /api/login/ "{\"email\":\"cors-ann@example.com\",\"password\":\"$password\"}" \
    --header "X-Session-Mode: cookie" --header "Origin: $app"
expect_status 200
cookie=$(read_access_cookie)
change_bio "$app"
expect_status 200
for origin in null "$app.evil.test" "$app:443" https://APP.example.test; do
    change_bio "$origin"
    expect_problem 403 cross_site_request
done

it "takes cookies from no other origin without cors_credentials"
stop_own_stacks
start_own_stack cors-tokens CSAUTH_LIMITS_ENABLED=off "CSAUTH_SITE_CORS_ORIGINS=$app"
add_user cors-bob
call GET /api/me/ --header "Authorization: Bearer $access" --header "Origin: $app"
expect_sent Access-Control-Allow-Origin "$app"
[[ -z $(read_header Access-Control-Allow-Credentials) ]] || fail "it allows credentials"
call POST /api/login/ "{\"email\":\"cors-bob@example.com\",\"password\":\"$password\"}" \
    --header "X-Session-Mode: cookie" --header "Origin: http://localhost:$PORT"
cookie=$(read_access_cookie)
change_bio "$app"
expect_problem 403 cross_site_request

it "has no CORS headers as installed, and refuses lists that are none"
render_site >"$work/site.conf" || fail "render_site can't work without origins"
! grep -qE '@[A-Z_]+@|https?://.*;$' "$work/site.conf" || fail "origins come by themselves"
for bad in 'https://app.example.com/' 'app.example.com' '*' null 'https://*.example.com' 'https://APP.example.com' \
    'https://a" .*'; do
    ! render_site --cors-origins "$bad" >/dev/null 2>&1 || fail "render_site takes $bad"
    ! CSAUTH_SITE_CORS_ORIGINS=$bad CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" -t >"$work/checked" 2>&1 ||
        fail "csauthd takes $bad"
    grep -qF "is not an origin: write https://app.example.com" "$work/checked" ||
        fail "csauthd says $(cat "$work/checked")"
done

finish
