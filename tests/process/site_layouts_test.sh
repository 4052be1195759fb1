#!/bin/bash
# Nobody can choose their own identity at a protected site, however its locations are laid out and whatever backend they
# have: a plain HTTP server, PHP-FPM, fcgiwrap, uWSGI and SCGI.
source "$(dirname "$0")/../lib.sh"

# start_backend OUTPUT COMMAND…: starts a backend in a process group of its own, because some backends leave their
# children. The output goes to $work/OUTPUT.
start_backend() {
    setsid "${@:2}" >"$work/$1" 2>&1 &
    backends+=($!)
}

are_backends_gone() {
    local group process
    for group in "${backends[@]}"; do
        for process in $(pgrep --pgroup "$group"); do
            process_is_gone "$process" || return 1
        done
    done
}

end_backends() {
    local group
    for group in "${backends[@]}"; do kill -- "-$group" 2>/dev/null; done
    if ! wait_until 20 are_backends_gone; then
        for group in "${backends[@]}"; do kill -KILL -- "-$group" 2>/dev/null; done
    fi
    stop_own_stacks
}

listens() {
    [[ -S $work/php.sock && -S $work/cgi.sock && -S $work/uwsgi.sock && -S $work/scgi.sock && -s $work/site.port ]]
}

serves() { call GET /proxy-direct-public-after/n --header "Host: layouts.localhost" && [[ $status == 200 ]]; }
call_site() { call GET "$2" --header "Host: $1.localhost" --header "Cookie: $cookie" "${@:3}"; }
is_said() { call_site unsaid /said/ && [[ $status == 200 ]]; }

start_own_stack layouts CSAUTH_LIMITS_ENABLED=off CSAUTH_SITE_RETURN_HOSTS=layouts.localhost
backends=()
trap end_backends EXIT

mkdir -p "$work/www"
cat >"$work/www/echo.php" <<'PHP'
<?php header('Content-Type: application/json'); echo json_encode($_SERVER), "\n";
PHP
cat >"$work/www/echo.cgi" <<'CGI'
#!/bin/sh
printf 'Content-Type: text/plain\r\n\r\n'
env
CGI
chmod 755 "$work/www/echo.cgi"
cp "$work/www/echo.php" "$work/www/index.php"
cat >"$work/echo.py" <<'PYTHON'
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return ["\n".join(f"{name}={value}" for name, value in environ.items()).encode()]
PYTHON
cat >"$work/php.conf" <<PHP
[global]
error_log = $work/php.log
[www]
listen = $work/php.sock
pm = static
pm.max_children = 2
PHP
php_fpm=$(compgen -c php-fpm | sort -V | tail -n 1)
start_backend php.out "$php_fpm" --nodaemonize --allow-to-run-as-root --no-php-ini --fpm-config "$work/php.conf"
start_backend cgi.out fcgiwrap -c 2 -s "unix:$work/cgi.sock"
start_backend uwsgi.out uwsgi --plugins python3 --socket "$work/uwsgi.sock" --scgi-socket "$work/scgi.sock" \
    --wsgi-file "$work/echo.py" --die-on-term --buffer-size 32768
start_backend site.out tests/tools/small_site.py "$work/site.port"
wait_until 30 listens || fail "a backend did not start: $(cat "$work"/*.out)"

nginx_dir=$VAR/nginx
tests/tools/site_layouts.py config "$nginx_dir" "$work" "$PORT" "$(cat "$work/site.port")" \
    "http://localhost:$PORT/sign-in/" >"$nginx_dir/sites/layouts.conf"
nginx -t -q -c "$nginx_dir/nginx.conf" 2>"$work/nginx.err" ||
    fail "nginx does not take the layouts: $(cat "$work/nginx.err")"
kill -HUP "$(read_pid "$(find_run_dir)/nginx.process")"
wait_until 20 serves || fail "nginx does not serve the sites: $(tail -n 2 "$VAR/log/nginx.log")"
add_user layouts-ann
call POST /api/login/ "{\"email\":\"layouts-ann@example.com\",\"password\":\"$password\"}" \
    --header "X-Session-Mode: cookie"
