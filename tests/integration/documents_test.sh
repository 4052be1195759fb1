#!/bin/bash
# The documents agree with what the service does.
source "$(dirname "$0")/../lib.sh"

render_site() {
    scripts/render_site --run /run --web /web --snippets /snippets --avatars /avatars --limits on \
        "$@" 'listen 127.0.0.1:1'
}

it "serves the OpenAPI document, which names every route and no other"
call GET /api/openapi.json
expect_status 200
expect_header Content-Type '^application/json'
jq -r '.paths | to_entries[] | .key as $path | .value | keys[] | select(. != "parameters")
    | "\(ascii_upcase) \($path)"' "$work/body" | sed 's,\(healthz\|readyz\|introspect\)$,\1/,' |
        sort >"$work/all_documented"
grep -v '^HEAD ' "$work/all_documented" >"$work/documented"
"$BUILD/describe" routes | cut -d' ' -f1,2 | sort >"$work/routes"
diff "$work/documented" "$work/routes" >"$work/diff" || fail "they differ: $(cat "$work/diff")"

it "documents_forms_for_the_given_routes_and_no_other"
jq -r '.paths | to_entries[] | .key as $path | .value | to_entries[] | select(.key != "parameters")
    | select((.value.requestBody.content // {}) | has("application/x-www-form-urlencoded")
    and has("multipart/form-data")) | "\(.key | ascii_upcase) \($path)"' "$work/body" | sort >"$work/documented"
"$BUILD/describe" given-routes | sort >"$work/routes"
diff "$work/documented" "$work/routes" >"$work/diff" || fail "they differ: $(cat "$work/diff")"
expect_json '.paths["/api/login/"].post.responses["422"]["$ref"] as $ref | .components.responses[$ref | split("/")
    | last].content | has("application/json") and has("application/problem+json")'

it "every_get_is_documented_with_its_head"
diff <(sed -n 's/^GET //p' "$work/all_documented") <(sed -n 's/^HEAD //p' "$work/all_documented") >"$work/diff" ||
    fail "they differ: $(cat "$work/diff")"
expect_json '[.paths[].head // empty | .responses[] | has("content")] | any | not'
expect_json '[.paths[] | .[] | objects | .operationId] | length == (unique | length)'

it "openapi_document_names_the_site_as_its_server"
call GET /api/openapi.json
expect_json ".servers == [{url: \"http://localhost:$PORT\", description: \"The host that serves this document.\"}]"
diff <(jq -S 'del(.servers)' "$work/body") <(jq -S 'del(.servers)' "$BUILD/web/api/openapi.json") >"$work/diff" ||
    fail "more than the server is changed: $(head "$work/diff")"
render_site --url https://auth.example.com:8443 | finds -F "'\"url\": \"https://auth.example.com:8443\"'" ||
    fail "the address is missing"
render_site | finds -F "'\"url\": \"/\"';" || fail "without --url the server is not /"
for url in auth.example.com https://auth.example.com/ \
    "https://auth.example.com'" 'https://$host' 'ftp://auth.example.com' ''; do
    render_site --url "$url" >/dev/null 2>&1 && fail "'$url' is taken"
done

it "openapi_document_has_what_generators_and_linters_need"
expect_json '[.paths[][] | objects | .responses[]? | objects | has("$ref")] | any' # refusals stay shared
expect_json '[.paths[][] | objects | .responses // {} | to_entries[] | select(.key | startswith("2")) | .value
    | has("$ref")] | any | not'
expect_json '.info | (.license.name != "" and .license.identifier != "" and .contact.name != "")'
expect_json '[.. | objects | select(.in? == "query" and .name? == "users") | .style == "form" and .explode == false
    and .schema.type == "array"] | length >= 3 and all'
expect_json '.paths["/api/me/avatar/"].put.requestBody.content | keys_unsorted[0] == "multipart/form-data"
    and ([.[].schema | has("$ref") or (.type == "string" and .format == "binary")] | all)'
expect_json '.components.schemas.AvatarForm.properties.avatar | .type == "string" and .format == "binary"'

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
    [[ $status != 421 && $status != 404 && $status != 405 && $status -lt 500 ]] ||
        fail "$method $path without its slash gave $status"
done < <("$BUILD/describe" routes)

it "serves the pages that mails link to, with nothing from elsewhere, each for a route that there is"
for page in verify-email reset-password confirm-email revert-email invitation verify-code; do
    call GET "/$page/"
    expect_status 200
    expect_header Content-Type '^text/html'
    expect_header Content-Security-Policy "default-src 'none'; script-src 'self'"
    grep -qE '(src|href)="(https?:)?//' "$work/body" && fail "/$page/ loads something from elsewhere"
    grep -qE 'src="/assets/(mail-link|verify-code).js"' "$work/body" || fail "/$page/ does nothing"
    while read -r path; do
        "$BUILD/describe" routes | finds "^POST $path " || fail "/$page/ sends to '$path'"
    done < <(sed -n 's/.*data-path="\([^"]*\)".*/\1/p' "$work/body")
    grep -q 'data-path=' "$work/body" || fail "/$page/ sends nothing"
done
it "every_page_fits_a_phone_and_shows_the_site"
for page in / /sign-in/ /sign-out/ /verify-email/ /verify-code/ /reset-password/ /confirm-email/ /revert-email/ \
    /invitation/ /problems/; do
    call GET "$page"
    expect_status 200
    grep -q '<meta name="viewport" content="width=device-width, initial-scale=1">' "$work/body" ||
        fail "$page has no viewport"
    grep -q '<p id="site"></p>' "$work/body" || fail "$page has no place for the name of the site"
    grep -q 'src="/assets/site.js"' "$work/body" || fail "$page does not ask for the name of the site"
done
call GET /problems/
grep -qF '`' "$work/body" && fail "it shows backticks"
grep -qF 'Wait for <code>Retry-After</code> seconds.' "$work/body" || fail "code does not look like code"

it "password_forms_ask_for_a_password_of_the_right_kind"
call GET /verify-email/
grep -q 'type="password" autocomplete="current-password"' "$work/body" || fail "the password field is not one"
call GET /reset-password/
grep -q 'type="password" autocomplete="new-password"' "$work/body" || fail "the password field is not one"
call GET /assets/mail-link.js
expect_status 200

finish
