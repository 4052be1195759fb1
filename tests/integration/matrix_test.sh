#!/bin/bash
# Five kinds of token, shown to five who take tokens, for two people: each is taken where it belongs, for its owner,
# and nowhere else.
source "$(dirname "$0")/../lib.sh"

# Each prints the ID of the user whose token it took, or an empty line if it took none.
take_by_access() { get_me "$1" && [[ $status == 200 ]] && read_answer .id; }

take_by_refresh() {
    post /api/token/refresh/ "{\"refresh\":\"$1\"}"
    [[ $status == 200 ]] || return
    get_me "$(read_answer .access)" && read_answer .id
}

take_by_outside() { tests/tools/check_jwt.py "$1" "$shop_key" shop 2>/dev/null | jq -r .sub; }

# A device key is taken when its device is known again: by whom, the row says.
take_by_device() {
    local person
    for person in ann bob; do
        call POST /api/login/ \
            "$(jq -n --arg email "matrix-$person@example.com" --arg password "$password" --arg key "$1" \
                '{$email, $password, device_key: $key}')"
        [[ $status == 200 && $(read_answer .session.device.key) == "$1" ]] && read_answer .user.id
    done
}

take_by_reset() {
    local person fresh="other words $RANDOM $RANDOM"
    post /api/password/reset/ "{\"token\":\"$1\",\"new_password\":\"$fresh\"}"
    [[ $status == 204 ]] || return
    for person in ann bob; do
        sign_in "matrix-$person" "$fresh"
        [[ $status == 200 ]] && read_answer .user.id
    done
}

read_cookie() { tr -d '\r' <"$work/headers" | sed -n "s/^Set-Cookie: $1=\([^;]*\);.*/\1/Ip"; }

has_outside_token() {
    post /api/token/refresh/ "{\"refresh\":\"$first\",\"audience\":\"shop\"}" && [[ $status == 200 ]]
}

origin=http://localhost:$PORT
[[ -d $VAR/keys/audiences/shop ]] || run_ctl key add audiences/shop >/dev/null || fail "there is no audience"
shop_key=$(cat "$VAR"/keys/audiences/shop/*.key)

declare -A token owner_id
for person in ann bob; do
    make_user "matrix-$person"
    call POST /api/login/ "{\"email\":\"matrix-$person@example.com\",\"password\":\"$password\"}"
    owner_id[$person]=$(read_answer .user.id)
    token[$person.access]=$(read_answer .tokens.access)
    token[$person.device]=$(read_answer .session.device.key)
    first=$(read_answer .tokens.refresh)
    wait_until 10 has_outside_token || fail "there is no token for the shop"
    token[$person.outside]=$(read_answer .access)
    token[$person.refresh]=$(read_answer .refresh)
    post /api/password/forgot/ "{\"email\":\"matrix-$person@example.com\"}"
    token[$person.reset]=$(wait_for_mail "matrix-$person@example.com" password | read_token)
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
            taken=$("take_by_$consumer" "${token[$person.$kind]}")
            [[ $taken == "$expected" ]] ||
                fail "$consumer took the $kind token of $person for '$taken' instead of '$expected'"
            cases=$((cases + 1))
        done
    done
done
# A reset ends all sessions of its owner: at the end, so that the others could be shown.
for person in ann bob; do
    [[ $(take_by_reset "${token[$person.reset]}") == "${owner_id[$person]}" ]] || fail "the reset token of $person"
    [[ -z $(take_by_reset "${token[$person.reset]}") ]] || fail "it is taken twice"
    cases=$((cases + 1))
done
[[ $cases == 50 ]] || fail "there were $cases cases"

it "takes the cookies where they belong too"
make_user matrix-cy
call POST /api/login/ "{\"email\":\"matrix-cy@example.com\",\"password\":\"$password\"}" \
    --header "X-Session-Mode: cookie"
access_value=$(read_cookie __Host-csauth) refresh_value=$(read_cookie __Secure-csauth-refresh) \
    device_value=$(read_cookie __Secure-csauth-device)
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
