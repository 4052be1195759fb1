#!/bin/bash
# Cookie mode, and forward authentication, as browsers and proxies meet them.
source "$(dirname "$0")/../lib.sh"

login_by_cookie() {
    call POST /api/login/ "{\"email\":\"$1@example.com\",\"password\":\"$password\"}" \
        --header "X-Session-Mode: cookie" "${@:2}"
    cookie="__Host-csauth=$(jar __Host-csauth)"
    refresh_cookie="__Secure-csauth-refresh=$(jar __Secure-csauth-refresh)"
    device_cookie="__Secure-csauth-device=$(jar __Secure-csauth-device)"
}

forward() { call GET "/auth/forward/$1" --header "Authorization: Bearer ${2-$access}" "${@:3}"; }
verify() { call "$1" "/auth/verify$2" --header "Authorization: Bearer ${3-$access}" "${@:4}"; }

reasons() {
    [[ $status == "$1" && $(header X-Auth-Reason) == "$2" ]] || fail "$status $(header X-Auth-Reason) instead of $1 $2"
}

back() { call GET /api/return/ --get --data-urlencode "to=$1"; }

origin=http://localhost:$PORT
jar() { tr -d '\r' <"$work/headers" | sed -n "s/^Set-Cookie: $1=\([^;]*\);.*/\1/Ip" | tail -n 1; }
patch() { call PATCH /api/me/ '{"bio":"by a page"}' --header "Cookie: $cookie" "$@"; }
new_user browser-ann

it "signs in with cookies that are safe, and keeps everything else to itself"
login_by_cookie browser-ann
expect_status 200
# no site cookie is configured
[[ $(grep -ci '^set-cookie:' "$work/headers") == 3 ]] ||
    fail "there are $(grep -ci '^set-cookie:' "$work/headers") cookies"
grep -i '^set-cookie:' "$work/headers" | grep -qvi 'Secure; HttpOnly; SameSite=' && fail "one is not safe"
tr -d '\r' <"$work/headers" |
    grep -qi '^Set-Cookie: __Host-csauth=[^;]*; Path=/; Max-Age=[0-9]*; Secure; HttpOnly; SameSite=Lax$' ||
    fail "the access cookie is another"
tr -d '\r' <"$work/headers" |
    grep -qi '^Set-Cookie: __Secure-csauth-refresh=[^;]*; Path=/api/token/; Max-Age=[0-9]*; Secure; HttpOnly; SameSite=Strict$' ||
    fail "the refresh cookie is another"
expect_json '(has("tokens") | not) and (.session.device | has("key") | not) and .user.username == "browser-ann"'
call GET /api/me/ --header "Cookie: $cookie"
expect_status 200

it "changes something only for our own pages"
patch
expect_problem 403 cross_site_request
for bad in https://evil.example null "http://localhost:$PORT.evil.example" "https://localhost:$PORT"; do
    patch --header "Origin: $bad"
    expect_problem 403 cross_site_request
done
patch --header "Sec-Fetch-Site: cross-site"
expect_problem 403 cross_site_request
patch --header "Origin: $origin"
expect_status 200
patch --header "Sec-Fetch-Site: same-origin"
expect_status 200
call POST /api/logout/ --header "Cookie: $cookie" --header "Content-Type: application/x-www-form-urlencoded" \
    --data-raw "a=1"
expect_problem 403 cross_site_request
call POST /api/logout/ --header "Cookie: $cookie" --header "Origin: $origin" --header "Content-Type: text/plain" \
    --data-raw "a=1"
expect_problem 415 unsupported_media_type

it "refreshes from the cookie alone"
call POST /api/token/refresh/ --header "Cookie: $refresh_cookie"
expect_problem 403 cross_site_request
call POST /api/token/refresh/ --header "Cookie: $refresh_cookie" --header "Origin: $origin"
expect_status 200
[[ $(cat "$work/body") == "{}" ]] || fail "the body says $(cat "$work/body")"
fresh="__Host-csauth=$(jar __Host-csauth)"
call GET /api/me/ --header "Cookie: $fresh"
expect_status 200

