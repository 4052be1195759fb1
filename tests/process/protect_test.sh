#!/bin/bash
# A site behind nginx' auth_request, with the snippets as an administrator includes them.
source "$(dirname "$0")/../lib.sh"

call_wiki() { call "$1" "$2" --header "Host: wiki.localhost" "${@:3}"; }
serves() { call_wiki GET /open/ && [[ $status == 200 ]]; }
may_moderate() { call_wiki GET /moderators/ "${bearer[@]}" && [[ $status == 200 ]]; }

is_renewed() {
    call_wiki GET /page --header "Cookie: $cookie" &&
        [[ $status == 200 && $(read_header Set-Cookie) == __Host-csauth=* ]]
}

is_out() { call_wiki GET /cached/ "${bearer[@]}" && [[ $status == 401 ]]; }

# the workers leave when they notice
is_broken() { call_wiki GET /page "${bearer[@]}" --header 'Accept: text/html' && [[ $status == 503 ]]; }

is_back() { call_wiki GET /page "${bearer[@]}" && [[ $status == 200 ]]; }

start_own_stack protect CSAUTH_LIMITS_ENABLED=off CSAUTH_SITE_RETURN_HOSTS=wiki.localhost \
    CSAUTH_TOKENS_ACCESS_LIFETIME=40s \
    CSAUTH_SERVER_EDGE_WORKERS=2
tests/tools/small_site.py "$work/site.port" 2>"$work/site.err" &
site=$!
trap 'kill "$site" 2>/dev/null; stop_own_stacks' EXIT
wait_until 20 test -s "$work/site.port" || fail "the site did not start: $(cat "$work/site.err")"
nginx_dir=$VAR/nginx
mkdir -p "$work/cache"
cat >"$nginx_dir/sites/wiki.conf" <<NGINX
fastcgi_cache_path "$work/cache" levels=1 keys_zone=csauth:1m max_size=8m inactive=10s use_temp_path=off;
server {
    listen 127.0.0.1:$PORT;
    server_name wiki.localhost;
    set \$csauth_sign_in_page http://localhost:$PORT/sign-in/;
    include "$nginx_dir/csauth_protect.conf";

    location / {
        set \$csauth_require any;
        include "$nginx_dir/csauth_require.conf";
        proxy_set_header Host \$host;
        proxy_pass http://127.0.0.1:$(cat "$work/site.port");
    }
    location /unsaid/ {
        include "$nginx_dir/csauth_require.conf";
        proxy_pass http://127.0.0.1:$(cat "$work/site.port");
    }
    location /open/ {
        include "$nginx_dir/csauth_no_identity.conf";
        proxy_pass http://127.0.0.1:$(cat "$work/site.port");
    }
    location /moderators/ {
        set \$csauth_require "permission=can_moderate";
        include "$nginx_dir/csauth_require.conf";
        proxy_pass http://127.0.0.1:$(cat "$work/site.port");
        location ~ \.php\$ {
            proxy_pass http://127.0.0.1:$(cat "$work/site.port");
        }
    }
    location /members/ {
        set \$csauth_require "unverified=allow";
        include "$nginx_dir/csauth_require.conf";
        proxy_pass http://127.0.0.1:$(cat "$work/site.port");
    }
    location /misspelt/ {
        set \$csauth_require "permisson=can_moderate";
        include "$nginx_dir/csauth_require.conf";
        proxy_pass http://127.0.0.1:$(cat "$work/site.port");
    }
    location /cached/ {
        set \$csauth_require any;
        set \$csauth_check_cache csauth;
        include "$nginx_dir/csauth_require.conf";
        proxy_pass http://127.0.0.1:$(cat "$work/site.port");
    }
}
NGINX
kill -HUP "$(read_pid "$(find_run_dir)/nginx.process")"
wait_until 20 serves || fail "nginx does not serve the site: $(tail -n 2 "$VAR/log/nginx.log")"
make_user protect-ann
bearer=(--header "Authorization: Bearer $access")

it "lets nobody in who is not signed in: pages go to sign in, programs are told"
call_wiki GET /page
expect_status 401
expect_header WWW-Authenticate '^Bearer'
call_wiki GET '/wiki/A%20page?x=1&y=//2' --header 'Accept: text/html,application/xhtml+xml'
expect_status 302
page="http://wiki.localhost/wiki/A%20page?x=1&y=//2"
[[ $(read_header Location) == "http://localhost:$PORT/sign-in/#return_to=$page" ]] ||
    fail "it goes to $(read_header Location)"
call_wiki POST /page --header 'Accept: text/html' --data-raw x=1
expect_status 401
call_wiki GET /page --header "Authorization: Bearer nonsense"
expect_status 401

