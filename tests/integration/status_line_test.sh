#!/bin/bash
# A strict parser takes every answer: RFC 9112 wants a space after the status code, and clients want a reason phrase.
source "$(dirname "$0")/../lib.sh"

it "strict_parser_takes_the_answer_of_every_route"
"$BUILD/describe" routes | while read -r method path _; do echo "$method ${path//[{\}]/x}"; done >"$work/requests"
{
    echo 'GET /api/whoami/'
    echo 'POST /api/login/ {"email":"nobody@example.com","password":"wrong password"}'
    echo 'POST /api/login/ {'
    echo 'POST /api/password/forgot/ {"email":"nobody@example.com"}'
    echo "POST /api/register/ {\"email\":\"strict@example.com\",\"username\":\"strict-ann\",\"password\":\"$password\"}"
    echo "POST /api/register/ {\"email\":\"strict@example.com\",\"username\":\"strict-ann\",\"password\":\"$password\"}"
    echo 'GET /nothing'
    echo 'TRACE /api/me/'
    echo 'GET /sign-in'
    echo 'GET /sign-in/'
} >>"$work/requests"
tests/tools/status_lines.py "$PORT" <"$work/requests" >"$work/verdicts"
paste -d' ' "$work/verdicts" "$work/requests" | grep -vE '^[0-9]{3} ' >"$work/bad"
[[ ! -s $work/bad ]] || fail "$(cat "$work/bad")"
[[ $(wc -l <"$work/verdicts") == "$(wc -l <"$work/requests")" ]] || fail "it broke off"
for status in 200 201 301 400 401 403 404 405 409 415 422; do
    grep -q "^$status\$" "$work/verdicts" || fail "no answer had status $status"
done

finish
