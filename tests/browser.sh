# Drives a headless Chromium through chromedriver (W3C WebDriver), with curl. Sourced after lib.sh.
# shellcheck shell=bash
#
#   start_browser             starts it; end_browser ends it
#   visit URL                 opens a page
#   js SCRIPT                 runs `return …` in the page and prints the result
#   shows TEXT                whether the page shows that text
#   click CSS, fill CSS TEXT  as a person does
#   console                   prints the errors in the console since the last call

: "${work:?source tests/lib.sh first}"
driver=
browser=

driver_call() { # METHOD PATH [JSON]
    curl --silent --max-time 60 --request "$1" ${3:+--header 'Content-Type: application/json' --data-raw "$3"} \
        "$driver$2"
}

start_browser() {
    local port
    port=$(free_port)
    chromedriver --port="$port" >"$work/chromedriver.out" 2>&1 &
    driver_process=$!
    driver=http://127.0.0.1:$port
    driver_answers() { driver_call GET /status | jq -e .value.ready; }
    wait_until 60 driver_answers || fail "chromedriver did not start: $(cat "$work/chromedriver.out")"
    browser=$(driver_call POST /session '{"capabilities":{"alwaysMatch":{"goog:loggingPrefs":{"browser":"ALL"},"goog:chromeOptions":{"args":[
        "--headless","--no-sandbox","--disable-gpu","--disable-quic","--no-first-run","--disable-dev-shm-usage",
        "--disable-background-networking","--disable-component-update","--disable-sync","--user-data-dir='"$work"'/chromium"]}}}}' |
        jq -r .value.sessionId)
    [[ $browser != null && -n $browser ]] || fail "the browser did not start: $(tail -n 5 "$work/chromedriver.out")"
}

end_browser() {
    [[ -n $driver ]] || return 0
    driver_call DELETE "/session/$browser" >/dev/null
    kill "$driver_process" 2>/dev/null
    wait_until 20 process_is_gone "$driver_process" || kill -KILL "$driver_process" 2>/dev/null
}

visit() { driver_call POST "/session/$browser/url" "$(jq -cn --arg url "$1" '{url: $url}')" >/dev/null; }
js() {
    driver_call POST "/session/$browser/execute/sync" "$(jq -cn --arg script "$1" '{script: $script, args: []}')" |
        jq -r .value
}
text() { js 'return document.body.innerText'; }
shows() { text | grep -qF -- "$1"; }
expect_text() { wait_until 30 shows "$1" || fail "the page at $(address) does not show '$1', but: $(text)"; }
address() { js 'return location.href'; }
is_at() { [[ $(address) == "$1" ]]; }
expect_address() { wait_until 30 is_at "$1" || fail "the browser is at $(address), not at $1"; }
is_visible() {
    [[ $(js "const e = document.querySelector('$1'); return e !== null && e.checkVisibility() && !e.disabled") == true ]]
}
element() {
    driver_call POST "/session/$browser/element" "$(jq -cn --arg css "$1" '{using: "css selector", value: $css}')" |
        jq -r '.value | to_entries[0].value'
}

click() {
    wait_until 30 is_visible "$1" || fail "there is no $1 to click at $(address): $(text)"
    driver_call POST "/session/$browser/element/$(element "$1")/click" '{}' >/dev/null
}
fill() {
    wait_until 30 is_visible "$1" || fail "there is no $1 to fill at $(address): $(text)"
    local id
    id=$(element "$1")
    driver_call POST "/session/$browser/element/$id/clear" '{}' >/dev/null
    driver_call POST "/session/$browser/element/$id/value" "$(jq -cn --arg text "$2" '{text: $text}')" >/dev/null
}
forget_cookie() { driver_call DELETE "/session/$browser/cookie/$1" >/dev/null; }
forget_cookies() { driver_call DELETE "/session/$browser/cookie" >/dev/null; }
console() {
    driver_call POST "/session/$browser/se/log" '{"type":"browser"}' |
        jq -r '.value[] | select(.level == "SEVERE") | .message'
}
