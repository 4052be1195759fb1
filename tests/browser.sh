# Drives a headless Chromium through chromedriver (W3C WebDriver), with curl. Sourced after lib.sh.
# shellcheck shell=bash
#
#   start_browser             starts it; end_browser ends it
#   visit URL                 opens a page
#   run_js SCRIPT             runs `return …` in the page and prints the result
#   shows TEXT                whether the page shows that text
#   click CSS, fill CSS TEXT  as a person does
#   print_console_errors      prints the errors in the console since the last call

: "${work:?source tests/lib.sh first}"
driver=
browser=

call_driver() { # METHOD PATH [JSON]
    curl --silent --max-time 60 --request "$1" ${3:+--header 'Content-Type: application/json' --data-raw "$3"} \
        "$driver$2"
}

start_browser() {
    local port
    port=$(find_free_port)
    chromedriver --port="$port" >"$work/chromedriver.out" 2>&1 &
    driver_process=$!
    driver=http://127.0.0.1:$port
    wait_until 60 driver_answers || fail "chromedriver did not start: $(cat "$work/chromedriver.out")"
    browser=$(call_driver POST /session '{"capabilities":{"alwaysMatch":{
        "goog:loggingPrefs":{"browser":"ALL"},"goog:chromeOptions":{"args":[
        "--headless","--no-sandbox","--disable-gpu","--disable-quic","--no-first-run","--disable-dev-shm-usage",
        "--disable-background-networking","--disable-component-update","--disable-sync",
        "--user-data-dir='"$work"'/chromium"]}}}}' |
        jq -r .value.sessionId)
    [[ $browser != null && -n $browser ]] || fail "the browser did not start: $(tail -n 5 "$work/chromedriver.out")"
}

driver_answers() { call_driver GET /status | jq -e .value.ready; }

end_browser() {
    [[ -n $driver ]] || return 0
    call_driver DELETE "/session/$browser" >/dev/null
    kill "$driver_process" 2>/dev/null
    wait_until 20 process_is_gone "$driver_process" || kill -KILL "$driver_process" 2>/dev/null
}

visit() { call_driver POST "/session/$browser/url" "$(jq -cn --arg url "$1" '{url: $url}')" >/dev/null; }
run_js() {
    call_driver POST "/session/$browser/execute/sync" "$(jq -cn --arg script "$1" '{script: $script, args: []}')" |
        jq -r .value
}
read_text() { run_js 'return document.body.innerText'; }
shows() { read_text | finds -F -- "$1"; }
expect_text() { wait_until 30 shows "$1" || fail "the page at $(read_address) does not show '$1', but: $(read_text)"; }
read_address() { run_js 'return location.href'; }
is_at() { [[ $(read_address) == "$1" ]]; }
expect_address() { wait_until 30 is_at "$1" || fail "the browser is at $(read_address), not at $1"; }
is_visible() {
    [[ $(run_js "const e = document.querySelector('$1');
        return e !== null && e.checkVisibility() && !e.disabled") == true ]]
}
find_element() {
    call_driver POST "/session/$browser/element" "$(jq -cn --arg css "$1" '{using: "css selector", value: $css}')" |
        jq -r '.value | to_entries[0].value'
}

click() {
    wait_until 30 is_visible "$1" || fail "there is no $1 to click at $(read_address): $(read_text)"
    call_driver POST "/session/$browser/element/$(find_element "$1")/click" '{}' >/dev/null
}
fill() {
    wait_until 30 is_visible "$1" || fail "there is no $1 to fill at $(read_address): $(read_text)"
    local id
    id=$(find_element "$1")
    call_driver POST "/session/$browser/element/$id/clear" '{}' >/dev/null
    call_driver POST "/session/$browser/element/$id/value" "$(jq -cn --arg text "$2" '{text: $text}')" >/dev/null
}
forget_cookie() { call_driver DELETE "/session/$browser/cookie/$1" >/dev/null; }
forget_cookies() { call_driver DELETE "/session/$browser/cookie" >/dev/null; }
print_console_errors() {
    call_driver POST "/session/$browser/se/log" '{"type":"browser"}' |
        jq -r '.value[] | select(.level == "SEVERE") | .message'
}