it "knows the browser again"
device=$(sql "SELECT COUNT(*) FROM devices d JOIN users u ON u.id = d.user_id WHERE u.username = 'browser-ann'")
login_by_cookie browser-ann --header "Cookie: $device_cookie"
[[ $(sql "SELECT COUNT(*) FROM devices d JOIN users u ON u.id = d.user_id
    WHERE u.username = 'browser-ann'") == "$device" ]] ||
    fail "it is a new device"

it "signs out, and takes the cookies back"
call POST /api/logout/ --header "Cookie: $cookie" --header "Origin: $origin"
expect_status 204
for name in __Host-csauth __Secure-csauth-refresh; do
    tr -d '\r' <"$work/headers" | grep -qi "^Set-Cookie: $name=; .*Max-Age=0;" || fail "$name stays"
done
grep -qi '^set-cookie: __Secure-csauth-device' "$work/headers" && fail "the device is forgotten"
expect_header Clear-Site-Data '"storage"'
call GET /api/me/ --header "Cookie: $cookie"
expect_problem 401 session_ended
tr -d '\r' <"$work/headers" | grep -qi "^Set-Cookie: __Host-csauth=; .*Max-Age=0;" ||
    fail "a cookie of an ended session stays"
call POST /api/token/refresh/ --header "Cookie: $refresh_cookie" --header "Origin: $origin"
expect_problem 401 session_ended

it "answers other proxies: 204, 401 or 403"
sign_in browser-ann
verify GET ""
expect_status 204
expect_header Remote-User '^browser-ann$'
expect_header Remote-Email '^browser-ann@example.com$'
expect_header Remote-Groups '^member$'
expect_header Remote-Id '^[0-9a-f-]{36}$'
expect_header X-Auth-Session '^[0-9a-f-]{36}$'
[[ -z $(header X-Auth-Reason) ]] || fail "there is a reason"
verify HEAD /
expect_status 204
forward role=member
expect_status 204
forward any/
expect_status 204
forward role=admin
reasons 403 permission_denied
forward permission=can_moderate
reasons 403 permission_denied
forward rolle=member
reasons 403 bad_request
forward any nonsense
reasons 401 invalid_token
verify GET "?page=2"
expect_status 204
verify GET "?role=member"
reasons 403 bad_request
verify GET "" nonsense
reasons 401 invalid_token
expect_header WWW-Authenticate '^Bearer'
verify GET "?$(head -c 21000 /dev/zero | tr '\0' a)"
expect_status 204
verify GET "?$(head -c 30000 /dev/zero | tr '\0' a)"
[[ $status == 414 || $status == 403 ]] || fail "a line that nginx does not take gave $status"
verify POST "" "$access" --data-raw "a body"
reasons 403 method_not_allowed
call GET /auth/verify
reasons 401 authentication_required
call GET /auth/verify --header "Authorization: Bearer $access" --header "Authorization: Bearer $access"
expect_status 400 # which nginx itself says, wherever such a request goes
call GET /auth/verify/x
expect_status 404

it "asks for a confirmed address, unless the location does not mind"
register browser-new
verify GET ""
reasons 403 email_unverified
verify GET "?unverified=allow"
reasons 403 email_unverified
forward any
reasons 403 email_unverified
forward unverified=allow
expect_status 204
expect_header Remote-Email-Verified '^false$'
for name in Remote-Email Remote-Groups Remote-Permissions; do [[ -z $(header $name) ]] || fail "it has $name"; done
forward "role=member&unverified=allow"
reasons 403 email_unverified

it "sends people back to listed hosts only"
for good in / /account?tab=1 "http://localhost:$PORT/x?y=z" "http://localhost:$PORT/wiki/Bob's"; do
    back "$good"
    [[ $(answer .url) == "$good" && $(answer .allowed) == true ]] || fail "$good became $(answer .url)"
done
for bad in //evil.example '/\evil.example' https://evil.example/ "http://localhost:$PORT@evil.example/" \
    "http://localhost:$PORT.evil.example/" 'javascript:alert(1)' $'/\r\nSet-Cookie: a=b' ''; do
    back "$bad"
    [[ $(answer .url) == / && $(answer .allowed) == false ]] || fail "$bad became $(answer .url)"
done

it "has a page for signing in"
call GET /sign-in/
expect_status 200
expect_header Content-Security-Policy "script-src 'self'"
grep -q 'sign-in.js' "$work/body" || fail "there is no script"

finish
