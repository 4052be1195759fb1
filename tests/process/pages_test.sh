#!/bin/bash
# Signing in, changing accounts and signing out in a browser, at our pages and at a protected
# site.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/../browser.sh"

fill_in() { # NAME
    fill '#email' "$1@example.com"
    fill '#password' "$password"
    click '#form button[type=submit]'
}

is_down() { visit "$site/" && shows "Please try again in a moment"; }
is_back() { visit "$site/" && shows "Hello, pages-ann!"; }

run_options=(--sample)
start_own_stack pages CSAUTH_LIMITS_ENABLED=off
trap 'end_browser; stop_own_stacks' EXIT
site=http://$(sed -n 's/^return_hosts = //p' "$VAR/csauth.ini")
accounts=http://localhost:$PORT
add_user pages-ann
add_user pages-mod --role moderator
start_browser

it "visit_without_a_session_leaves_the_console_clean"
visit "$accounts/sign-in/"
wait_until 30 is_visible '#form' || fail "there is no form: $(read_text)"
[[ -z $(print_console_errors) ]] || fail "the console says: $(print_console_errors)"

it "sign_in_returns_to_the_protected_site"
visit "$site/"
expect_text "E-mail address"
fill_in pages-ann
expect_text "Hello, pages-ann!"
expect_address "$site/"

it "expired_cookie_is_renewed_without_a_question"
forget_cookie __Host-csauth
visit "$site/page?x=1"
expect_address "$site/page?x=1"
expect_text "Hello, pages-ann!"

it "refused_page_names_the_account_and_offers_another"
visit "$site/moderators/"
expect_text "This page is not for your account"
expect_text "pages-ann"
[[ $(run_js 'return performance.getEntriesByType("navigation")[0].responseStatus') == 403 ]] ||
    fail "its status is not 403"
click 'a[href*="#switch"]'
expect_text "You are signed in as pages-ann."
for button in '#go-on' '#switch' '#sign-out'; do is_visible "$button" || fail "there is no $button"; done
click '#switch'
fill_in pages-mod
expect_address "$site/moderators/"
expect_text "Hello, pages-mod!"

it "signed_in_person_is_asked_before_going_on"
visit "$accounts/sign-in/#return_to=$site/moderators/"
expect_text "You are signed in as pages-mod."
is_at "$accounts/sign-in/" || fail "the address bar shows $(read_address)"
click '#go-on'
expect_address "$site/moderators/"
visit "$accounts/sign-in/"
expect_text "You are signed in as pages-mod."

it "foreign_site_is_no_way_back"
visit "$accounts/sign-in/#return_to=https://evil.example/"
click '#go-on'
expect_address "$accounts/"

it "sign_out_takes_a_click_and_returns"
visit "$site/"
click 'a[href*="/sign-out/"]'
expect_text "You are signed in as pages-mod."
visit "$site/"
expect_text "Hello, pages-mod!" # the link alone has done nothing
visit "$accounts/sign-out/#return_to=$site/"
click '#form button'
expect_text "E-mail address"   # the site has sent the browser to sign in
visit "$accounts/sign-in/"
wait_until 30 is_visible '#form' || fail "somebody is still signed in: $(read_text)"

it "sign_out_works_after_the_access_cookie_is_gone"
visit about:blank # the same address would be a reload, which knows the way back
visit "$accounts/sign-in/"
fill_in pages-ann
expect_address "$accounts/"
forget_cookie __Host-csauth
visit "$accounts/sign-out/"
click '#form button'
expect_text "You are signed out."
visit "$accounts/sign-in/"
wait_until 30 is_visible '#form' || fail "somebody is still signed in: $(read_text)"

it "sign_out_to_a_foreign_site_stays"
visit "$accounts/sign-out/#return_to=https://evil.example/"
click '#form button'
expect_text "You are signed out."
is_at "$accounts/sign-out/" || fail "the browser is at $(read_address)"

it "token_of_a_mail_does_not_stay_in_the_history"
register pages-new
token=$(wait_for_mail_token pages-new@example.com) || fail "no mail came"
visit "$accounts/verify-email/#token=$token"
expect_address "$accounts/verify-email/"
fill '#password' "$password"
click '#form button'
expect_text "confirmed"
[[ $(run_js 'return JSON.stringify(history.state)') == null ]] ||
    fail "the history holds $(run_js 'return JSON.stringify(history.state)')"
for page in reset-password confirm-email revert-email invitation; do
    visit "$accounts/$page/#token=$token"
    expect_address "$accounts/$page/"
done

it "broken_check_shows_a_page_and_signs_nobody_out"
forget_cookies
visit "$site/"
fill_in pages-ann
expect_text "Hello, pages-ann!"
break_csauthd
wait_until 30 is_down || fail "it shows $(read_text)"
[[ $(run_js 'return performance.getEntriesByType("navigation")[0].responseStatus') == 503 ]] ||
    fail "its status is not 503"
start_csauthd
wait_until 30 is_back || fail "it does not come back: $(read_text)"

finish
