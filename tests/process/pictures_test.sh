#!/bin/bash
# Pictures that take long, and uploads by the dozen, keep nobody else from the API.
source "$(dirname "$0")/../lib.sh"

# upload NAME FILE: sends a picture of Ann's in the background; its status goes to $work/NAME.
upload() {
    rm -f "$work/$1"
    curl --silent --max-time 100 --request PUT --output "$work/$1.body" --dump-header "$work/$1.headers" \
        --write-out '%{http_code}' --header "Authorization: Bearer $ann" --header "Content-Type: image/${2##*.}" \
        --data-binary "@$work/$2" "$base/api/me/avatar/" >"$work/$1.status" 2>/dev/null &&
        mv "$work/$1.status" "$work/$1" &
    uploads+=($!)
}

stop_everything() {
    kill -CONT "$(list_pids imager)" 2>/dev/null
    local process
    for process in "${uploads[@]}"; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    stop_own_stacks
}

is_answered() { [[ -s $work/$1 ]]; }

count_answered() {
    local name count=0
    for name in "$@"; do
        is_answered "$name" && count=$((count + 1))
    done
    echo "$count"
}

are_all_but_one_answered() { (($(count_answered "$@") >= $# - 1)); }
are_all_answered() { (($(count_answered "$@") == $#)); }
print_names() { for ((i = 1; i <= $1; i++)); do echo "$2-$i"; done; }
holder_waits() { are_all_but_one_answered first second && ! are_all_answered first second; }

is_taken() {
    call PUT /api/me/avatar/ --header "Authorization: Bearer $ann" --header 'Content-Type: image/png' \
        --data-binary "@$work/good.png"
    [[ $status == 200 ]]
}

is_gone() { [[ $(query "SELECT COUNT(*) FROM users WHERE username_key = 'pictures-new' AND avatar IS NULL") == 1 ]]; }

start_own_stack pictures CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=4
tests/tools/pictures.py "$work" || fail "the pictures could not be made"
add_user pictures-ann
ann=$access
add_user pictures-bob
bob=$access

uploads=()
trap stop_everything EXIT

it "lets one of four workers wait for the imager, and refuses the other uploads"
mapfile -t eight < <(print_names 8 stopped)
round=0
while ((++round <= 3)); do
    imager=$(list_pids imager)
    kill -STOP "$imager"
    for name in "${eight[@]}"; do upload "$name" good.png; done
    wait_until 60 are_all_but_one_answered "${eight[@]}" ||
        fail "only $(count_answered "${eight[@]}") were answered while the imager stands still"
    # Somebody else is answered while that one upload still waits.
    get_me "$bob"
    other=$status
    waiting=$((8 - $(count_answered "${eight[@]}")))
    kill -CONT "$imager"
    wait_until 60 are_all_answered "${eight[@]}" || fail "an upload gets no answer"
    ((waiting == 0)) || break # otherwise its patience had ended before we looked
done
((waiting == 1)) || fail "$waiting uploads waited"
[[ $other == 200 ]] || fail "the other user got $other"
taken=0
for name in "${eight[@]}"; do
    case $(cat "$work/$name") in
        200) taken=$((taken + 1)) ;;
        503) grep -qi '^Retry-After: [0-9]' "$work/$name.headers" || fail "a refusal does not say when to retry" ;;
        *) fail "an upload got $(cat "$work/$name")" ;;
    esac
done
((taken == 1)) || fail "$taken uploads were taken instead of the one that waited"

it "answers others while pictures of the most allowed scans are decoded"
mapfile -t many < <(print_names 12 slow)
for name in "${many[@]}"; do upload "$name" scans-64.jpeg; done
requests=0
until are_all_answered "${many[@]}" || ((requests == 500)); do
    get_me "$bob"
    [[ $status == 200 ]] || fail "the other user got $status"
    requests=$((requests + 1))
done
wait_until 60 are_all_answered "${many[@]}" || fail "an upload gets no answer"
for name in "${many[@]}"; do
    [[ $(cat "$work/$name") == 200 || $(cat "$work/$name") == 503 ]] || fail "an upload got $(cat "$work/$name")"
done

it "refuses pictures of more scans or parts without asking the imager"
imager=$(list_pids imager)
kill -STOP "$imager"
for file in scans-65.jpeg scans-100000.jpeg chunks-5000.png; do
    call PUT /api/me/avatar/ --header "Authorization: Bearer $ann" --header "Content-Type: image/${file##*.}" \
        --data-binary "@$work/$file"
    expect_problem 422 validation_failed
    expect_field /avatar invalid
done
kill -CONT "$imager"

it "takes a PNG whose texts would inflate to gigabytes, and never inflates them"
call PUT /api/me/avatar/ --header "Authorization: Bearer $ann" --header 'Content-Type: image/png' \
    --data-binary "@$work/texts.png"
expect_status 200

it "frees the place of a worker that was killed while it waited"
round=0
while ((++round <= 3)); do
    imager=$(list_pids imager)
    kill -STOP "$imager"
    upload first good.png
    upload second good.png
    wait_until 60 are_all_but_one_answered first second || fail "nobody is refused"
    # All four workers are killed, so the one that waits is.
    mapfile -t workers < <(list_pids api)
    was_waiting=no
    holder_waits && was_waiting=yes
    kill -KILL "${workers[@]}"
    kill -CONT "$imager"
    wait_until 60 are_all_answered first second || fail "an upload gets no answer"
    [[ $was_waiting == no ]] || break
done
[[ $was_waiting == yes ]] || fail "no worker was killed while it waited"
wait_until 30 is_taken || fail "no picture is taken any more: $status"

it "takes no picture of somebody whose address is not confirmed"
register pictures-new
call PUT /api/me/avatar/ --header "Authorization: Bearer $access" --header 'Content-Type: image/png' \
    --data-binary "@$work/good.png"
expect_problem 403 email_unverified
call PUT /api/me/avatar/ --header "Authorization: Bearer $access" --header 'Content-Type: image/jpeg' \
    --data-binary "@$work/scans-100000.jpeg"
expect_problem 403 email_unverified

it "takes the picture away with the confirmation, and its file with the next sweep"
add_user pictures-boss --admin
boss=$access
add_user pictures-cat
cat=$access cat_id=$id
call PUT /api/me/avatar/ --header "Authorization: Bearer $cat" --header 'Content-Type: image/webp' \
    --data-binary "@$work/good.webp"
expect_status 200
path=$(read_answer .avatar)
call GET "/api/users/$cat_id/" --header "Authorization: Bearer $bob"
expect_json ".avatar == \"$path\""
call PATCH "/api/users/$cat_id/" '{"is_verified":false}' --header "Authorization: Bearer $boss"
expect_status 200
expect_json '.avatar == null'
get_me "$cat"
expect_json '.avatar == null'
find "$VAR/avatars" -type f -exec touch -d '1 hour ago' {} +
run_ctl avatar sweep >/dev/null || fail "the sweep failed"
call GET "$path"
expect_status 404
call PATCH "/api/users/$cat_id/" '{"is_verified":true}' --header "Authorization: Bearer $boss"
expect_json '.avatar == null'

it "takes away pictures of unconfirmed accounts from before"
call PUT /api/me/avatar/ --header "Authorization: Bearer $ann" --header 'Content-Type: image/png' \
    --data-binary "@$work/good.png"
expect_status 200
query "UPDATE users n JOIN users a ON a.username_key = 'pictures-ann' SET n.avatar = a.avatar
    WHERE n.username_key = 'pictures-new'"
run_housekeeping
wait_until 60 is_gone || fail "it is still there"
[[ $(query "SELECT COUNT(*) FROM users WHERE username_key = 'pictures-ann' AND avatar IS NOT NULL") == 1 ]] ||
    fail "a confirmed account lost its picture"

finish
