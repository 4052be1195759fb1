#!/bin/bash
# What csauthctl says to an operator: about wrong words, in lists, and about what it has done.
source "$(dirname "$0")/../lib.sh"

expect_short() { (($(wc -l <"$work/said") <= 15)) || fail "it says too much: $(cat "$work/said")"; }
count_mails() { print_mails ctl-bob@example.com | jq -r .subject | wc -l; }
is_banned_once() { (($(count_mails) == 1)); }
is_banned_twice() { (($(count_mails) == 2)); }

start_own_stack ctl CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=1

it "wrong_words_are_named_and_only_their_command_is_shown"
expect_ctl 64 "there is no command 'bogus'" bogus
expect_short
expect_ctl 64 "there is no command 'user bann'; did you mean 'user ban'?" user bann x
expect_short
expect_ctl 64 "USER is missing" user show
expect_short
expect_ctl 64 "'b' is one word too many for 'user show'" user show a b
expect_short
expect_ctl 64 "ROLE is missing" role grant joe
expect_short
expect_ctl 64 "there is no option '--frobnicate'" user list --frobnicate
expect_short
expect_ctl 64 "'user show' takes no --role" user show joe --role admin
expect_short
expect_ctl 64 "a value is missing after '--role'" user list --role
expect_ctl 64 "--role is given twice" user list --role a --role b

it "each_command_has_help_of_its_own_with_an_example"
run_ctl help >"$work/all" || fail "help fails"
(($(wc -l <"$work/all") > 40)) || fail "help does not list all: $(cat "$work/all")"
commands=0
while read -r noun verb; do
    name=$noun${verb:+ $verb}
    # shellcheck disable=SC2086
    expect_ctl 0 "usage: csauthctl $name" help $noun $verb
    [[ $(grep -c '^usage: ' "$work/said") == 1 || -z $verb ]] || fail "help $noun $verb shows more: $(cat "$work/said")"
    grep -q "^example: csauthctl $name" "$work/said" || fail "$noun $verb has no example: $(cat "$work/said")"
    cp "$work/said" "$work/help"
    # shellcheck disable=SC2086
    expect_ctl 0 "usage:" $noun $verb --help
    cmp -s "$work/said" "$work/help" || fail "$noun $verb --help is another text"
    commands=$((commands + 1))
done < <(sed -nE 's/^  (([a-z-]+)( [a-z]+)?) .*  .*/\1/p' "$work/all" | grep -v '^csauthctl')
((commands > 30)) || fail "there are only $commands commands in the help"

it "lists_have_a_header_a_limit_and_a_way_to_go_on"
for name in ann bob eve; do
    add_user "ctl-$name"
    sign_in "ctl-$name"
done
run_ctl user list >"$work/list" 2>"$work/err" || fail "user list fails"
head -n 1 "$work/list" | finds -E '^ID +STATUS +USERNAME +ADDRESS +ROLES$' ||
    fail "there is no header: $(cat "$work/list")"
[[ $(wc -l <"$work/list") == 4 && ! -s $work/err ]] || fail "the list is $(cat "$work/list" "$work/err")"
column=$(head -n 1 "$work/list" | grep -ob ADDRESS | cut -d: -f1)
while read -r line; do
    [[ ${line:column-1:1} == " " && ${line:column:4} == ctl- ]] || fail "a column is not aligned: $line"
done < <(tail -n +2 "$work/list")
run_ctl user list --limit 2 >"$work/first" 2>"$work/err"
[[ $(wc -l <"$work/first") == 3 ]] || fail "the limit is not kept: $(cat "$work/first")"
after=$(sed -nE 's/.*--after ([^ ]+) .*/\1/p' "$work/err")
run_ctl user list --limit 2 --after "$after" >"$work/second" 2>"$work/err"
[[ ! -s $work/err ]] || fail "it says that more follows: $(cat "$work/err")"
diff <(tail -n +2 "$work/list") <(tail -qn +2 "$work/first" "$work/second") || fail "the parts are not the whole"
run_ctl user list --search ctl- --limit 1 >"$work/first" 2>"$work/err"
after=$(sed -nE 's/.*--after ([^ ]+) .*/\1/p' "$work/err")
[[ $(run_ctl --json user list --search ctl- --after "$after" 2>/dev/null |
    jq -c '[.[].username]') == '["ctl-bob","ctl-eve"]' ]] ||
    fail "a search does not go on"
[[ $(run_ctl --json user list | jq length) == 3 ]] || fail "--json does not show all"
[[ $(run_ctl --json user list --limit 1 2>/dev/null | jq length) == 1 ]] || fail "--json keeps no limit"
for wrong in 0 -1 x 1000001 ''; do expect_ctl 64 "--limit is a number from 1 to" user list "--limit=$wrong"; done
expect_ctl 65 "is no position" user list --after nonsense
run_ctl session list >"$work/list" || fail "session list fails"
head -n 1 "$work/list" | finds -E '^ID +SINCE +USERNAME +ADDRESS +CLIENT$' ||
    fail "there is no header: $(cat "$work/list")"
