#!/bin/bash
# The pages that mails lead to in a browser: what they show, where they lead on, and what they
# say of links that do nothing any more.
source "$(dirname "$0")/../lib.sh"
source "$(dirname "$0")/../browser.sh"

read_link() { jq -r .link <<<"$1"; }
read_value() { run_js "return document.querySelector('$1').value"; }
is_focused() { [[ $(run_js "return document.activeElement.matches('$1')") == true ]]; }

# follow_link MAIL: opens the link of a mail, as from the mailbox. The same page twice would only be another fragment.
follow_link() {
    visit about:blank
    visit "$(read_link "$1")"
}

# Registered with a place to go back to.
register_for() { # NAME RETURN_TO
    call POST /api/register/ "{\"email\":\"$1@example.com\",\"username\":\"$1\",\"password\":\"$password\",
        \"return_to\":\"$2\"}"
    expect_status 201
}

ask_for_reset() { post /api/password/forgot/ "{\"email\":\"$1@example.com\"}"; }

# leave_page: ends the browser's session. The refresh cookie has a path of its own, so forget_cookies does not see it.
leave_page() {
    [[ $(run_js 'return fetch("/api/logout/", { method: "POST" }).then((r) => r.status)') == 204 ]] ||
        fail "nobody was signed out"
}

# has_gone SELECTOR: no such element is visible.
has_gone() { ! is_visible "$1"; }

goes_to() { [[ $(run_js "return document.querySelector('$1').href") == "$2" ]]; }
print_mail_html() { print_mails "$1" | tail -n 1 | jq -r .html; }
read_seconds() { read_text | sed -n 's/.*Try again in \([0-9]*\) second.*/\1/p'; }
has_less() { local now; now=$(read_seconds) && [[ -z $now || $now -lt $first ]]; }

run_options=(--sample)
name='<b id=evil>Ham & "Eggs"</b>'
start_own_stack mailpages CSAUTH_LIMITS_ENABLED=off CSAUTH_SITE_NAME="$name"
trap 'end_browser; stop_own_stacks' EXIT
site=http://$(sed -n 's/^return_hosts = //p' "$VAR/csauth.ini")
accounts=http://localhost:$PORT
start_browser

it "hostile_name_of_the_site_is_text_on_every_page"
for page in / /sign-in/ /sign-out/ /verify-email/ /verify-code/ /reset-password/ /confirm-email/ /revert-email/ \
    /invitation/ /problems/; do
    visit "$accounts$page"
    wait_until 30 shows "$name" || fail "$page shows no name, but: $(read_text)"
    [[ $(run_js 'return document.title') == *" – $name" ]] ||
        fail "the title of $page is $(run_js 'return document.title')"
    [[ $(run_js 'return document.getElementById("evil")') == null ]] || fail "the name is markup on $page"
    print_console_errors >/dev/null
done
register_for mp-ann "$site/"
wait_until 20 has_mails mp-ann@example.com 1 || fail "no mail came"
print_mail_html mp-ann@example.com | finds -F '<b id=evil>' && fail "the name is markup in a mail"
[[ $(print_mails mp-ann@example.com | jq -r .from) == *Ham* ]] ||
    fail "the mail comes from $(print_mails mp-ann@example.com | jq -r .from)"

