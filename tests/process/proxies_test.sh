#!/bin/bash
# Forward authentication by other proxies: Caddy, HAProxy and Apache, as docs/use/protecting.md configures them, and
# proxies on other machines, which show a key.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/../browser.sh"

end_started() {
    local pid
    end_browser
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null; done
    for pid in "${started[@]}"; do wait_until 20 process_is_gone "$pid" || kill -KILL "$pid" 2>/dev/null; done
    rm -rf "$public"
    stop_own_stacks
}

call_behind() { base=http://localhost:$1 call "${@:2}"; }
call_far() { call_behind "$remote" GET "$@" --header "Cookie: $cookie"; }
is_open() { call_far /auth/forward/any --header 'X-Csauth-Key: a key of the proxies' && [[ $status == 204 ]]; }
answers() { call_behind "$port" GET /page && [[ $status == 401 ]]; }
is_broken() { call_behind "$port" GET /page --header "Cookie: $cookie" && [[ $status == 503 ]]; }

caddy=$(find_free_port) haproxy=$(find_free_port) apache=$(find_free_port) remote=$(find_free_port)
umask 077
echo "a key of the proxies" >"$work/proxy_key"
start_own_stack proxies CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_PROXY_KEY_FILE="$work/proxy_key" \
    CSAUTH_SITE_RETURN_HOSTS="localhost:$caddy, localhost:$haproxy, localhost:$apache"
started=()
public=$(mktemp -d "${TMPDIR:-/tmp}/csauth-proxies-XXXXXX") # Apache's own user reads it
trap end_started EXIT
tests/tools/small_site.py "$work/site.port" 2>"$work/site.err" &
started+=($!)
wait_until 20 test -s "$work/site.port" || fail "the site did not start: $(cat "$work/site.err")"
site=$(cat "$work/site.port")
check=http://127.0.0.1:$PORT/auth/forward

cat >"$work/Caddyfile" <<CADDY
{
    admin off
    auto_https off
}
http://localhost:$caddy {
    bind 127.0.0.1
    @admins path /admins/*
    forward_auth @admins 127.0.0.1:$PORT {
        uri /auth/forward/role=admin
    }
    forward_auth 127.0.0.1:$PORT {
        uri /auth/forward/any
        copy_headers Remote-User Remote-Id Remote-Name Remote-Email Remote-Email-Verified Remote-Groups \
            Remote-Permissions X-Auth-Session
    }
    reverse_proxy 127.0.0.1:$site
}
CADDY
HOME=$work XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work caddy run --config "$work/Caddyfile" --adapter caddyfile \
    >"$work/caddy.out" 2>&1 &
started+=($!)

cat >"$work/haproxy.cfg" <<HAPROXY
global
    lua-load docs/examples/haproxy.lua
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend wiki
    bind 127.0.0.1:$haproxy
    http-request lua.csauth $check/role=admin if { path_beg /admins/ }
    http-request lua.csauth $check/any unless { path_beg /admins/ }
    http-request return status 302 hdr Location %[var(txn.csauth_location)] if { var(txn.csauth_status) -m int 302 }
    http-request deny deny_status 401 if { var(txn.csauth_status) -m int 401 }
    http-request deny deny_status 403 if { var(txn.csauth_status) -m int 403 }
    http-request deny deny_status 503 unless { var(txn.csauth_status) -m int 204 }
    http-response add-header Set-Cookie %[var(txn.csauth_cookie)] if { var(txn.csauth_cookie) -m found }
    default_backend site
backend site
    server site 127.0.0.1:$site
HAPROXY
haproxy -db -f "$work/haproxy.cfg" >"$work/haproxy.out" 2>&1 &
started+=($!)

chmod 755 "$public"
install -m 644 docs/examples/apache.lua "$public/any.lua"
sed "s,/auth/forward/any,/auth/forward/role=admin," docs/examples/apache.lua >"$public/admins.lua"
chmod 644 "$public/admins.lua"
sed -i "s,http://127.0.0.1:8080,http://127.0.0.1:$PORT," "$public"/*.lua
cat >"$public/apache.conf" <<APACHE
ServerRoot "$public"
ServerName localhost
Listen 127.0.0.1:$apache
PidFile "$public/pid"
ErrorLog "$public/error.log"
User www-data
Group www-data
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule lua_module /usr/lib/apache2/modules/mod_lua.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
<Location "/">
    LuaHookAccessChecker "$public/any.lua" csauth early
    ProxyPass "http://127.0.0.1:$site/"
</Location>
<Location "/admins/">
    LuaHookAccessChecker "$public/admins.lua" csauth early
</Location>
APACHE
apache2 -D FOREGROUND -f "$public/apache.conf" >"$work/apache.out" 2>&1 &
started+=($!)

add_user proxies-ann
call POST /api/login/ "{\"email\":\"proxies-ann@example.com\",\"password\":\"$password\"}" \
    --header "X-Session-Mode: cookie"
cookie=$(read_access_cookie)
call POST /api/register/ \
    "{\"email\":\"proxies-new@example.com\",\"username\":\"proxies-new\",\"password\":\"$password\"}" \
    --header "X-Session-Mode: cookie"
unconfirmed=$(read_access_cookie)

for proxy in caddy haproxy apache; do
    port=${!proxy}
    wait_until 30 answers ||
        fail "$proxy does not answer 401 but $status: $(tail -n 5 "$work/$proxy.out" "$public/error.log" 2>/dev/null)"

    it "$proxy: visitor_who_is_signed_in_passes_with_identity"
    call_behind "$port" GET '/page?page=2' --header "Cookie: $cookie"
    expect_status 200
    [[ $(read_answer '.headers["remote-user"]') == proxies-ann ]] ||
        fail "remote-user is $(read_answer '.headers["remote-user"]')"
    [[ $(read_answer '.headers["remote-email-verified"]') == true ]] ||
        fail "remote-email-verified is $(read_answer '.headers["remote-email-verified"]')"
    call_behind "$port" POST /form --header "Cookie: $cookie" --data-raw "a=b"
    expect_status 200

    it "$proxy: browser_goes_to_the_sign_in_page_and_back"
    call_behind "$port" GET '/page?x=1' --header 'Accept: text/html'
    expect_status 302
    [[ $(read_header Location) == "http://localhost:$PORT/sign-in/#return_to=http://localhost:$port/page?x=1" ]] ||
        fail "it goes to $(read_header Location)"
    call_behind "$port" POST /page --header 'Accept: text/html' --data-raw "a=b"
    expect_status 401
    call_behind "$port" GET /page --header 'Accept: text/html' --header 'X-Forwarded-Host: evil.example' \
        --header 'X-Forwarded-Proto: https'
    [[ $(read_header Location) != *evil* ]] || fail "it goes to $(read_header Location)"

    it "$proxy: query_of_the_visitor_opens_nothing"
    for query in '' '?unverified=allow' '?any' '?role=member'; do
        call_behind "$port" GET "/page$query" --header "Cookie: $unconfirmed"
        expect_status 403
    done
    for query in '' '?any' '?role=member' '?unverified=allow'; do
        call_behind "$port" GET "/admins/x$query" --header "Cookie: $cookie"
        expect_status 403
    done

    it "$proxy: identity_of_the_client_is_refused"
    for forged in 'Remote-User: admin' 'Remote_User: admin' 'X-Auth-Session: x' 'Authorization: Basic YWRtaW46eA=='; do
        call_behind "$port" GET /page --header "Cookie: $cookie" --header "$forged"
        [[ $status == 403 || ($status == 200 && $(cat "$work/body") != *'"admin"'*) ]] || fail "$forged gives $status"
        call_behind "$port" GET /page --header "$forged"
        [[ $status == 403 || $status == 401 ]] || fail "$forged without a session gives $status"
    done
done

it "browser_signs_in_at_a_site_behind_caddy"
start_browser
visit "http://localhost:$caddy/page?x=1"
fill '#email' proxies-ann@example.com
fill '#password' "$password"
click '#form button[type=submit]'
expect_address "http://localhost:$caddy/page?x=1"
expect_text proxies-ann

it "proxy_on_another_machine_needs_the_key"
nginx_dir=$VAR/nginx
sed -e "s,^@LISTEN@,    listen 127.0.0.1:$remote;," -e "s,@SNIPPETS@,$nginx_dir," nginx/csauth_proxies.conf \
    >"$nginx_dir/sites/proxies.conf"
kill -HUP "$(read_pid "$(find_run_dir)/nginx.process")"
wait_until 20 is_open || fail "the listener answers $status"
expect_header Remote-User '^proxies-ann$'
for key in '' 'a key of the proxie' 'a key of the proxies ' x; do
    call_far /auth/forward/any ${key:+--header "X-Csauth-Key: $key"}
    [[ $key == 'a key of the proxies ' ]] || expect_status 403 # nginx takes the space at the end away
done
for path in /auth/verify /api/whoami/ /healthz /metrics /; do
    call_far "$path" --header 'X-Csauth-Key: a key of the proxies'
    expect_status 404
done
call GET /auth/forward/any --header "Cookie: $cookie"
expect_status 204 # this machine needs no key

it "broken_check_is_503_and_never_401"
break_csauthd
for port in "$caddy" "$haproxy" "$apache"; do
    wait_until 30 is_broken || fail "it answers $status"
done
call GET /auth/forward/any
expect_status 503
expect_header X-Auth-Reason '^unavailable$'
expect_header Retry-After '^[0-9]+$'
[[ ! -s $work/body ]] || fail "there is a body"
start_csauthd

finish
