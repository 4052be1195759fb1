#!/bin/bash
# The walk of a new user, with the requests of the product's first description to the letter.
source "$(dirname "$0")/../lib.sh"

it "registers, signed in but not verified"
call POST /api/register/ '{"email": "user@example.com", "username": "user123", "password": "securepass123",
    "full_name": "John Doe"}'
expect_status 201
expect_json '.user.email == "user@example.com" and .user.username == "user123" and .user.full_name == "John Doe"'
expect_json '.user.is_verified == false and .user.roles == ["member"] and .user.is_online'
expect_json '.permissions == {can_moderate: false, can_manage_users: false, can_manage_roles: false,
    can_delete_messages: false, can_ban_users: false}'
expect_json '.session.current and (.session.device.id | length) == 36 and .message != ""'
expect_json '(.user
    | keys) == ["avatar","bio","created_at","email","full_name","hide_presence","id","is_online",
    "is_verified","language","last_seen","roles","username"]'
access=$(read_answer .tokens.access)

it "knows the new user by the token"
get_me
expect_status 200
expect_json '.email == "user@example.com" and .is_verified == false'

it "refuses to sign in before the address is confirmed"
call POST /api/login/ '{"email": "user@example.com", "password": "securepass123", "device_token": "fcm-token-123"}'
expect_problem 403 email_unverified

it "sends a mail with a link"
token=$(wait_for_mail_token user@example.com)
[[ ${#token} == 43 ]] || fail "the token is '$token'"
print_mails user@example.com |
    jq -e '.subject == "Confirm your address for CollabSphere" and (.text | startswith("Hello,")) and (.text
        | contains("user123") | not) and (.html | contains("<a href="))' >/dev/null ||
    fail "the mail is not as it should be"
print_mails user@example.com |
    jq -e '.headers | contains(["Date","From","To","Subject","Message-ID","Auto-Submitted","MIME-Version"])' \
    >/dev/null ||
    fail "headers are missing"

it "confirms the address with the link's token in the account's own session"
call POST /api/verify-email/ "{\"token\": \"$token\"}" --header "Authorization: Bearer $access"
expect_status 200

it "signs in with the request of the description"
call POST /api/login/ '{"email": "user@example.com", "password": "securepass123", "device_token": "fcm-token-123"}'
expect_status 200
expect_json '.user.is_verified and .session.current and (.tokens | keys) == ["access","refresh"]'
access=$(read_answer .tokens.access)
refresh=$(read_answer .tokens.refresh)

it "trades the refresh token for a new pair"
call POST /api/token/refresh/ "{\"refresh\": \"$refresh\"}"
expect_status 200
expect_json 'keys == ["access","refresh"]'
access=$(read_answer .access)
call POST /api/token/verify/ "{\"token\": \"$access\"}"
expect_status 200
expect_json '. == {}'

it "says who the caller is, under both names"
get_me
expect_status 200
call GET /api/profile --header "Authorization: Bearer $access"
expect_status 200
expect_json '.username == "user123"'

it "signs out, and the token is good for nothing at once"
call POST /api/logout/ --header "Authorization: Bearer $access"
expect_status 204
get_me
expect_problem 401 session_ended
call POST /api/token/verify/ "{\"token\": \"$access\"}"
expect_problem 401 session_ended

finish
