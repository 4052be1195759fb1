#!/bin/bash
# Generates clients from the OpenAPI document, compiles each under `tsc --strict`, and has each do what an app does,
# against a stack of its own. Lints the document, too. The generators come from npm: package-lock.json says which.
#   tests/clients/run.sh BUILD
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
BUILD=$(realpath "$1")
source scripts/lib.sh
use_plain_surroundings
TEST_DIR=$(mktemp -d "${TMPDIR:-/tmp}/csauth-clients-XXXXXX")
export BUILD TEST_DIR
source tests/lib.sh
stop_all() {
    stop_own_stacks
    rm -rf "$TEST_DIR"
}
print_report() {
    end_case
    echo "$good_cases passed, $bad_cases failed"
    ((bad_cases == 0))
    exit
}

clients=build/clients

# run_in_clients COMMAND…: one of the installed programs. What it says is in $work/said, and shown only when it fails.
run_in_clients() {
    (cd "$clients" && REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true "./node_modules/.bin/$1" "${@:2}") \
        </dev/null >"$work/said" 2>&1 && return
    fail "$*"
    head -n 60 "$work/said"
    return 1
}

node -e 'const [major, minor] = process.versions.node.split(".");
    process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)' ||
    { echo "The generators need Node 20.19 or later, and this machine has $(node --version)."; exit 69; }

it "generators_are_installed_as_locked"
mkdir -p "$clients"
if ! cmp -s tests/clients/package-lock.json "$clients/installed.json"; then
    rm -f "$clients/installed.json"
    cp tests/clients/package.json tests/clients/package-lock.json "$clients/"
    (cd "$clients" && npm ci --ignore-scripts --no-audit --no-fund) || { fail "npm ci"; print_report; }
    cp tests/clients/package-lock.json "$clients/installed.json"
fi
rm -rf "$clients"/{walks,generated,built}
mkdir "$clients/generated"
cp -r tests/clients/{walks,tsconfig.json,orval.config.cjs,redocly.yaml,.spectral.yaml} "$clients/"

trap stop_all EXIT
start_own_stack clients CSAUTH_LIMITS_ENABLED=off
trap stop_all EXIT # start_own_stack has set its own

it "document_names_its_own_server"
call GET /api/openapi.json
expect_status 200
expect_json ".servers[0].url == \"http://localhost:$PORT\""
mv "$work/body" "$clients/generated/openapi.json"

it "linters_have_no_findings"
# Their rules want a server that is not on this machine.
jq '.servers[0].url = "https://accounts.collabsphere.net"' "$clients/generated/openapi.json" \
    >"$clients/generated/linted.json"
if run_in_clients redocly lint generated/linted.json --config redocly.yaml --format json; then
    warnings=$(sed -nE 's/.*"warnings": *([0-9]+).*/\1/p' "$work/said")
    [[ $warnings == 0 ]] || fail "redocly: $(head -n 60 "$work/said")"
fi
run_in_clients spectral lint generated/linted.json --ruleset .spectral.yaml --fail-severity hint

it "clients_are_generated"
document=./generated/openapi.json # hey-api takes a path without ./ for the name of a project
run_in_clients openapi-typescript "$document" --output generated/openapi-typescript/schema.ts
run_in_clients openapi-ts --input "$document" --output generated/hey-api \
    --plugins @hey-api/client-fetch @hey-api/typescript @hey-api/sdk
run_in_clients orval --config orval.config.cjs
run_in_clients swagger-typescript-api generate --path "$document" \
    --output generated/swagger-typescript-api --name api.ts

it "generated_clients_compile_strictly"
run_in_clients tsc --project . || print_report

# One pixel.
base64 --decode >"$work/picture.png" \
    <<<iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
for client in openapi-typescript hey-api orval swagger-typescript-api; do
    it "walk_of_${client}_succeeds"
    CSAUTH_CONFIG=$VAR/csauth.ini PICTURE=$work/picture.png timeout 120 node "$clients/built/walks/$client.js" \
        >"$work/said" 2>&1 </dev/null ||
        fail "$client: $(head -n 40 "$work/said")"
done
print_report
