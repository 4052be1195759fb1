#!/bin/bash
# Five kinds of token, shown to five who take tokens, for two people: each is taken where it belongs, for its owner,
# and nowhere else.
source "$(dirname "$0")/../lib.sh"

# Each says whose token it took, by the person's id; nothing when it took none.
taken_by_access() { me "$1" && [[ $status == 200 ]] && answer .id; }

taken_by_refresh() {
    post /api/token/refresh/ "{\"refresh\":\"$1\"}"
    [[ $status == 200 ]] || return
    me "$(answer .access)" && answer .id
}

taken_by_outside() { tests/tools/check_jwt.py "$1" "$shop_key" shop 2>/dev/null | jq -r .sub; }

# A device key is taken when its device is known again: by whom, the row says.
taken_by_device() {
    local person
    for person in ann bob; do
        call POST /api/login/ "$(jq -n --arg email "matrix-$person@example.com" --arg password "$password" --arg key "$1" '{$email, $password, device_key: $key}')"
        [[ $status == 200 && $(answer .session.device.key) == "$1" ]] && answer .user.id
    done
}

taken_by_reset() {
    local person fresh="other words $RANDOM $RANDOM"
    post /api/password/reset/ "{\"token\":\"$1\",\"new_password\":\"$fresh\"}"
    [[ $status == 204 ]] || return
    for person in ann bob; do
        sign_in "matrix-$person" "$fresh"
        [[ $status == 200 ]] && answer .user.id
    done
}

cookie_value() { tr -d '\r' <"$work/headers" | sed -n "s/^Set-Cookie: $1=\([^;]*\);.*/\1/Ip"; }
minted() { post /api/token/refresh/ "{\"refresh\":\"$first\",\"audience\":\"shop\"}" && [[ $status == 200 ]]; }

origin=http://localhost:$PORT
[[ -d $VAR/keys/audiences/shop ]] || ctl key add audiences/shop >/dev/null || fail "there is no audience"
shop_key=$(cat "$VAR"/keys/audiences/shop/*.key)

declare -A token owner_id
for person in ann bob; do
    new_user "matrix-$person"
    call POST /api/login/ "{\"email\":\"matrix-$person@example.com\",\"password\":\"$password\"}"
    owner_id[$person]=$(answer .user.id)
    token[$person.access]=$(answer .tokens.access)
    token[$person.device]=$(answer .session.device.key)
    first=$(answer .tokens.refresh)
    wait_until 10 minted || fail "there is no token for the shop"
    token[$person.outside]=$(answer .access)
    token[$person.refresh]=$(answer .refresh)
    post /api/password/forgot/ "{\"email\":\"matrix-$person@example.com\"}"
    token[$person.reset]=$(mail_about "matrix-$person@example.com" password | token_in)
done

kinds="access refresh outside device reset"
it "takes each kind of token where it belongs, for its owner, and nowhere else"
cases=0
for person in ann bob; do
    for kind in $kinds; do
        # What a token belongs to comes last, as some are used up there.
        for consumer in $(tr ' ' '\n' <<<"$kinds" | grep -vx "$kind") "$kind"; do
            [[ $consumer == reset && $kind == reset ]] && continue
            expected=''
            [[ $consumer == "$kind" ]] && expected=${owner_id[$person]}
            taken=$("taken_by_$consumer" "${token[$person.$kind]}")
            [[ $taken == "$expected" ]] ||
                fail "$consumer took the $kind token of $person for '$taken' instead of '$expected'"
            cases=$((cases + 1))
        done
    done
done
# A reset ends all sessions of its owner: at the end, so that the others could be shown.
for person in ann bob; do
    [[ $(taken_by_reset "${token[$person.reset]}") == "${owner_id[$person]}" ]] || fail "the reset token of $person"
    [[ -z $(taken_by_reset "${token[$person.reset]}") ]] || fail "it is taken twice"
    cases=$((cases + 1))
done
[[ $cases == 50 ]] || fail "there were $cases cases"

it "takes the cookies where they belong too"
new_user matrix-cy
call POST /api/login/ "{\"email\":\"matrix-cy@example.com\",\"password\":\"$password\"}" \
    --header "X-Session-Mode: cookie"
access_value=$(cookie_value __Host-csauth) refresh_value=$(cookie_value __Secure-csauth-refresh) \
    device_value=$(cookie_value __Secure-csauth-device)
for value in "$refresh_value" "$device_value"; do
    call GET /api/me/ --header "Cookie: __Host-csauth=$value"
    expect_problem 401 invalid_token
    call GET /auth/verify --header "Cookie: __Host-csauth=$value"
    expect_status 401
done
for value in "$access_value" "$refresh_value" "$device_value"; do
    call GET /auth/verify --header "Cookie: __Secure-csauth-site=$value"
    expect_status 401
done
for value in "$access_value" "$device_value"; do
    call POST /api/token/refresh/ --header "Cookie: __Secure-csauth-refresh=$value" --header "Origin: $origin"
    expect_problem 401 invalid_token
done

finish
