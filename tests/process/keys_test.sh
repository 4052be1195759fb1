#!/bin/bash
# Key rings: bad ones are refused at the start; good ones are followed while the service runs.
source "$(dirname "$0")/../lib.sh"

kid() { cut -d. -f1 <<<"$1" | tr '_-' '/+' | base64 -d 2>/dev/null | jq -r .kid; }
signs() { sign_in keys-ann && [[ $(kid "$access") == "$1" ]]; }
refused() { for _ in 1 2 3 4; do me "$before"; [[ $status == 401 ]] || return 1; done; }
told() { log_has '"event":"keys_not_followed"'; }

try() { # TEXT MODE REASON
    chmod 600 "$file"
    printf '%s\n' "$1" >"$file"
    chmod "$2" "$file"
    CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" -t >"$work/out" 2>&1 && fail "it starts: $3"
    grep -q "$3" "$work/out" || fail "it says: $(cat "$work/out")"
}

base64url() { printf '%s' "$1" | base64 -w0 | tr '+/' '-_' | tr -d =; }

own_stack keys CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=2
new_user keys-ann

it "keeps keys in files that nobody else reads"
for ring in access refresh site device seal audit; do
    [[ $(stat -c %a "$VAR/keys/$ring"/*.key) == 400 ]] || fail "the key of $ring is open"
done
[[ $(ctl --json key list | jq 'length == 6 and all(.active)') == true ]] || fail "the list is another: $(ctl key list)"

it "adds, activates and retires a key without a restart and without signing anybody out"
old=$(kid "$access")
fresh=$(ctl key add access) || fail "no key was added"
[[ $(stat -c %a "$VAR/keys/access/$fresh.key") == 400 ]] || fail "the key is open"
before=$access
signs "$old" || fail "an added key signs at once"
ctl key activate access "$fresh" || fail "it can't be activated"
wait_until 5 signs "$fresh" || fail "the workers do not follow"
for _ in 1 2 3 4; do
    me "$before"
    expect_status 200
    me
    expect_status 200
done
ctl key retire access "$fresh" --yes >/dev/null 2>&1 && fail "the key that signs can be retired"
ctl key retire access "$old" </dev/null >/dev/null 2>&1 && fail "it does not ask"
ctl --yes key retire access "$old" || fail "it can't be retired"
wait_until 5 refused || fail "a retired key still verifies"
expect_problem 401 invalid_token
me
expect_status 200
log_has '"event":"keys_followed"' || fail "the log does not know"

it "keeps the keys that it has when those on disk are broken"
active=$VAR/keys/refresh/active
mv "$active" "$active.away"
wait_until 5 told || { me; wait_until 5 told; } || fail "the log does not tell"
post /api/token/refresh/ "{\"refresh\":\"$refresh\"}"
expect_status 200
mv "$active.away" "$active"

it "knows what it is not asked to do"
for bad in "key add nonsense" "key add audiences/UPPER" "key add ../evil" "key activate access nonsense" \
    "key activate nonsense x" "key retire access ../../x --yes"; do
    # shellcheck disable=SC2086
    ctl $bad >/dev/null 2>&1 && fail "'$bad' did something"
done
[[ ! -e $VAR/keys/nonsense && ! -e $VAR/keys/audiences && ! -e $VAR/evil ]] || fail "it made something"

it "refuses to start with a key that is short, open to everybody, or known to the world"
file=$(ls "$VAR"/keys/site/*.key)
good=$(cat "$file")
try "$(base64url 'only 31 bytes are in this key..')" 400 "is shorter than 32 bytes"
try "$good" 444 "is open to everybody"
try "$(base64url "$(sed -n 900p src/foundation/crypto/known_secrets.txt)")" 400 "is one that the world knows"
try "not base64url!" 400 "is not a key"
try "" 400 "is shorter than 32 bytes"
chmod 600 "$file"
printf '%s\n' "$good" >"$file"
chmod 400 "$file"
CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" -t >"$work/out" 2>&1 ||
    fail "the good key is refused: $(cat "$work/out")"
mkdir -p "$VAR/keys/audiences/Not Good"
CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthd" -t >"$work/out" 2>&1 && fail "an audience may be called anything"
rm -r "$VAR/keys/audiences"

finish
