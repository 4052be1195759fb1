#!/bin/bash
# nginx' limits and the service's own, on a stack that has them on.
source "$(dirname "$0")/../lib.sh"

# call_until_limited METHOD PATH BODY: asks until 429 comes, at most 400 times; the number of tries is in $tries.
# Buckets refill while we ask, so how many get through depends on the machine: never fewer than the burst.
call_until_limited() {
    for ((tries = 1; tries <= 400; tries++)); do
        call "$1" "$2" "$3" --header "Authorization: Bearer $access"
        [[ $status != 429 ]] || break
    done
    expect_problem 429 too_many_requests
}

is_by_service() { [[ $(read_answer .detail) == "Too many attempts." ]]; }

# guess_until_waiting COMMAND…: guesses until it has to wait, at most twelve times. On a slow machine a wait may be over
# before the next guess.
guess_until_waiting() {
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
        "$@"
        [[ $status != 429 ]] || break
    done
    expect_problem 429 too_many_requests
    is_by_service || fail "it was not the service"
}

count_failures() { query "SELECT COUNT(*) FROM audit_log WHERE action = 'authn_login_fail'"; }
is_let_in() { try_password limits-ann@example.com "$password"; [[ $status == 200 ]]; }
change_bio() { call PATCH /api/me/ "{\"bio\":\"$1\"}" --header "Authorization: Bearer $owner"; }

change_until_limited() {
    for ((number = 31; number <= 60; number++)); do
        change_bio "$number"
        [[ $status != 429 ]] || break
    done
    expect_problem 429 too_many_requests
    is_by_service || fail "it was not the service"
}

guess_as_stranger() {
    call POST /api/login/ '{"email":"limits-nobody@example.com","password":"not the password"}' --interface 127.0.0.3
}