run_ctl session list --limit 4 >"$work/first" 2>"$work/err"
position=$(sed -nE 's/.*--after ([^ ]+) .*/\1/p' "$work/err")
run_ctl session list --after "$position" >"$work/second" 2>"$work/err"
diff <(tail -n +2 "$work/list") <(tail -qn +2 "$work/first" "$work/second") || fail "the parts are not the whole"
expect_ctl 65 "is no id" session list --after nonsense
run_ctl role list | sed -n 1p | finds -E '^PRIORITY +NAME' || fail "roles have no header"
run_ctl mail list | sed -n 1p | finds -E '^ID +STATE' || fail "mails have no header"

it "role_that_does_not_exist_is_refused"
expect_ctl 65 "there is no role 'nosuch'" user list --role nosuch
expect_ctl 65 "there is no role 'nosuch'" session list --role nosuch
expect_ctl 65 "there is no role 'nosuch'" --yes session revoke --role nosuch

it "sessions_end_by_the_ids_that_the_list_prints"
id=$(run_ctl session list --user ctl-eve | awk 'NR == 2 { print $1 }')
other=$(run_ctl session list --user ctl-ann | awk 'NR == 2 { print $1 }')
expect_ctl 64 "--yes" session revoke "$id"
expect_ctl 0 "1 sessions would end" session revoke --dry-run "$id"
expect_ctl 65 "there is no live session 00000000-0000-7000-8000-000000000000" --yes session revoke \
    "$other" 00000000-0000-7000-8000-000000000000
expect_ctl 65 "is no id of a session" --yes session revoke nonsense
expect_ctl 64 "not both" --yes session revoke "$id" --user ctl-eve
expect_ctl 0 "2 sessions have ended" --yes session revoke "$id" "$other"
run_ctl session list | finds -E "^($id|$other) " && fail "a session lives on"
expect_ctl 65 "there is no live session $id" --yes session revoke "$id"

it "duration_without_a_unit_is_refused"
expect_ctl 65 "'3' has no unit: write 3d, 3h, 3m or 3s" user ban ctl-bob --reason spam --for 3
expect_ctl 65 "'30' has no unit" session list --older-than 30
[[ $(run_ctl --json user show ctl-bob | jq -r .status) == active ]] || fail "it banned"

it "ban_is_told_once"
query "UPDATE users SET verified_at = UTC_TIMESTAMP(6) WHERE username_key = 'ctl-bob'"
expect_ctl 0 "ctl-bob is banned until" user ban ctl-bob --reason spam --until 2999-01-01T00:00:00Z
wait_until 20 is_banned_once || fail "$(count_mails) mails came"
expect_ctl 0 "ctl-bob is already banned until 2999-01-01" user ban ctl-bob --reason spam --until 2999-01-01T00:00:00Z
add_user ctl-boss --admin
bob=$(run_ctl --json user show ctl-bob | jq -r .id)
call_signed_in POST "/api/users/$bob/ban/" '{"reason":"spam","until":"2999-01-01T00:00:00Z"}'
expect_status 200
expect_ctl 0 "ctl-bob is banned for good" user ban ctl-bob --reason spam
wait_until 20 is_banned_twice || fail "$(count_mails) mails came"
[[ $(query "SELECT COUNT(*) FROM audit_log WHERE action = 'user_banned'") == 2 ]] ||
    fail "the audit log has another count"
expect_ctl 0 "ctl-bob is already banned for good" user ban ctl-bob --reason spam
expect_ctl 0 "ctl-bob is banned for good" user ban ctl-bob --reason "another"

it "refusals_are_sentences"
expect_ctl 65 "The username is taken" user add ctl-new@example.com ctl-ann
expect_ctl 0 "" role add ctl-role
expect_ctl 65 "The role's name is taken" role add ctl-role
grep -qE 'role_taken|/name' "$work/said" && fail "it speaks to programs: $(cat "$work/said")"
expect_ctl 65 "Nobody could manage roles any more" role revoke ctl-boss admin

it "programs_and_pipes_get_what_they_ask_for"
[[ $(run_ctl --json migrate status | jq -c '.[0]') == '{"version":1,"name":"users","applied":true}' ]] ||
    fail "it is no JSON: $(run_ctl --json migrate status)"
expect_ctl 0 "has no device that gets push messages" push targets ctl-ann
[[ $(run_ctl --json push targets ctl-ann) == "[]" ]] || fail "the JSON is another"
query "INSERT INTO audit_log (id, at, action, outcome, ip, request_id, detail)
    SELECT UNHEX(REPLACE(UUID(), '-', '')), UTC_TIMESTAMP(6), 'test', 'success', '', '', REPEAT('x', 200)
    FROM audit_log a, audit_log b LIMIT 2000" ||
    fail "the audit log does not grow"
(($(run_ctl audit export | wc -c) > 65536)) || fail "the export fits into a pipe"
run_ctl audit export 2>"$work/err" | head -n 1 >/dev/null
[[ ${PIPESTATUS[0]} == 0 && ! -s $work/err ]] || fail "a reader who has enough is an error: $(cat "$work/err")"
run_ctl audit export >/dev/full 2>"$work/err" && fail "a full disk is a success"
grep -q "can't be written" "$work/err" || fail "it says: $(cat "$work/err")"
run_ctl user list >/dev/full 2>/dev/null && fail "a full disk is a success"

finish
