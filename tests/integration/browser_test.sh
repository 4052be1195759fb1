#!/bin/bash
# Cookie mode, and forward authentication, as browsers and proxies meet them.
source "$(dirname "$0")/../lib.sh"

sign_in_by_cookie() {
    call POST /api/login/ "{\"email\":\"$1@example.com\",\"password\":\"$password\"}" \
        --header "X-Session-Mode: cookie" "${@:2}"
    cookie="__Host-csauth=$(read_cookie __Host-csauth)"
    refresh_cookie="__Secure-csauth-refresh=$(read_cookie __Secure-csauth-refresh)"
    device_cookie="__Secure-csauth-device=$(read_cookie __Secure-csauth-device)"
}

ask_forward() { call GET "/auth/forward/$1" --header "Authorization: Bearer ${2-$access}" "${@:3}"; }
verify() { call "$1" "/auth/verify$2" --header "Authorization: Bearer ${3-$access}" "${@:4}"; }

expect_reason() {
    [[ $status == "$1" && $(read_header X-Auth-Reason) == "$2" ]] ||
        fail "$status $(read_header X-Auth-Reason) instead of $1 $2"
}

ask_return() { call GET /api/return/ --get --data-urlencode "to=$1"; }

origin=http://localhost:$PORT
read_cookie() { tr -d '\r' <"$work/headers" | sed -n "s/^Set-Cookie: $1=\([^;]*\);.*/\1/Ip" | tail -n 1; }
change_bio() { call PATCH /api/me/ '{"bio":"by a page"}' --header "Cookie: $cookie" "$@"; }
make_user browser-ann

it "signs in with cookies that are safe, and keeps everything else to itself"
sign_in_by_cookie browser-ann
expect_status 200
# no site cookie is configured
[[ $(grep -ci '^set-cookie:' "$work/headers") == 3 ]] ||
    fail "there are $(grep -ci '^set-cookie:' "$work/headers") cookies"
grep -i '^set-cookie:' "$work/headers" | finds -vi 'Secure; HttpOnly; SameSite=' && fail "one is not safe"
strict='Secure; HttpOnly; SameSite=Strict'
tr -d '\r' <"$work/headers" |
    grep -qi '^Set-Cookie: __Host-csauth=[^;]*; Path=/; Max-Age=[0-9]*; Secure; HttpOnly; SameSite=Lax$' ||
    fail "the access cookie is another"
tr -d '\r' <"$work/headers" |
    grep -qi "^Set-Cookie: __Secure-csauth-refresh=[^;]*; Path=/api/token/; Max-Age=[0-9]*; $strict$" ||
    fail "the refresh cookie is another"
expect_json '(has("tokens") | not) and (.session.device | has("key") | not) and .user.username == "browser-ann"'
call GET /api/me/ --header "Cookie: $cookie"
expect_status 200

it "changes something only for our own pages"
change_bio
expect_problem 403 cross_site_request
for bad in https://evil.example null "http://localhost:$PORT.evil.example" "https://localhost:$PORT"; do
    change_bio --header "Origin: $bad"
    expect_problem 403 cross_site_request
done
change_bio --header "Sec-Fetch-Site: cross-site"
expect_problem 403 cross_site_request
change_bio --header "Origin: $origin"
expect_status 200
change_bio --header "Sec-Fetch-Site: same-origin"
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
fresh="__Host-csauth=$(read_cookie __Host-csauth)"
call GET /api/me/ --header "Cookie: $fresh"
expect_status 200

it "knows the browser again"
device=$(query "SELECT COUNT(*) FROM devices d JOIN users u ON u.id = d.user_id WHERE u.username = 'browser-ann'")
sign_in_by_cookie browser-ann --header "Cookie: $device_cookie"
[[ $(query "SELECT COUNT(*) FROM devices d JOIN users u ON u.id = d.user_id
    WHERE u.username = 'browser-ann'") == "$device" ]] ||
    fail "it is a new device"

it "signs out, and takes the cookies back"
call POST /api/logout/ --header "Cookie: $cookie" --header "Origin: $origin"
expect_status 204
for name in __Host-csauth __Secure-csauth-refresh; do
    tr -d '\r' <"$work/headers" | finds -i "^Set-Cookie: $name=; .*Max-Age=0;" || fail "$name stays"
done
grep -qi '^set-cookie: __Secure-csauth-device' "$work/headers" && fail "the device is forgotten"
expect_header Clear-Site-Data '"storage"'
call GET /api/me/ --header "Cookie: $cookie"
expect_problem 401 session_ended
tr -d '\r' <"$work/headers" | finds -i "^Set-Cookie: __Host-csauth=; .*Max-Age=0;" ||
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
[[ -z $(read_header X-Auth-Reason) ]] || fail "there is a reason"
verify HEAD /
expect_status 204
ask_forward role=member
expect_status 204
ask_forward any/
expect_status 204
ask_forward role=admin
expect_reason 403 permission_denied
ask_forward permission=can_moderate
expect_reason 403 permission_denied
ask_forward rolle=member
expect_reason 403 bad_request
ask_forward any nonsense
expect_reason 401 invalid_token
verify GET "?page=2"
expect_status 204
verify GET "?role=member"
expect_reason 403 bad_request
verify GET "" nonsense
expect_reason 401 invalid_token
expect_header WWW-Authenticate '^Bearer'
verify GET "?$(head -c 21000 /dev/zero | tr '\0' a)"
expect_status 204
verify GET "?$(head -c 30000 /dev/zero | tr '\0' a)"
[[ $status == 414 || $status == 403 ]] || fail "a line that nginx does not take gave $status"
verify POST "" "$access" --data-raw "a body"
expect_reason 403 method_not_allowed
call GET /auth/verify
expect_reason 401 authentication_required
call GET /auth/verify --header "Authorization: Bearer $access" --header "Authorization: Bearer $access"
expect_status 400 # which nginx itself says, wherever such a request goes
call GET /auth/verify/x
expect_status 404

it "asks for a confirmed address, unless the location does not mind"
register browser-new
verify GET ""
expect_reason 403 email_unverified
verify GET "?unverified=allow"
expect_reason 403 email_unverified
ask_forward any
expect_reason 403 email_unverified
ask_forward unverified=allow
expect_status 204
expect_header Remote-Email-Verified '^false$'
for name in Remote-Email Remote-Groups Remote-Permissions; do [[ -z $(read_header $name) ]] || fail "it has $name"; done
ask_forward "role=member&unverified=allow"
expect_reason 403 email_unverified

it "sends people back to listed hosts only"
for good in / /account?tab=1 "http://localhost:$PORT/x?y=z" "http://localhost:$PORT/wiki/Bob's"; do
    ask_return "$good"
    [[ $(read_answer .url) == "$good" && $(read_answer .allowed) == true ]] || fail "$good became $(read_answer .url)"
done
for bad in //evil.example '/\evil.example' https://evil.example/ "http://localhost:$PORT@evil.example/" \
    "http://localhost:$PORT.evil.example/" 'javascript:alert(1)' $'/\r\nSet-Cookie: a=b' ''; do
    ask_return "$bad"
    [[ $(read_answer .url) == / && $(read_answer .allowed) == false ]] || fail "$bad became $(read_answer .url)"
done

it "has a page for signing in"
call GET /sign-in/
expect_status 200
expect_header Content-Security-Policy "script-src 'self'"
grep -q 'sign-in.js' "$work/body" || fail "there is no script"

finish
