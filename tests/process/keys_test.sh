#!/bin/bash
# Key rings: bad ones are refused at the start; good ones are followed while the service runs.
source "$(dirname "$0")/../lib.sh"

read_kid() { cut -d. -f1 <<<"$1" | tr '_-' '/+' | base64 -d 2>/dev/null | jq -r .kid; }
signs() { sign_in keys-ann && [[ $(read_kid "$access") == "$1" ]]; }
is_refused() { for _ in 1 2 3 4; do get_me "$before"; [[ $status == 401 ]] || return 1; done; }
is_logged() { log_has '"event":"keys_not_followed"'; }

expect_bad_key() { # TEXT MODE REASON
    chmod 600 "$file"
    printf '%s\n' "$1" >"$file"
    chmod "$2" "$file"
    CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" -t >"$work/out" 2>&1 && fail "it starts: $3"
    grep -q "$3" "$work/out" || fail "it says: $(cat "$work/out")"
}

encode_base64url() { printf '%s' "$1" | base64 -w0 | tr '+/' '-_' | tr -d =; }

start_own_stack keys CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=2
make_user keys-ann

it "keeps keys in files that nobody else reads"
for ring in access refresh site device seal audit; do
    [[ $(stat -c %a "$VAR/keys/$ring"/*.key) == 400 ]] || fail "the key of $ring is open"
done
[[ $(run_ctl --json key list | jq 'length == 6 and all(.active)') == true ]] ||
    fail "the list is another: $(run_ctl key list)"

it "adds, activates and retires a key without a restart and without signing anybody out"
old=$(read_kid "$access")
fresh=$(run_ctl key add access) || fail "no key was added"
[[ $(stat -c %a "$VAR/keys/access/$fresh.key") == 400 ]] || fail "the key is open"
before=$access
signs "$old" || fail "an added key signs at once"
run_ctl key activate access "$fresh" || fail "it can't be activated"
wait_until 5 signs "$fresh" || fail "the workers do not follow"
for _ in 1 2 3 4; do
    get_me "$before"
    expect_status 200
    get_me
    expect_status 200
done
run_ctl key retire access "$fresh" --yes >/dev/null 2>&1 && fail "the key that signs can be retired"
run_ctl key retire access "$old" </dev/null >/dev/null 2>&1 && fail "it does not ask"
run_ctl --yes key retire access "$old" || fail "it can't be retired"
wait_until 5 is_refused || fail "a retired key still verifies"
expect_problem 401 invalid_token
get_me
expect_status 200
log_has '"event":"keys_followed"' || fail "the log does not know"

it "keeps the keys that it has when those on disk are broken"
active=$VAR/keys/refresh/active
mv "$active" "$active.away"
wait_until 5 is_logged || { get_me; wait_until 5 is_logged; } || fail "the log does not tell"
post /api/token/refresh/ "{\"refresh\":\"$refresh\"}"
expect_status 200
mv "$active.away" "$active"

it "knows what it is not asked to do"
for bad in "key add nonsense" "key add audiences/UPPER" "key add ../evil" "key activate access nonsense" \
    "key activate nonsense x" "key retire access ../../x --yes"; do
    # shellcheck disable=SC2086
    run_ctl $bad >/dev/null 2>&1 && fail "'$bad' did something"
done
[[ ! -e $VAR/keys/nonsense && ! -e $VAR/keys/audiences && ! -e $VAR/evil ]] || fail "it made something"

it "refuses to start with a key that is short, open to everybody, or known to the world"
file=$(ls "$VAR"/keys/site/*.key)
good=$(cat "$file")
expect_bad_key "$(encode_base64url 'only 31 bytes are in this key..')" 400 "is shorter than 32 bytes"
expect_bad_key "$good" 444 "is open to everybody"
expect_bad_key "$(encode_base64url "$(sed -n 900p src/foundation/crypto/known_secrets.txt)")" 400 \
    "is one that the world knows"
expect_bad_key "not base64url!" 400 "is not a key"
expect_bad_key "" 400 "is shorter than 32 bytes"
chmod 600 "$file"
printf '%s\n' "$good" >"$file"
chmod 400 "$file"
CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" -t >"$work/out" 2>&1 ||
    fail "the good key is refused: $(cat "$work/out")"
mkdir -p "$VAR/keys/audiences/Not Good"
CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" -t >"$work/out" 2>&1 && fail "an audience may be called anything"
rm -r "$VAR/keys/audiences"

finish
