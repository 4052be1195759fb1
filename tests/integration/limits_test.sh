#!/bin/bash
# nginx' limits, on a stack of its own that has them on.
source "$(dirname "$0")/../lib.sh"
own_stack limits CSAUTH_SERVER_API_WORKERS=1 CSAUTH_SERVER_HASH_WORKERS=1

# How often PATH must be asked until 429 comes; at most 400 times.
until_limited() {
    local i
    for ((i = 1; i <= 400; i++)); do
        call POST "$1" "$2"
        [[ $status != 429 ]] || { echo "$i"; return; }
    done
    echo never
}

it "slows the guessing of passwords down, with the time to wait"
[[ $(until_limited /api/login/ '{}') =~ ^1[0-9]$ ]] || fail "the limit did not come where it should"
call POST /api/login/ '{}'
expect_problem 429 too_many_requests
call POST /api/token '{}'
expect_problem 429 too_many_requests

it "limits the other kinds by themselves"
call POST /api/register/ '{}'
expect_problem 422 validation_failed
[[ $(until_limited /api/resend-verification/ '{}') =~ ^[5-9]$ ]] || fail "the limit of mail did not come where it should"
[[ $(until_limited /api/register/ '{}') =~ ^1[0-9]$ ]] || fail "the limit of registrations did not come where it should"

it "leaves everything else alone"
for _ in $(seq 50); do
    call GET /api/whoami/
    [[ $status == 200 ]] || fail "status $status"
done

it "logs no token that stood in a path"
call POST /api/verify-email/SECRETTOKENSECRETTOKENSECRETTOKENSECRETTOKE/ '{}'
grep -rq SECRETTOKEN "$VAR/log" && fail "a log holds the token"

finish
