#!/bin/bash
# docs/use/verify-tokens.md: keys in every form, and its examples as they are printed there, with good tokens and with
# bad ones.
source "$(dirname "$0")/../lib.sh"

# print_example LANGUAGE: the first block of that language on the page.
print_example() { awk -v fence="\`\`\`$1" '/^```/ { if (inside) exit; inside = $0 == fence; next } inside' "$page"; }
run_ctl() { "$BUILD/csauthctl" "$@" 2>"$work/ctl.err"; } # there is no database: the audit log does not hear of it

# make_token [CLAIMS [HEADER [KEY-IN-HEX]]]: a token for billing, with other claims and members of the header, as JSON
# objects.
make_token() {
    /usr/bin/python3 - "${3-$hex}" "$kid" "${1-{\}}" "${2-{\}}" <<'PYTHON'
import base64, hashlib, hmac, json, sys, time
key, kid, claims, header = sys.argv[1:]
now = int(time.time())
encode = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=")
header = {"alg": "HS256", "typ": "JWT", "kid": kid, **json.loads(header)}
claims = {"iss": "csauth", "aud": "billing", "sub": "01a2077f-f7e3-770e-82c5-3b481186709f", "token_type": "access",
          "iat": now, "nbf": now, "exp": now + 600, "username": "ann", "email_verified": True, **json.loads(claims)}
signed = b".".join(encode(json.dumps(part).encode()) for part in (header, claims))
print((signed + b"." + encode(hmac.digest(bytes.fromhex(key), signed, hashlib.sha256))).decode())
PYTHON
}

# verify_all NAME COMMAND…: COMMAND TOKEN says whether the token is good.
verify_all() {
    local name=$1 one
    shift
    for one in "${good[@]}"; do
        "$@" "$one" >"$work/out" 2>&1 || fail "$name refuses a good token: $(tail -n 2 "$work/out")"
    done
    for one in "${bad[@]}"; do "$@" "$one" >"$work/out" 2>&1 && fail "$name takes $one"; done
}