it "lets in who is signed in, and tells the site who it is"
call_wiki GET /page "${bearer[@]}"
expect_status 200
for pair in "remote-user protect-ann" "remote-email protect-ann@example.com" "remote-groups member"; do
    read -r name value <<<"$pair"
    [[ $(read_answer ".headers[\"$name\"]") == "$value" ]] || fail "$name is $(read_answer ".headers[\"$name\"]")"
done
expect_json '.headers["remote-id"] | test("^[0-9a-f-]{36}$")'
expect_json '.headers["x-auth-session"] | test("^[0-9a-f-]{36}$")'
call_wiki POST //odd/../path/%2f -H 'Content-Type: text/plain' --data-raw "a body" "${bearer[@]}"
expect_status 200

it "believes_nothing_of_it_from_the_client"
forged=(--header "Remote-User: admin" --header "Remote-Groups: admin" --header "Remote-Email: admin@example.com"
    --header "remote-permissions: all" --header "X-Auth-Session: x" --header "X-Auth-Reason: x"
    --header "Remote_User: admin")
for path in /page /open/page; do
    call_wiki GET "$path" "${bearer[@]}" "${forged[@]}"
    expect_status 403
    call_wiki GET "$path" "${forged[@]}"
    expect_status 403
    call_wiki GET "$path" --user admin:x
    expect_status 403
done
call_wiki GET /open/page
expect_status 200
expect_json '.headers | keys | map(select(test("^remote[-_]|^x-auth-"))) == []'

it "asks what the location asks for"
call_wiki GET /moderators/ "${bearer[@]}"
expect_status 403
call_wiki GET /members/ "${bearer[@]}"
expect_status 200
for closed in /misspelt/ /unsaid/ /moderators/nested.php; do
    call_wiki GET "$closed" "${bearer[@]}"
    expect_status 403
done
query "INSERT INTO user_roles (user_id, role_name, granted_at) SELECT id, 'moderator', UTC_TIMESTAMP(6) FROM users
    WHERE username = 'protect-ann'"
query "INSERT INTO recalls (kind, subject, recalled_at) SELECT 'user', id, UTC_TIMESTAMP(6) FROM users
    WHERE username = 'protect-ann'"
wait_until 5 may_moderate || fail "the new role does not act"
expect_json '.headers["remote-permissions"] == "can_moderate,can_delete_messages"'
register protect-new
call_wiki GET /members/ --header "Authorization: Bearer $access"
expect_status 200
expect_json '.headers["remote-user"] == "protect-new" and .headers["remote-email-verified"] == "false"'
expect_json '[.headers["remote-email"], .headers["remote-groups"], .headers["remote-permissions"]] | all(. == null
    or . == "")'
call_wiki GET /page --header "Authorization: Bearer $access"
expect_status 403

it "leaves the site its own refusals"
sign_in protect-ann
bearer=(--header "Authorization: Bearer $access")
call_wiki GET /forbidden-by-the-site "${bearer[@]}"
expect_status 403
expect_json '.path == "/forbidden-by-the-site"'

it "hands a renewed cookie on to the browser"
call POST /api/login/ "{\"email\":\"protect-ann@example.com\",\"password\":\"$password\"}" \
    --header "X-Session-Mode: cookie"
cookie=$(read_access_cookie)
call_wiki GET /page --header "Cookie: $cookie"
expect_status 200
[[ -z $(read_header Set-Cookie) ]] || fail "it is renewed at once"
wait_until 30 is_renewed || fail "it is not renewed: $status"
fresh=$(read_header Set-Cookie)
call_wiki GET /page --header "Cookie: ${fresh%%;*}"
expect_status 200

it "keeps a passed check for 2 s where that is wanted, and a refusal never"
sign_in protect-ann
bearer=(--header "Authorization: Bearer $access")
call_wiki GET /cached/ "${bearer[@]}"
expect_status 200
post /api/logout/ '{}' "$access"
expect_status 204
call_wiki GET /page "${bearer[@]}"
expect_status 401
wait_until 10 is_out || fail "it is kept for longer than that"
sign_in protect-ann
call_wiki GET /cached/ --header "Authorization: Bearer $access"
expect_status 200
grep -rqs "$access" "$work/cache" || fail "nothing was kept at all"

it "answers 503 while the service is broken, and signs nobody out"
bearer=(--header "Authorization: Bearer $access")
break_csauthd
wait_until 20 is_broken || fail "it answers $status"
expect_status 503
expect_header Retry-After '^[0-9]+$'
call_wiki GET /page
expect_status 503
call_wiki GET /open/
expect_status 200
call GET /auth/verify "${bearer[@]}"
expect_status 403
expect_header X-Auth-Reason '^unavailable$'
start_csauthd
wait_until 30 is_back || fail "it does not come back: $status"
finish
