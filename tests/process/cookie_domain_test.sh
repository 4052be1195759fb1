#!/bin/bash
# A change of site.cookie_domain leaves cookies of the former domain in browsers. They lock nobody out.
source "$(dirname "$0")/../lib.sh"

# set_domain NAME: sets site.cookie_domain, and waits until csauthd goes by it.
set_domain() {
    sed -i '/^cookie_domain/d' "$VAR/csauth.ini"
    sed -i "s/^\[site\]$/[site]\ncookie_domain = $1/" "$VAR/csauth.ini"
    reload_csauthd
}

# read_set_cookie NAME: prints the cookie of that name that the last answer set, in the form of a request.
read_set_cookie() { tr -d '\r' <"$work/headers" | sed -n "s/^Set-Cookie: \($1=[^;][^;]*\);.*/\1/Ip" | tail -n 1; }

sign_in_by_cookie() {
    call POST /api/login/ "{\"email\":\"cookies-ann@example.com\",\"password\":\"$password\"}" \
        --header "X-Session-Mode: cookie" "$@"
    expect_status 200
    access_cookie=$(read_set_cookie __Host-csauth)
    refresh_cookie=$(read_set_cookie __Secure-csauth-refresh)
    site_cookie=$(read_set_cookie __Secure-csauth-site)
}

# list_cleared_domains: the domains whose site cookies the last answer takes back; "-" for the host alone.
list_cleared_domains() {
    local attributes='Secure; HttpOnly; SameSite=Lax'
    tr -d '\r' <"$work/headers" |
        sed -nE "s/^Set-Cookie: __Secure-csauth-site=; Path=\/(; Domain=([^;]*))?; Max-Age=0; $attributes\$/\2/Ip" |
        sed 's/^$/-/' | sort | tr '\n' ' '
}

is_let_in() { call GET /auth/verify --header "Cookie: $1" && [[ $status == 204 ]]; }
is_ended() { ! is_let_in "$old_site"; }

start_own_stack cookies CSAUTH_LIMITS_ENABLED=off CSAUTH_SITE_URL=https://accounts.example.test
origin=https://accounts.example.test

make_user cookies-ann
set_domain example.test

it "cookie_of_a_former_domain_locks_nobody_out"
sign_in_by_cookie
old_site=$site_cookie
old_access=$access_cookie
is_let_in "$old_site" || fail "the cookie is not good"
set_domain accounts.example.test
sign_in_by_cookie
tr -d '\r' <"$work/headers" |
    grep -qi '^Set-Cookie: __Secure-csauth-site=[^;]*; Path=/; Domain=accounts.example.test; Max-Age=2592000' ||
    fail "the new domain is not used"
call POST /api/logout/ --header "Cookie: $old_access" --header "Origin: $origin"
expect_status 204
wait_until 10 is_ended || fail "the former cookie is still good"
for both in "$old_site; $site_cookie" "$site_cookie; $old_site"; do
    is_let_in "$both" || fail "status $status, $(read_header X-Auth-Reason)"
done

it "signing_out_takes_every_form_back"
call POST /api/logout/ --header "Cookie: $access_cookie" --header "Origin: $origin"
expect_status 204
[[ $(list_cleared_domains) == "- accounts.example.test example.test " ]] ||
    fail "it takes back: $(list_cleared_domains)"

it "refresh_and_sign_in_take_the_former_cookie_back"
sign_in_by_cookie
[[ -z $(list_cleared_domains) ]] || fail "nothing was to be taken back: $(list_cleared_domains)"
call POST /api/token/refresh/ --header "Cookie: $refresh_cookie; $old_site; $site_cookie" --header "Origin: $origin"
expect_status 200
[[ $(list_cleared_domains) == "- example.test " ]] || fail "it takes back: $(list_cleared_domains)"
[[ -n $(read_set_cookie __Secure-csauth-site) ]] || fail "the present one is not set"
sign_in_by_cookie --header "Cookie: $old_site; $site_cookie"
[[ $(list_cleared_domains) == "- example.test " ]] || fail "it takes back: $(list_cleared_domains)"

it "domain_that_is_no_longer_set_leaves_nothing"
set_domain ''
sign_in_by_cookie --header "Cookie: $old_site"
[[ -z $site_cookie ]] || fail "there is a site cookie"
[[ $(list_cleared_domains) == "- accounts.example.test example.test " ]] ||
    fail "it takes back: $(list_cleared_domains)"
call POST /api/logout/ --header "Cookie: $access_cookie" --header "Origin: $origin"
[[ $(list_cleared_domains) == "- accounts.example.test example.test " ]] ||
    fail "it takes back: $(list_cleared_domains)"

it "bad_cookies_of_our_names_lock_nobody_out"
sign_in_by_cookie
for name in __Host-csauth __Secure-csauth-refresh __Secure-csauth-site __Secure-csauth-device; do
    bad="${bad-}$name=tossed; $name=a.b.c; "
done
call GET /api/me/ --header "Cookie: $bad$access_cookie"
expect_status 200
is_let_in "$bad$access_cookie" || fail "status $status"
call POST /api/token/refresh/ --header "Cookie: $bad$refresh_cookie" --header "Origin: $origin"
expect_status 200
call POST /api/logout/ --header "Cookie: $bad$access_cookie" --header "Origin: $origin"
expect_status 204

finish