# print_check_statuses N [curl arguments…]: the statuses of N token checks, each once.
print_check_statuses() {
    local count=$1
    shift
    for _ in $(seq "$count"); do
        print_request /api/token/verify/ '{"token":"x"}'
        (($# == 0)) || printf '%s\n' "$@"
    done | sed 1d | curl --config - | sort -u | tr '\n' ' '
}

render_site() {
    scripts/render_site --run /run --web /web --snippets /snippets --avatars /avatars --limits on \
        "$@" 'listen 127.0.0.1:1'
}

is_named() {
    [[ $(print_check_statuses 150 'header = "X-Forwarded-For: 192.0.2.1"' 'interface = "127.0.0.9"') == "401 " ]]
}

guess_for_survivor() {
    call POST /api/login/ '{"email":"limits-survivor@example.com","password":"not the password"}' \
        --interface "127.0.0.${from:-5}"
}

try_password() { post /api/login/ "{\"email\":\"$1\",\"password\":\"$2\"}"; }

start_own_stack limits CSAUTH_SERVER_API_WORKERS=1 CSAUTH_SERVER_HASH_WORKERS=2

register limits-ann
wait_for_mail_token limits-ann@example.com >"$work/token"
query "UPDATE users SET verified_at = NOW(6)"

it "counts guesses at one account by every spelling and way, before any hash, and says how long to wait"
for who in limits-ann@example.com LIMITS-ANN@EXAMPLE.COM Limits-Ann@example.com limits-ann@Example.Com; do
    try_password "$who" "not the password"
    expect_problem 401 invalid_credentials
done
post /api/token/ '{"username":"Limits-Ann","password":"not the password"}'
expect_problem 401 invalid_credentials
guess_until_waiting try_password limits-ann@example.com "not the password"
before=$(count_failures)
(($(read_header Retry-After) >= 1)) || fail "Retry-After is $(read_header Retry-After)"
try_password limits-ann@example.com "$password"
[[ $status == 429 && $(count_failures) == "$before" ]] || [[ $status == 200 ]] ||
    fail "a guess was made that had to wait"

it "lets the owner in after the wait"
wait_until 10 is_let_in || fail "the owner stayed locked out: $status"

it "counts changes of a profile"
owner=$(read_answer .tokens.access)
for ((number = 1; number <= 30; number++)); do
    change_bio "$number"
    [[ $status == 200 ]] || fail "change $number: $status"
done
change_until_limited

it "waits the same for an account that is not there"
for _ in 1 2 3 4 5; do
    guess_as_stranger
    expect_problem 401 invalid_credentials
done
guess_until_waiting guess_as_stranger
(($(read_header Retry-After) >= 1)) || fail "Retry-After is $(read_header Retry-After)"

it "counts an address for all its accounts, and not what succeeds"
for number in 1 2 3 4 5 6 7 8 9 10; do
    call POST /api/login/ "{\"email\":\"limits-ann@example.com\",\"password\":\"$password\"}" --interface 127.0.0.4
    expect_status 200
done
for number in 1 2 3 4 5 6 7 8 9 10 11 12 13; do
    call POST /api/login/ "{\"email\":\"limits-$number@example.com\",\"password\":\"not the password\"}" \
        --interface 127.0.0.4
    [[ $status == 401 ]] || break
done
expect_problem 429 too_many_requests
is_by_service || fail "it was not the service"
((number >= 11)) || fail "it came after $number guesses"

it "is not fooled by headers about where a request comes from"
for header in "X-Forwarded-For: 198.51.100.7" "X-Real-IP: 198.51.100.8" "Forwarded: for=198.51.100.9" \
    "X-Forwarded-For: ::ffff:1.2.3.4"; do
    call POST /api/login/ '{"email":"limits-12@example.com","password":"not the password"}' --header "$header" \
        --interface 127.0.0.4
    expect_problem 429 too_many_requests
done

it "slows down every route that guesses or that costs something"
access=AAAA
routes=0
while read -r method path _ limit; do
    # those count whom they know
    [[ $limit != none && $limit != upload && $limit != profile && $limit != exports && $limit != check ]] || continue
    call_until_limited "$method" "${path/\{token\}/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA}" '{}'
    [[ $status == 429 ]] || fail "$method $path was never limited"
    routes=$((routes + 1))
done < <("$BUILD/describe" routes)
((routes >= 12)) || fail "only $routes routes have a limit"

it "token_checks_of_this_machine_are_not_limited"
[[ $(print_check_statuses 450) == "401 " ]] || fail "it answers $(print_check_statuses 450)"

it "token_checks_of_strangers_are_limited"
for header in "X-Forwarded-For: 127.0.0.1" "Forwarded: for=127.0.0.1" "Via: 1.1 proxy"; do
    [[ $(print_check_statuses 450 "header = \"$header\"") == *"429 " ]] || fail "$header: nothing is limited"
done

it "token_checks_of_named_networks_are_not_limited"
render_site --services 10.0.0.0/24 --services 2001:db8::/32 >"$work/site.conf" || fail "the networks are refused"
for network in 10.0.0.0/24 2001:db8::/32; do
    grep -qxF "    $network service;" "$work/site.conf" || fail "$network is missing"
done
for network in 'example.com' '10.0.0.0/24;' '10.0.0.0/24 x' ''; do
    render_site --services "$network" >/dev/null 2>&1 && fail "'$network' is taken"
done
render_site >"$work/site.conf"
grep -q '@SERVICES@\| service;' "$work/site.conf" && fail "there are networks that nobody named"
sed "s/^    ::1 local;/    ::1 local;\n    127.0.0.9 service;/" "$VAR/nginx/site.conf" >"$work/site.conf"
cp "$work/site.conf" "$VAR/nginx/site.conf"
kill -HUP "$(read_pid "$(find_run_dir)/nginx.process")"
wait_until 20 is_named || fail "a named network is limited"
[[ $(print_check_statuses 450 'header = "X-Forwarded-For: 192.0.2.1"' 'interface = "127.0.0.9"') == "401 " ]] ||
    fail "a named network is limited"

it "leaves everything else alone"
for _ in $(seq 50); do
    call GET /api/whoami/
    [[ $status == 200 ]] || fail "status $status"
done

it "forgets no counter when it is reloaded"
for _ in 1 2 3 4 5 6 7 8; do
    guess_for_survivor
    from=6
    while [[ $status == 429 ]] && (($(read_header Retry-After) < 8)); do
        sleep "$(read_header Retry-After)"
        guess_for_survivor
    done
    [[ $status != 429 ]] || break
done
kill -HUP "$(cat "$(find_run_dir)/csauthd.pid")"
wait_until 30 log_has '"event":"reloaded"' || fail "it did not reload"
from=7
guess_until_waiting guess_for_survivor
(($(read_header Retry-After) >= 2)) || fail "Retry-After is $(read_header Retry-After)"

it "logs no token that stood in a path"
grep -rq AAAAAAAAAAAAAAAAAAAAA "$VAR/log" && fail "a log holds the token"

finish
