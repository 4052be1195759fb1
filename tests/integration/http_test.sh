#!/bin/bash
# What nginx and the service do with requests of any shape: headers, bodies, paths, methods and hosts.
source "$(dirname "$0")/../lib.sh"

print_body() { printf '{"email":"a@example.com","password":"%s"}' "$(head -c "$1" /dev/zero | tr '\0' 'x')"; }

# send_raw BYTES: sends them as they are, and takes what comes.
send_raw() {
    printf '%b' "$1" >"$work/raw"
    status=$(timeout 15 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1"; cat "$2" >&3; head -c 100000 <&3' \
        _ "$PORT" "$work/raw" 2>/dev/null | tee "$work/raw.out" | head -n 1 | tr -d '\r' | cut -d' ' -f2)
}

write_many_headers() { seq "$1" | sed 's/.*/X-Junk-&: x/' >"$work/many"; }

it "gives every answer a request id, and the security headers"
for path in /api/whoami/ /api/nothing/ / /nothing /api/login/ /healthz /assets/style.css /problems/ \
    /api/openapi.json; do
    call GET "$path"
    expect_header X-Request-ID '^[0-9a-f]{32}$'
    expect_header X-Content-Type-Options '^nosniff$'
    expect_header Referrer-Policy '^no-referrer$'
    expect_header Content-Security-Policy "default-src 'none'"
    expect_header Strict-Transport-Security '^max-age=63072000$'
    expect_header Cross-Origin-Resource-Policy '^same-site$'
    expect_header Cache-Control '.'
    [[ $(read_header Server) == nginx ]] || fail "the server's version shows: $(read_header Server)"
done
call GET /api/whoami/ --header 'X-Request-ID: mine'
[[ $(read_header X-Request-ID) != mine ]] || fail "the client chose the request id"

it "keeps nothing of the API in a cache"
call GET /api/whoami/
expect_header Cache-Control '^no-store$'
expect_header Content-Type '^application/json; charset=utf-8$'

it "answers unknown paths with a problem"
for path in /api/nothing/ /api/ /api/nobody/1 /api/me/x.css /api/login/x /api/LOGIN/ /nothing /verify-email/nothing \
    /.git/config /api/../secrets /..%2f..%2fetc/passwd; do
    call GET "$path"
    [[ $status == 404 || $status == 400 ]] || fail "status $status for $path"
    expect_header Content-Type '^application/problem\+json'
    expect_json '.code == "not_found" or .code == "bad_request"'
done

it "answers other methods with 405 and Allow"
for pair in "GET /api/login/ POST" "PUT /api/me/ DELETE, GET, HEAD, PATCH" "DELETE /api/register/ POST" \
    "PATCH /api/token/ POST" "OPTIONS /api/me/ DELETE, GET, HEAD, PATCH" "POST /api/whoami/ GET, HEAD"; do
    read -r method path allow <<<"$pair"
    call "$method" "$path"
    expect_problem 405 method_not_allowed
    [[ $(read_header Allow) == "$allow" ]] || fail "Allow is '$(read_header Allow)' at $path"
done

it "names_the_methods_where_nginx_refuses_one_itself"
for pair in "TRACE /api/me/ GET, HEAD, PATCH, DELETE" "TRACE /api/login POST" "TRACE /api/users/x/ban/ POST, DELETE" \
    "TRACE /sign-in/ GET, HEAD" "POST /sign-in/ GET, HEAD" "PUT /assets/style.css GET, HEAD"; do
    read -r method path allow <<<"$pair"
    call "$method" "$path"
    expect_problem 405 method_not_allowed
    [[ $(read_header Allow | tr -d ' ' | tr ',' '\n' | sort) == "$(tr -d ' ' <<<"$allow" | tr ',' '\n' | sort)" ]] ||
        fail "Allow is '$(read_header Allow)' for $method $path"
done

it "refuses a path that two readers could read differently"
for path in /api//me/ /api/./me/ /api/%2e%2e/api/me/ '/api/me%2f' '/api%5cme' '/api/x%00'; do
    call GET "$path"
    [[ $status == 400 || $status == 404 ]] || fail "status $status for $path"
done

it "answers HEAD without a body"
call HEAD /api/whoami/
expect_status 200
[[ ! -s $work/body ]] || grep -q '^HTTP' "$work/body" || fail "there is a body"

it "takes bodies up to the limit and not one byte more"
size=$(print_body 0 | wc -c)
call POST /api/login/ "$(print_body $((16384 - size)))"
expect_problem 422 validation_failed
call POST /api/login/ "$(print_body $((16385 - size)))"
expect_problem 413 body_too_large

it "takes JSON and nothing else, but forms on paths of the Django service"
for type in text/plain application/x-www-form-urlencoded multipart/form-data 'application/json; charset=latin-1' ''; do
    call POST /api/password/forgot/ --header "Content-Type: $type" --data-raw '{"email":"a@example.com"}'
    expect_problem 415 unsupported_media_type
    [[ $type != *form* ]] || continue
    call POST /api/login/ --header "Content-Type: $type" --data-raw '{"email":"a@example.com","password":"x"}'
    expect_problem 415 unsupported_media_type
done

json='{"email":"a@example.com","password":"x"}'

it "is not confused about where a body ends"
start="POST /api/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
send_raw "${start}Content-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
[[ $status == 400 ]] || fail "two lengths gave $status"
send_raw "${start}Content-Length: 40\r\nContent-Length: 41\r\n\r\n$json"
[[ $status == 400 ]] || fail "two Content-Lengths gave $status"
send_raw "${start}Content-Length: -1\r\n\r\n$json"
[[ $status == 400 ]] || fail "a negative length gave $status"
send_raw "${start}Content-Length: 10\r\n\r\n$json"
[[ $status == 400 ]] || fail "a body that is longer than its length gave $status"
send_raw "${start}Transfer-Encoding: chunked\r\n\r\n28\r\n$json\r\n0\r\n\r\n"
[[ $status == 401 ]] || fail "a chunked body gave $status"
grep -q '"code":"invalid_credentials"' "$work/raw.out" || fail "the chunked body was not understood"

it "gives its own errors the same shape"
call GET "/$(head -c 25000 /dev/zero | tr '\0' a)"
expect_problem 414 bad_request
call GET /api/whoami/ --header "X-Long: $(head -c 25000 /dev/zero | tr '\0' a)"
expect_problem 431 headers_too_large
send_raw "NONSENSE\r\n\r\n"
grep -q '"code":"bad_request"' "$work/raw.out" || fail "a bad request line gave $(head -c 200 "$work/raw.out")"
call GET /assets/style.css --header 'Range: bytes=9999999-'
expect_problem 416 bad_request
call GET /assets/style.css --header 'If-Unmodified-Since: Mon, 01 Jan 2001 00:00:00 GMT'
expect_problem 412 bad_request
for pair in "501 Transfer-Encoding: gzip" "411 Content-Length:"; do
    send_raw "POST /api/login/ HTTP/1.1\r\nHost: localhost\r\n${pair#* }\r\nConnection: close\r\n\r\n"
    grep -q 'application/problem+json' "$work/raw.out" || fail "$pair gave $(head -c 300 "$work/raw.out")"
done
send_raw "GET / HTTP/3.0\r\nHost: localhost\r\n\r\n"
[[ $status == 505 ]] || fail "another version of HTTP gave $status"
grep -q '"status":505' "$work/raw.out" || fail "another version of HTTP gave $(head -c 300 "$work/raw.out")"

it "refuses_what_has_too_many_headers_whoever_serves_it"
for pair in "GET /api/whoami/" "PUT /api/presence/" "GET /api/presence/stream/?users=x" "POST /api/login/"; do
    write_many_headers 300
    call "${pair%% *}" "${pair#* }" --header "@$work/many" --header 'Origin: http://evil.example'
    expect_problem 431 headers_too_large
done
write_many_headers 200
call GET /api/whoami/ --header "@$work/many"
expect_status 200
write_many_headers 300
call GET /auth/verify --header "@$work/many"
expect_status 403
expect_header X-Auth-Reason '^headers_too_large$'

it "answers_a_check_without_a_page_of_nginx"
for path in /auth/verify /auth/verify/ /auth/forward/any; do
    call GET "$path" --header 'Content-Type: text/plain' --data-binary "$(head -c 17000 /dev/zero | tr '\0' a)"
    expect_status 403
    expect_header X-Auth-Reason '^body_too_large$'
    expect_header X-Request-ID '^[0-9a-f]{32}$'
    [[ ! -s $work/body ]] || fail "$path has a body"
done

it "answers_for_no_host_but_its_own"
for host in evil.example localhost.evil.example evil.example:80; do
    for path in /api/whoami/ /sign-in/ /nothing; do
        call GET "$path" --header "Host: $host"
        expect_problem 421 misdirected_request
    done
done
for host in localhost LOCALHOST "localhost:$PORT" 127.0.0.1; do
    call GET /api/whoami/ --header "Host: $host"
    expect_status 200
done
call GET /readyz --header "Host: another.example" # a program on this machine may ask by any name
expect_status 200

it "redirects_without_scheme_host_or_port"
for path in /sign-in /sign-out /verify-email /verify-code /assets; do
    call GET "$path"
    [[ $status == 301 && $(read_header Location) == "$path/" ]] || fail "$path gave $status and $(read_header Location)"
done

it "names_the_charset_of_pages_and_scripts"
for path in / /sign-in/ /problems/ /assets/style.css /assets/sign-in.js; do
    call GET "$path"
    expect_status 200
    expect_header Content-Type '; charset=utf-8$'
done

it "believes no header about who the caller is"
call GET /api/whoami/ --header 'X-Forwarded-For: 6.6.6.6' --header 'X-Real-IP: 6.6.6.6' \
    --header 'Forwarded: for=6.6.6.6' --header 'Remote-Addr: 6.6.6.6' --header 'X-Forwarded-Proto: https'
expect_status 200
expect_json '.ip == "127.0.0.1" and .scheme == "http" and .host == "127.0.0.1"'

it "says that it lives and is ready, with and without the slash"
for path in /healthz /healthz/ /readyz /readyz/; do
    call GET "$path"
    expect_status 200
done

finish