cookie=$(read_access_cookie)

it "forged_identity_at_any_layout_is_refused"
tests/tools/site_layouts.py attack "$PORT" "$cookie" layouts-ann >"$work/attack" 2>&1
tail -n 1 "$work/attack" | finds -E '^[0-9]{4,} requests$' || fail "the attack broke off: $(tail -n 3 "$work/attack")"
[[ $(wc -l <"$work/attack") == 1 ]] ||
    fail "$(($(wc -l <"$work/attack") - 1)) got through, such as: $(head -n 20 "$work/attack")"

it "location_without_a_requirement_opens_nothing"
cat >"$nginx_dir/sites/unsaid.conf" <<NGINX
server {
    listen 127.0.0.1:$PORT;
    server_name unsaid.localhost;
    set \$csauth_sign_in_page http://localhost:$PORT/sign-in/;
    include "$nginx_dir/csauth_protect.conf";
    location /unsaid/ {
        include "$nginx_dir/csauth_require.conf";
        proxy_pass http://127.0.0.1:$(cat "$work/site.port");
    }
    location /empty/ {
        set \$csauth_require "";
        include "$nginx_dir/csauth_require.conf";
        proxy_pass http://127.0.0.1:$(cat "$work/site.port");
    }
    location /said/ {
        set \$csauth_require any;
        include "$nginx_dir/csauth_require.conf";
        proxy_pass http://127.0.0.1:$(cat "$work/site.port");
    }
}
server {
    listen 127.0.0.1:$PORT;
    server_name php.localhost;
    root "$work/www";
    index index.php;
    set \$csauth_sign_in_page http://localhost:$PORT/sign-in/;
    include "$nginx_dir/csauth_protect.conf";
    location / {
        set \$csauth_require any;
        include "$nginx_dir/csauth_require.conf";
        try_files \$uri \$uri/ /index.php?\$query_string;
    }
    location ~ \.php\$ {
        set \$csauth_require any;
        include /etc/nginx/fastcgi_params;
        include "$nginx_dir/csauth_require.conf";
        fastcgi_param SCRIPT_FILENAME \$document_root\$fastcgi_script_name;
        fastcgi_pass unix:$work/php.sock;
    }
}
server {
    listen 127.0.0.1:$PORT;
    server_name basic.localhost;
    set \$csauth_basic allow;
    set \$csauth_sign_in_page http://localhost:$PORT/sign-in/;
    include "$nginx_dir/csauth_protect.conf";
    location /own/ {
        set \$csauth_require basic=allow;
        include "$nginx_dir/csauth_require.conf";
        proxy_pass http://127.0.0.1:$(cat "$work/site.port");
    }
    location / {
        set \$csauth_require any;
        include "$nginx_dir/csauth_require.conf";
        proxy_pass http://127.0.0.1:$(cat "$work/site.port");
    }
}
NGINX
kill -HUP "$(read_pid "$(find_run_dir)/nginx.process")"
wait_until 20 is_said || fail "nginx does not serve the site: $status"
for path in /unsaid/ /empty/; do
    call_site unsaid "$path"
    expect_status 403
done

it "php_site_as_documented_hears_of_its_visitor"
for path in '/page?x=1' /index.php /; do
    call_site php "$path"
    expect_status 200
    expect_json '.REMOTE_USER == "layouts-ann" and .HTTP_REMOTE_EMAIL == "layouts-ann@example.com"'
    call GET "$path" --header "Host: php.localhost"
    expect_status 401
    call_site php "$path" --header 'Remote-User: admin'
    expect_status 403
done

it "basic_credentials_pass_only_where_the_location_allows_them"
call_site basic /own/ --user admin:x
expect_status 200
[[ $(read_answer '.headers["remote-user"]') == layouts-ann ]] ||
    fail "the site is told of $(read_answer '.headers["remote-user"]')"
call_site basic / --user admin:x
expect_status 403
call_site basic /
expect_status 200
call_site unsaid /said/ --user admin:x
expect_status 403

finish
