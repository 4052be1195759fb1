#!/bin/bash
# https://github.com/nst/JSONTestSuite through nginx: y_ is understood, n_ is not, nothing breaks.
source "$(dirname "$0")/../lib.sh"

send_file() { call POST /api/login/ --header 'Content-Type: application/json' --data-binary "@$1"; }
print_members() { jq -cn --argjson n "$1" '[range($n) | {key: "m\(.)", value: 0}] | from_entries'; }

it "answers every file of the suite as its name says"
forbidden=' y_object_duplicated_key.json y_object_duplicated_key_and_value.json'
forbidden+=' y_object_escaped_null_in_key.json y_string_null_escape.json '
seen=0
for file in tests/data/jsontestsuite/test_parsing/*; do
    name=${file##*/}
    send_file "$file"
    case $name in
        n_structure_100000_opening_arrays.json | n_structure_open_array_object.json) expected=413 ;;
        n_*) expected=400 ;;
        y_*) expected=422; [[ $forbidden != *" $name "* ]] || expected=400 ;;
        *) expected=4.. ;;
    esac
    [[ $status =~ ^$expected$ ]] || fail "$name gave $status instead of $expected"
    [[ $(read_answer .code) =~ ^(malformed_json|validation_failed|body_too_large)$ ]] ||
        fail "$name gave the code $(read_answer .code)"
    seen=$((seen + 1))
done
((seen == 318)) || fail "only $seen files were sent"

it "refuses what could be understood in two ways"
for body in '{"email":"a@example.com","email":"b@example.com","password":"x"}' \
    '{"email":"a@example.com","password":"x\u0000y"}' \
    '{"email":"a@example.com","password":"x"} {}' '{"email":"a@example.com","password":"\ud800"}' \
    '{"email":"a@example.com","password":"\udc00"}' \
    '{"a":[[[[[[[[1]]]]]]]]}' ''; do
    call POST /api/login/ --header 'Content-Type: application/json' --data-raw "$body"
    expect_problem 400 malformed_json
done
printf '{"email":"a@example.com","password":"\xff\xfe"}' >"$work/latin"
send_file "$work/latin"
expect_problem 400 malformed_json
printf '{"email":"a@example.com","password":"x"}\0' >"$work/nul"
send_file "$work/nul"
expect_problem 400 malformed_json

it "counts members and levels"
call POST /api/login/ "$(print_members 64)"
expect_problem 422 validation_failed
call POST /api/login/ "$(print_members 65)"
expect_problem 400 malformed_json
call POST /api/login/ '{"a":[[[[[[[1]]]]]]]}'
expect_problem 422 validation_failed

it "says that the outermost value must be an object"
for body in '[]' '"x"' 1 null true; do
    call POST /api/login/ --header 'Content-Type: application/json' --data-raw "$body"
    expect_problem 422 validation_failed
    expect_json '.errors == [{pointer: "", code: "wrong_type", detail: "The outermost value must be an object."}]'
done

finish
