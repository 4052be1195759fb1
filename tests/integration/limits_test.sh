#!/bin/bash
# nginx' limits, on a stack of its own that has them on.
source "$(dirname "$0")/../lib.sh"
own_stack limits CSAUTH_SERVER_API_WORKERS=1 CSAUTH_SERVER_HASH_WORKERS=1

# until_limited PATH: asks until 429 comes, at most 400 times; the number of tries is in $tries. A bucket refills while
# we ask, so how many get through depends on the machine: never fewer than the burst.
until_limited() {
    for ((tries = 1; tries <= 400; tries++)); do
        call POST "$1" '{}'
        [[ $status != 429 ]] || break
    done
    expect_problem 429 too_many_requests
}

it "slows the guessing of passwords down, with the time to wait"
until_limited /api/login/
((tries > 10)) || fail "the limit came after $tries tries"
until_limited /api/token

it "limits the other kinds by themselves"
call POST /api/register/ '{}'
expect_problem 422 validation_failed
until_limited /api/resend-verification/
((tries > 5)) || fail "the limit came after $tries tries"
until_limited /api/register/
((tries >= 10)) || fail "the limit came after $tries tries"

it "leaves everything else alone"
for _ in $(seq 50); do
    call GET /api/whoami/
    [[ $status == 200 ]] || fail "status $status"
done

it "logs no token that stood in a path"
call POST /api/verify-email/SECRETTOKENSECRETTOKENSECRETTOKENSECRETTOKE/ '{}'
grep -rq SECRETTOKEN "$VAR/log" && fail "a log holds the token"

finish
