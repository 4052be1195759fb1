#!/bin/bash
# What stands in documents agrees with what the service does.
source "$(dirname "$0")/../lib.sh"

it "serves the OpenAPI document, which names every route and no other"
call GET /api/openapi.json
expect_status 200
expect_header Content-Type '^application/json'
jq -r '.paths | to_entries[] | .key as $path | .value | keys[] | select(. != "parameters") | "\(ascii_upcase) \($path)"' "$work/body" | sed 's,\(healthz\|readyz\)$,\1/,' | sort >"$work/documented"
"$BUILD/describe" routes | cut -d' ' -f1,2 | sort >"$work/routes"
diff "$work/documented" "$work/routes" >"$work/diff" || fail "they differ: $(cat "$work/diff")"

it "lists every error code in the OpenAPI document and on the page of problems"
for code in $("$BUILD/describe" errors | sed -n 's/^| `\([a-z_]*\)` .*/\1/p'); do
    grep -q "\"$code\"" "$work/body" || fail "$code is missing in the OpenAPI document"
    call GET "/problems/$code"
    expect_status 200
    grep -q "id=\"$code\"" "$work/body" || fail "$code is missing on the page"
    call GET /api/openapi.json
done

it "sends each route to the pool that serves it"
while read -r method path _; do
    call "$method" "${path//\{token\}/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA}"
    [[ $status != 421 && $status != 404 && $status != 405 && $status -lt 500 ]] || fail "$method $path gave $status"
    path=${path%/}
    call "$method" "${path/\{token\}/x}"
    [[ $status != 421 && $status != 404 && $status != 405 && $status -lt 500 ]] || fail "$method $path without its slash gave $status"
done < <("$BUILD/describe" routes)

it "serves the page that a mail links to, with nothing from elsewhere"
call GET /verify-email/
expect_status 200
expect_header Content-Type '^text/html'
grep -qE '(src|href)="(https?:)?//' "$work/body" && fail "the page loads something from elsewhere"
grep -q 'type="password" autocomplete="current-password"' "$work/body" || fail "the password field is not one"
call GET /assets/mail-link.js
expect_status 200

finish