it "focus_ring_has_three_to_one_on_every_background"
visit "$accounts/sign-in/"
wait_until 30 is_visible '#form' || fail "there is no form"
contrast=$(run_js '
    const linear = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const luminance = (rgb) => {
        const [r, g, b] = rgb.match(/[\d.]+/g).map(Number).map(linear);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const rule = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
        .find((r) => r.selectorText?.includes(":focus-visible"));
    const probe = document.createElement("span");
    document.body.append(probe);
    probe.style.color = rule.style.outlineColor;
    const ring = luminance(getComputedStyle(probe).color);
    probe.remove();
    if (!(parseFloat(rule.style.outlineOffset) >= 1)) return 0; // it would touch the button, which has its colour
    return Math.min(...["body", "main"]
        .map((css) => luminance(getComputedStyle(document.querySelector(css)).backgroundColor))
        .map((back) => (Math.max(ring, back) + 0.05) / (Math.min(ring, back) + 0.05)));')
jq -en "$contrast >= 3" >/dev/null || fail "the contrast is $contrast"

it "confirmed_person_signs_in_and_is_where_they_wanted"
mail=$(wait_for_mail mp-ann@example.com Confirm) || fail "no mail came"
follow_link "$mail"
wait_until 30 is_visible '#form' || fail "there is no form: $(read_text)"
[[ $(read_value '#username') == mp-ann@example.com ]] || fail "it is for $(read_value '#username')"
fill '#password' "wrong password"
click '#form button'
expect_text "This is not the password of the account."
alert=$(run_js 'return document.querySelector("[role=alert]").textContent')
[[ $alert == "This is not the password of the account." ]] ||
    fail "it is no alert"
[[ $(run_js 'const [a, f] = ["#alert", "#form"].map((c) => document.querySelector(c).getBoundingClientRect().top);
    return a < f') == true ]] ||
    fail "the alert is below the form"
[[ $(run_js 'const p = document.querySelector("#password");
    return p.getAttribute("aria-invalid") + p.getAttribute("aria-describedby")') == truealert ]] ||
    fail "the field is not marked"
fill '#password' "$password"
click '#form button'
expect_text "The address is confirmed."
wait_until 30 has_gone '#form' || fail "the form stays"
click '#onward a'
fill '#email' mp-ann@example.com
fill '#password' "$password"
click '#form button[type=submit]'
expect_text "Hello, mp-ann!"
expect_address "$site/"

it "link_that_did_its_work_leads_on"
visit "$accounts/sign-in/"
leave_page
follow_link "$mail"
expect_text "This address is confirmed already."
has_gone '#form' || fail "it asks for the password"
goes_to '#onward a' "$accounts/sign-in/#return_to=$site/" || fail "the button leads elsewhere"

it "spent_link_offers_a_new_one"
ask_for_reset mp-ann
mail=$(wait_for_mail mp-ann@example.com "new password") || fail "no mail came"
follow_link "$mail"
wait_until 30 is_visible '#form' || fail "there is no form: $(read_text)"
[[ $(run_js 'return document.querySelector("#account, #username").closest("p").innerText') == *mp-ann* ]] ||
    fail "it does not name the account"
fill '#new_password' "seventeen purple boats"
click '#form button'
expect_text "Your new password is set, and all devices are signed out."
is_focused '#onward a' || fail "the focus is on $(run_js 'return document.activeElement.outerHTML')"
follow_link "$mail"
expect_text "This link was used already."
has_gone '#form' || fail "the form is still there"
is_visible '#onward a' || fail "nothing leads to the sign-in page"
fill '#email' mp-ann@example.com
click '#again button'
expect_text "In that case, use the newest mail that you have."
wait_for_mail mp-ann@example.com "new password" 2 >/dev/null || fail "no mail came"
follow_link "$mail"
expect_text "A newer mail was sent: use the link in that one."
visit about:blank
visit "$accounts/reset-password/"
expect_text "We send you a link to choose a new password."
visit about:blank
visit "$accounts/verify-email/#token=short"
expect_text "This is not a token from one of our mails."
is_visible '#again' || fail "it offers no new link"

it "code_of_the_mail_has_a_page"
register_for mp-bob "$site/moderators/"
mail=$(wait_for_mail mp-bob@example.com Confirm) || fail "no mail came"
jq -r .text <<<"$mail" | finds -F "$accounts/verify-code/" || fail "the mail names no page"
code=$(jq -r .text <<<"$mail" | grep -oE '^[A-Z2-9]{4}-[A-Z2-9]{4}')
visit "$accounts/verify-code/"
fill '#email' mp-bob@example.com
fill '#password' "$password"
fill '#code' AAAA-AAAA
click '#form button[type=submit]'
expect_text "The code is not valid, or no longer valid."
is_visible '#again' || fail "it offers no new code"
fill '#password' "$password"
fill '#code' "$code"
click '#form button[type=submit]'
expect_text "The address is confirmed."
goes_to '#onward a' "$accounts/sign-in/#return_to=$site/moderators/" || fail "the button leads elsewhere"

it "code_alone_is_enough_in_a_session_of_the_account"
register_for mp-cat /
visit "$accounts/sign-in/"
run_js "return fetch('/api/register/', { method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Session-Mode': 'cookie' },
    body: JSON.stringify({ email: 'mp-dan@example.com', username: 'mp-dan', password: '$password' })
    }).then((r) => r.status)" >/dev/null
code=$(wait_for_mail mp-dan@example.com Confirm | jq -r .text | grep -oE '^[A-Z2-9]{4}-[A-Z2-9]{4}')
visit "$accounts/verify-code/"
expect_text "You are signed in as mp-dan."
has_gone '#email' || fail "it asks for the address"
fill '#code' "$code"
click '#form button[type=submit]'
expect_text "The address is confirmed."
leave_page

it "change_of_address_and_its_revert_lead_on"
sign_in mp-bob
post /api/email/change/ "{\"new_email\":\"mp-rob@example.org\",\"password\":\"$password\"}" "$access"
first=$(wait_for_mail mp-rob@example.org Confirm) || fail "no mail came"
query "UPDATE one_time_tokens SET created_at = created_at - INTERVAL 3 MINUTE WHERE purpose = 'change_email'"
post /api/email/change/ "{\"new_email\":\"mp-rob@example.net\",\"password\":\"$password\"}" "$access"
second=$(wait_for_mail mp-rob@example.net Confirm) || fail "no mail came"
follow_link "$first"
expect_text "A newer mail was sent: use the link in that one."
fill '#new_email' mp-rob@example.net
fill '#again-password' "$password"
click '#again button'
expect_text "Sign in first, then ask for a new link here."
goes_to '#onward a' "$accounts/sign-in/#return_to=/confirm-email/" || fail "the button leads elsewhere"
follow_link "$second"
expect_text "mp-rob@example.net"
read_text | finds -F mp-bob && fail "it names the account to the new mailbox"
fill '#password' "$password"
click '#form button'
expect_text "The address is changed."
is_visible '#onward a' || fail "nothing leads to the sign-in page"
revert=$(wait_for_mail mp-bob@example.com "was changed") || fail "no mail came"
follow_link "$revert"
expect_text "Your account gets the address mp-bob@example.com back."
click '#form button'
expect_text "Your address is back"
is_visible '#onward a' || fail "nothing leads to the sign-in page"
follow_link "$revert"
expect_text "This link was used already."
has_gone '#form' || fail "the form is still there"

it "every_password_form_has_a_username_for_password_managers"
for page in sign-in verify-email verify-code reset-password confirm-email invitation; do
    visit about:blank
    visit "$accounts/$page/"
    forms=$(run_js 'return [...document.forms].filter((f) => f.querySelector("[type=password]"))
        .map((f) => f.querySelector("[autocomplete=username]") !== null).join()')
    [[ -n $forms && $forms != *false* ]] || fail "$page: $forms"
done

it "ban_ends_in_the_visitors_own_time"
add_user mp-eve
run_ctl user ban mp-eve --for 3d --reason Spam >/dev/null
visit "$accounts/sign-in/"
fill '#email' mp-eve@example.com
fill '#password' "$password"
click '#form button[type=submit]'
expect_text "The account is banned until "
expect_text ": Spam."
read_text | grep -E '[0-9]T[0-9]{2}:|\.[0-9]{6}' && fail "it shows a timestamp"
until=$(query "SELECT DATE_FORMAT(banned_until, '%Y-%m-%dT%TZ') FROM users WHERE username_key = 'mp-eve'")
expect_text "$(run_js "return new Date('$until').toLocaleString(undefined, { dateStyle: 'long', timeStyle: 'short' })")"

it "wait_is_one_sentence_that_counts_down_with_the_button_off"
run_js 'const real = window.fetch;
    window.fetch = (path, options) => path !== "/api/login/" ? real(path, options)
        : Promise.resolve(new Response(JSON.stringify({ code: "too_many_requests", detail: "Too many attempts." }),
            { status: 429, headers: { "Retry-After": "6" } }));' >/dev/null
fill '#password' "$password"
click '#form button[type=submit]'
expect_text "Too many attempts. Try again in "
read_text | finds -F "Wait for" && fail "it says it twice: $(read_text)"
[[ $(run_js 'return document.querySelector("#form [type=submit]").disabled') == true ]] || fail "the button is on"
first=$(read_seconds)
wait_until 30 has_less || fail "it does not count"
expect_text "You can try again now."
[[ $(run_js 'return document.querySelector("#form [type=submit]").disabled') == false ]] || fail "the button is off"

it "sign_in_page_passes_the_way_back_on_to_mails"
visit about:blank
visit "$accounts/sign-in/#return_to=$site/"
fill '#email' mp-cat@example.com
fill '#password' "$password"
click '#form button[type=submit]'
expect_text "The e-mail address has not been confirmed yet."
is_visible '#code' || fail "it does not lead to the page for the code"
click '#forgot'
expect_text "In that case, use the newest mail that you have."
mail=$(wait_for_mail mp-cat@example.com "new password") || fail "no mail came"
follow_link "$mail"
fill '#new_password' "seventeen purple boats"
click '#form button'
expect_text "Your new password is set"
goes_to '#onward a' "$accounts/sign-in/#return_to=$site/" || fail "the way back is lost"

finish
