#!/bin/bash
# What nginx does by itself: behind another proxy, beside other sites, and against a client that takes too much.
source "$(dirname "$0")/../lib.sh"

reload_nginx() { kill -HUP "$(read_pid "$(find_run_dir)/nginx.process")"; }
call_secure() { base=https://${host:-localhost}:$tls call "$@" --insecure --connect-to "::127.0.0.1:$tls"; }
is_up() { call_secure GET /readyz && [[ $status != 000 ]]; }

read_client() {
    curl --silent --max-time 10 --header 'Host: clients.localhost' --header "X-Test-Address: $1" \
        "http://127.0.0.1:$PORT/" | xxd -p
}

expect_same() { [[ $(read_client "$1") == "$(read_client "$2")" ]] || fail "$1 and $2 have two keys"; }
expect_other() { [[ $(read_client "$1") != "$(read_client "$2")" ]] || fail "$1 and $2 have one key"; }
end_streams() { for pid in "${streams[@]}"; do kill "$pid" 2>/dev/null; done; }

is_bounded() { # opens one more stream than is allowed; an old worker of nginx may still take it
    call GET "/api/presence/stream/?users=$id" --max-time 2 --header "Authorization: Bearer $access"
    [[ $status == 429 ]]
}

hold_requests() { # opens two requests whose body does not come; nginx ends them after a while
    for connection in 3 4; do
        eval "exec $connection<>/dev/tcp/127.0.0.1/$PORT"
        printf 'POST /api/login/ HTTP/1.1\r\nHost: localhost\r\n' >&"$connection"
        printf 'Content-Type: application/json\r\nContent-Length: 50\r\n\r\n' >&"$connection"
    done
}

is_full() { hold_requests && call GET /api/whoami/ && [[ $status == 429 ]]; }
is_free() { call GET /api/whoami/ && [[ $status == 200 ]]; }

start_own_stack nginx CSAUTH_SITE_RETURN_HOSTS=wiki.localhost
nginx_dir=$VAR/nginx
tls=$(find_free_port)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" \
    -subj "/CN=localhost" -days 2 2>/dev/null
cat >"$nginx_dir/sites/other.conf" <<NGINX
add_header X-Of-Http yes always;

# A proxy that ends TLS, with nginx' defaults.
server {
    listen 127.0.0.1:$tls ssl;
    ssl_certificate "$work/cert.pem";
    ssl_certificate_key "$work/key.pem";
    server_name localhost;
    location / {
        proxy_set_header Host localhost;
        proxy_pass http://127.0.0.1:$PORT;
    }
}
server {
    listen 127.0.0.1:$tls ssl;
    ssl_certificate "$work/cert.pem";
    ssl_certificate_key "$work/key.pem";
    server_name wiki.localhost;
    location / {
        proxy_set_header Host wiki.localhost;
        proxy_pass http://127.0.0.1:$PORT;
    }
}
server {
    listen 127.0.0.1:$PORT;
    server_name wiki.localhost;
    set \$csauth_sign_in_page https://localhost/sign-in/;
    set \$csauth_scheme https;
    include "$nginx_dir/csauth_protect.conf";
    location / {
        set \$csauth_require any;
        include "$nginx_dir/csauth_require.conf";
        root "$work";
        try_files /cert.pem =404;
    }
}
server {
    listen 127.0.0.1:$PORT;
    server_name clients.localhost;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Test-Address;
    location / {
        return 200 \$csauth_client;
    }
}
NGINX
reload_nginx
wait_until 20 is_up || fail "nginx does not serve the proxy: $(tail -n 2 "$VAR/log/nginx.log")"

it "redirect_behind_a_tls_proxy_keeps_scheme_and_port"
for path in /sign-in /sign-out /verify-email /verify-code /reset-password /confirm-email /revert-email /invitation \
    /assets; do
    call_secure GET "$path"
    [[ $status == 301 && $(read_header Location) == "$path/" ]] || fail "$path gave $status and $(read_header Location)"
done
host=wiki.localhost call_secure GET '/page?x=1' --header 'Accept: text/html'
expect_status 302
[[ $(read_header Location) == 'https://localhost/sign-in/#return_to=https://wiki.localhost/page?x=1' ]] ||
    fail "it goes to $(read_header Location)"

it "headers_of_http_survive_a_protected_site"
add_user nginx-ann
host=wiki.localhost call_secure GET /page --header "Authorization: Bearer $access"
expect_status 200
expect_header X-Of-Http '^yes$'

it "stream_behind_a_buffering_proxy_arrives_at_once"
curl --silent --no-buffer --insecure --max-time 120 --connect-to "::127.0.0.1:$tls" --dump-header "$work/stream.head" \
    --header "Authorization: Bearer $access" "https://localhost:$tls/api/presence/stream/?users=$id" >"$work/stream" &
stream=$!
stream_says stream "event: snapshot"
tr -d '\r' <"$work/stream.head" | finds -i '^content-type: text/event-stream' ||
    fail "it is no stream: $(cat "$work/stream.head")"
[[ $(head -c 2046 "$work/stream" | tr -d ' ') == : && $(head -n 1 "$work/stream" | wc -c) -ge 2046 ]] ||
    fail "it does not begin with a comment of 2 KiB"
kill "$stream" 2>/dev/null
# ends with the time: only its head counts
call GET "/api/presence/stream/?users=$id" --max-time 1 --header "Authorization: Bearer $access"
[[ $(read_header X-Accel-Buffering) == no ]] || fail "X-Accel-Buffering is '$(read_header X-Accel-Buffering)'"

it "ipv6_network_has_one_key_however_it_is_written"
expect_same 2001:db8::1 2001:db8:0:0:1::
expect_same 2001:db8::1 2001:0db8:0:0:ffff:ffff:ffff:ffff
expect_same 2001:db8:0:1::1 2001:db8:0:1:2:3:4:5
expect_same 2001:db8:1:2:3:4:5:6 2001:db8:1:2::
expect_same 192.0.2.1 ::ffff:192.0.2.1
expect_other 2001:db8::1 2001:db8:0:1::1
expect_other 2001:db8:1::1 2001:db8:0:1::1
expect_other 2001:db8:0:a::1 2001:db8:a::1
expect_other 192.0.2.1 192.0.2.2
expect_other ::ffff:192.0.2.1 ::ffff:192.0.2.2
[[ $(read_client 192.0.2.1) == c0000201 ]] || fail "the key of 192.0.2.1 is $(read_client 192.0.2.1)"

it "client_has_a_bounded_number_of_streams_and_requests"
grep -q 'limit_conn csauth_streams 200;' "$nginx_dir/site.conf" || fail "the bound of streams is another"
grep -q 'limit_conn csauth_requests 256;' "$nginx_dir/site.conf" || fail "the bound of requests is another"
sed -i 's/limit_conn csauth_streams 200;/limit_conn csauth_streams 2;/
    s/limit_conn csauth_requests 256;/limit_conn csauth_requests 2;/' "$nginx_dir/site.conf"
reload_nginx
streams=()
trap 'end_streams; stop_own_stacks' EXIT
for i in 1 2; do
    curl --silent --no-buffer --max-time 120 --header "Authorization: Bearer $access" \
        "$base/api/presence/stream/?users=$id" >"$work/stream$i" &
    streams+=($!)
    stream_says "stream$i" "event: snapshot"
done
wait_until 30 is_bounded || fail "a third stream gives $status"
expect_problem 429 too_many_requests
call GET /api/whoami/
expect_status 200 # streams do not count as requests
end_streams
wait_until 30 is_full || fail "a third request gives $status"
expect_problem 429 too_many_requests
call GET /auth/forward/any --header "Authorization: Bearer $access"
expect_status 204 # a proxy asks for all of its visitors from one address
exec 3<&- 4<&-
wait_until 30 is_free || fail "what was held is not given back: $status"

finish