verify_by_php() { php "$work/verify.php" "$1" "$directory"; }
verify_by_python() { KEYS=$directory /usr/bin/python3 "$work/verify.py" "$1"; }
answers() { [[ $(curl --silent --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:$port/") != 000 ]]; }

verify_by_haproxy() {
    [[ $(curl --silent --output /dev/null --write-out '%{http_code}' --header "Authorization: Bearer $1" \
        "http://127.0.0.1:$port/") == 204 ]]
}

page=docs/use/verify-tokens.md

export CSAUTH_CONFIG=$work/csauth.ini
mkdir -p "$work/keys"
printf '[keys]\ndir = %s/keys\n' "$work" >"$CSAUTH_CONFIG"
run_ctl key add audiences/billing >/dev/null || fail "there is no audience: $(cat "$work/ctl.err")"
directory=$work/keys/audiences/billing
kid=$(cat "$directory/active")
text=$(cat "$directory/$kid.key")
hex=$(/usr/bin/python3 -c 'import base64,sys; print(base64.urlsafe_b64decode(sys.argv[1] + "=").hex())' "$text")

now=$(date +%s)
good=("$(make_token)" "$(make_token "{\"nbf\": $((now + 20))}")")
bad=("$(make_token '{"aud": "printer"}')" "$(make_token '{"iss": "other"}')" "$(make_token '{"token_type": "refresh"}')"
    "$(make_token '{"email_verified": false}')" "$(make_token "{\"exp\": $((now - 60))}")"
    "$(make_token '{}' '{"kid": "other"}')"
    "$(make_token '{}' '{"alg": "none"}')" "$(make_token '{}' '{"kid": "../active"}')" \
        "$(make_token '{}' '{}' "$(printf '%s' "$text" | od -An -vtx1 | tr -d ' \n')")"
    "$(make_token)x" "a.b.c" "nonsense")

it "key_is_shown_in_every_form"
[[ $(run_ctl key show audiences/billing --hex) == "$kid $hex" ]] ||
    fail "hex: $(run_ctl key show audiences/billing --hex)"
[[ $(run_ctl key show audiences/billing --hex --id "$kid") == "$hex" ]] ||
    fail "hex of one: $(run_ctl key show audiences/billing --hex --id "$kid")"
run_ctl key show audiences/billing --base64 --id "$kid" | openssl base64 -d >"$work/from_base64"
run_ctl key show audiences/billing --raw >"$work/raw"
cmp "$work/raw" "$work/from_base64" || fail "base64 and raw differ"
[[ $(od -An -vtx1 "$work/raw" | tr -d ' \n') == "$hex" ]] || fail "raw is another"
jwk="{\"kty\":\"oct\",\"kid\":\"$kid\",\"alg\":\"HS256\",\"use\":\"sig\",\"k\":\"$text\"}"
[[ $(run_ctl key show audiences/billing --jwk | jq -c .) == "{\"keys\":[$jwk]}" ]] ||
    fail "the set: $(run_ctl key show audiences/billing --jwk)"
[[ $(run_ctl key show audiences/billing --jwk --id "$kid" | jq -r .k) == "$text" ]] ||
    fail "one JWK: $(run_ctl key show audiences/billing --jwk --id "$kid")"
expected=$(printf 'csauth client secret' | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$hex" -binary |
    openssl base64 -A | tr '+/' '-_' | tr -d '=')
[[ $(run_ctl key show audiences/billing --client-secret --id "$kid") == "$expected" ]] ||
    fail "the client secret is another"

it "several_keys_are_all_shown"
newer=$(run_ctl key add audiences/billing)
[[ $(run_ctl key show audiences/billing --base64 | cut -d' ' -f1 |
    sort) == "$(printf '%s\n' "$kid" "$newer" | sort)" ]] ||
    fail "not both"
[[ $(run_ctl key show audiences/billing --jwk | jq '.keys | length') == 2 ]] || fail "the set has not both"
run_ctl key show audiences/billing --raw >"$work/out" && fail "raw shows one of two keys"
grep -q -- '--id' "$work/ctl.err" || fail "it says: $(cat "$work/ctl.err")"
[[ ! -s $work/out ]] || fail "it prints something"
run_ctl key show audiences/billing --raw --id "$newer" | cmp - "$work/raw" >/dev/null && fail "it is the other key"

it "no_other_key_is_shown"
run_ctl key init >/dev/null || fail "there are no keys: $(cat "$work/ctl.err")"
for ring in access refresh seal audit audiences audiences/ audiences/../access ../x "audiences/billing/../../access"; do
    run_ctl key show "$ring" --hex >"$work/out" && fail "$ring is shown"
    [[ ! -s $work/out ]] || fail "$ring prints something"
    grep -q 'audiences/NAME' "$work/ctl.err" || fail "$ring: it says $(cat "$work/ctl.err")"
done
for bad_call in "audiences/nothing --hex" "audiences/billing --hex --id nothing" "audiences/billing" \
    "audiences/billing --hex --jwk" "audiences/billing --id $kid"; do
    # shellcheck disable=SC2086
    run_ctl key show $bad_call >"$work/out" && fail "'$bad_call' shows something"
    [[ ! -s $work/out && -s $work/ctl.err ]] || fail "'$bad_call': $(cat "$work/out" "$work/ctl.err")"
done
mkdir "$work/keys/audiences/linked"
cp "$directory/active" "$work/keys/audiences/linked/"
ln -s "$work/keys/access/$(cat "$work/keys/access/active").key" "$work/keys/audiences/linked/$kid.key"
run_ctl key show audiences/linked --hex >"$work/out" && fail "a link is followed"
[[ ! -s $work/out ]] || fail "a link's key is printed"
rm -r "$work/keys/audiences/linked"

it "name_that_no_audience_can_have_is_explained"
for name in API https://api.example.com -x "a b" "$(printf 'a%.0s' {1..65})"; do
    run_ctl key add "audiences/$name" >/dev/null && fail "$name is taken"
    grep -q "names are 1 to 64 of a-z, 0-9, '.', '_' and '-'" "$work/ctl.err" ||
        fail "$name: it says $(cat "$work/ctl.err")"
done
run_ctl key add "audiences/$(printf 'a%.0s' {1..64})" >/dev/null || fail "64 characters are too many"
run_ctl key add audiences/csauth >/dev/null && fail "our own audience is taken"
grep -q 'tokens.audience' "$work/ctl.err" || fail "it says $(cat "$work/ctl.err")"
CSAUTH_TOKENS_AUDIENCE=other run_ctl key add audiences/csauth >/dev/null ||
    fail "it is free if ours is another: $(cat "$work/ctl.err")"

if command -v php >/dev/null; then
    it "example_in_php_works"
    print_example php >"$work/verify.php"
    # shellcheck disable=SC2016 # for PHP
    printf '%s\n' 'error_reporting(E_ALL); exit(claims_of($argv[1], $argv[2]) === null ? 1 : 0);' >>"$work/verify.php"
    verify_all PHP verify_by_php
    verify_by_php "$(make_token '{}' '{"kid": null}')" >"$work/out" 2>&1 && fail "it takes a token without a kid"
    grep -qi 'warning\|notice\|fatal' "$work/out" && fail "it complains: $(cat "$work/out")"
fi

it "example_in_python_works"
if /usr/bin/python3 -c 'import jwt' 2>/dev/null; then
    print_example python >"$work/verify.py"
    printf 'import sys\nclaims_of(sys.argv[1])\n' >>"$work/verify.py"
    verify_all Python verify_by_python
else
    print_example python | /usr/bin/python3 -c 'import ast, sys; ast.parse(sys.stdin.read())' || fail "it is no Python"
fi

if command -v haproxy >/dev/null; then
    it "example_for_haproxy_works"
    port=$(find_free_port)
    hex=$(printf '%02x' {1..32}) # HAProxy 2.6 ends a key at its first zero byte
    {
        printf 'defaults\n    mode http\n'
        printf '    timeout %s 10s\n' client server connect
        printf 'frontend in\n    bind 127.0.0.1:%s\n' "$port"
        print_example haproxy | sed "s/HEX/$hex/; s/^/    /"
        printf '    http-request return status 204\n'
    } >"$work/haproxy.cfg"
    haproxy -f "$work/haproxy.cfg" >"$work/haproxy.out" 2>&1 &
    haproxy=$!
    trap 'kill "$haproxy" 2>/dev/null' EXIT
    wait_until 20 answers || fail "it does not start: $(cat "$work/haproxy.out")"
    good=("$(make_token)")
    bad=("$(make_token '{"aud": "printer"}')" "$(make_token '{"iss": "other"}')"
        "$(make_token '{"token_type": "refresh"}')" "$(make_token '{"email_verified": false}')"
        "$(make_token "{\"exp\": $((now - 60))}")" "$(make_token '{}' '{"alg": "none"}')"
        "$(make_token '{}' '{}' "$(printf '%02x' {2..33})")" "$(make_token)x" "nonsense")
    verify_all HAProxy verify_by_haproxy
fi

it "other_examples_name_what_must_be_checked"
for language in js go; do
    for word in HS256 billing csauth email_verified token_type kid; do
        print_example "$language" | finds "$word" || fail "the example in $language does not look at $word"
    done
done

finish
