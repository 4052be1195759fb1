#!/bin/bash
# What a page learns of a mail's link before anybody uses it, and the way back that waits with the link.
source "$(dirname "$0")/../lib.sh"

register_with() { # NAME RETURN_TO
    call POST /api/register/ "{\"email\":\"$1@example.com\",\"username\":\"$1\",\"password\":\"$password\",
        \"return_to\":\"$2\"}"
    access=$(read_answer .tokens.access)
}

confirm() { call POST /api/verify-email/ "{\"token\":\"$1\",\"password\":\"$password\"}"; }

# look_at_link TOKEN [curl…]: asks what the link is for.
look_at_link() { call POST /api/mail-link/ "{\"token\":\"$1\"}" "${@:2}"; }

it "look_shows_the_account_and_uses_nothing_up"
register_with link-ann "http://localhost:$PORT/maps?page=2"
expect_status 201
token=$(wait_for_mail_token link-ann@example.com) || fail "no mail came"
for _ in 1 2; do
    look_at_link "$token"
    expect_status 200
    expect_json '.purpose == "verify_email" and .email == "link-ann@example.com" and .sent_to == .email
        and .done == false'
    expect_json ".username == null and .return_to == \"http://localhost:$PORT/maps?page=2\""
done
look_at_link "$token" --header "Authorization: Bearer $access"
expect_json '.username == "link-ann"'
get_me
expect_json '.is_verified == false'

it "way_back_is_in_the_answer_and_not_in_the_mail"
print_mails link-ann@example.com | finds maps && fail "the mail names the way back"
confirm "$token"
expect_status 200
expect_json ".message == \"The address is confirmed.\" and .return_to == \"http://localhost:$PORT/maps?page=2\""
look_at_link "$token"
expect_json '.done and .username == "link-ann"'

it "way_back_to_a_foreign_host_makes_no_account"
for bad in https://evil.example/ //evil.example '/\\evil.example' \
    "http://localhost:$PORT@evil.example/" 'javascript:alert(1)' "/$(head -c 2048 /dev/zero | tr '\0' x)"; do
    register_with link-eve "$bad"
    expect_problem 422 validation_failed
    expect_field /return_to invalid
done
[[ $(query "SELECT COUNT(*) FROM users WHERE username_key = 'link-eve'") == 0 ]] || fail "there is an account"
register_with link-eve "/$(head -c 2047 /dev/zero | tr '\0' x)"
expect_status 201

it "way_back_is_kept_when_the_mail_is_asked_for_again"
register_with link-bob /account
query "UPDATE one_time_tokens SET created_at = created_at - INTERVAL 3 MINUTE WHERE email_key = 'link-bob@example.com'"
post /api/resend-verification/ '{"email":"link-bob@example.com"}'
look_at_link "$(wait_for_mail_token link-bob@example.com 2)"
expect_json '.return_to == "/account"'
post /api/password/forgot/ '{"email":"link-ann@example.com","return_to":"/maps"}'
expect_status 202
reset=$(wait_for_mail link-ann@example.com "new password" | read_token) || fail "no mail came"
look_at_link "$reset"
expect_json '.purpose == "reset_password" and .return_to == "/maps" and .username == "link-ann"'
post /api/password/forgot/ '{"email":"link-ann@example.com","return_to":"https://evil.example/"}'
expect_field /return_to invalid

it "dead_link_says_why_before_anything_is_typed"
post /api/password/reset/ "{\"token\":\"$reset\",\"new_password\":\"seventeen purple boats\"}"
expect_status 204
look_at_link "$reset"
expect_problem 400 one_time_token_invalid
expect_json '.detail == "This link was used already."'
post /api/password/forgot/ '{"email":"link-ann@example.com"}'
wait_for_mail link-ann@example.com "new password" 2 >/dev/null || fail "no mail came"
look_at_link "$reset"
expect_problem 400 link_superseded
expect_json '.detail == "This link was used already. A newer mail was sent: use the link in that one."'
look_at_link AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
expect_problem 400 one_time_token_invalid
expect_json '.detail == .title'
look_at_link x
expect_field /token invalid
call GET /api/mail-link/
expect_problem 405 method_not_allowed

it "new_mailbox_learns_no_former_address"
sign_in link-ann "seventeen purple boats"
post /api/email/change/ '{"new_email":"link-new@example.org","password":"seventeen purple boats"}' "$access"
expect_status 202
change=$(wait_for_mail_token link-new@example.org) || fail "no mail came"
look_at_link "$change"
expect_json '.purpose == "change_email" and .sent_to == "link-new@example.org" and .email == null and .username == null'
grep -qF link-ann "$work/body" && fail "it names the account"
look_at_link "$change" --header "Authorization: Bearer $access"
expect_json '.email == "link-ann@example.com"'

it "site_has_a_name_and_a_page_to_change_a_password"
call GET /api/site/
expect_status 200
expect_json '. == {name: "CollabSphere"}'
call GET /.well-known/change-password
expect_status 302
expect_header Location '^/reset-password/$'
expect_header X-Content-Type-Options '^nosniff$'
call GET /favicon.ico
expect_status 200

finish
