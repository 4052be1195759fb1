# What every shell test uses.
# shellcheck shell=bash
#
#   it "does something"              begins a case
#   call METHOD PATH [BODY] [curl…]  sends a request; read_answer, read_header and expect_… look at what came
#   fail "why"                       the case has failed; the script goes on
#   finish                           the last line of every script
#   skip "why"                       ends a script that this machine can't run; tests/run.sh shows it

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
source scripts/lib.sh

: "${TEST_DIR:?tests run through tests/run.sh}" "${BUILD:?}"
base=${BASE:-http://127.0.0.1:${PORT:-0}}
script_name=$(basename "$0" .sh)
work=$(mktemp -d "$TEST_DIR/$script_name-XXXXXX")
good_cases=0
bad_cases=0
current=
current_failed=
status=

# Bash calls this, in a subshell, for a command that does not exist. The case fails when it ends.
command_not_found_handle() {
    echo "$1" >>"$work/not_found"
    return 127
}

end_case() {
    if [[ -e $work/not_found ]]; then
        fail "these commands do not exist: $(sort -u "$work/not_found" | tr '\n' ' ')"
        rm "$work/not_found"
    fi
    [[ -n $current ]] || return 0
    if [[ -n $current_failed ]]; then bad_cases=$((bad_cases + 1)); else good_cases=$((good_cases + 1)); fi
    current=
}

it() {
    end_case
    current=$*
    current_failed=
}

fail() {
    current_failed=yes
    [[ -n $current ]] || bad_cases=$((bad_cases + 1)) # before the first case, or between two
    echo "FAILED $script_name: $current: $*"
    [[ ! -s $work/body ]] || echo "    last answer: $status $(head -c 600 "$work/body")"
}

finish() {
    end_case
    echo "$script_name: $good_cases passed, $bad_cases failed"
    exit 0
}

skip() {
    end_case
    echo "$script_name: skipped: $*"
    finish
}

# call METHOD PATH [BODY] [curl arguments…]; a BODY goes out as JSON.
call() {
    local method=$1 path=$2
    shift 2
    local arguments=(--silent --show-error --max-time 60 --path-as-is --request "$method" --dump-header "$work/headers"
        --output "$work/body" --write-out '%{http_code}')
    if (($#)) && [[ $1 != -* ]]; then
        arguments+=(--header 'Content-Type: application/json' --data-raw "$1")
        shift
    fi
    [[ $method != HEAD ]] || arguments+=(--head)
    : >"$work/body"
    : >"$work/headers"
    status=$(curl "${arguments[@]}" "$@" "$base$path" 2>"$work/curl.err") || true
}

read_answer() { jq -r "$1" "$work/body" 2>/dev/null; }
read_header() { tr -d '\r' <"$work/headers" | sed -n "s/^$1: //Ip" | tail -n 1; }

# finds [OPTIONS] PATTERN: true if a line of the input matches. It reads all of it. `grep -q` ends at the first match,
# so the command before it can fail because nobody reads what it writes.
finds() { grep -c "$@" >/dev/null; }

expect_status() { [[ $status == "$1" ]] || fail "status $status instead of $1"; }
expect_json() { [[ $(read_answer "$1") == true ]] || fail "this does not hold: $1"; }
expect_header() { [[ $(read_header "$1") =~ $2 ]] || fail "header $1 is '$(read_header "$1")', not like '$2'"; }

# expect_problem STATUS CODE: a whole problem document, with the request's id.
expect_problem() {
    expect_status "$1"
    [[ $(read_answer .code) == "$2" ]] || fail "code $(read_answer .code) instead of $2"
    expect_json ".status == $1 and .type == \"/problems/$2\" and .title != \"\" and .error == .detail"
    [[ $(read_answer .instance) == "$(read_header X-Request-ID)" ]] || fail "instance is not the request's id"
    expect_header Content-Type '^application/problem\+json'
    [[ $1 != 401 ]] || expect_header WWW-Authenticate '^Bearer'
    [[ $1 != 429 && $1 != 503 ]] || expect_header Retry-After '^[0-9]+$'
}

# expect_field POINTER CODE: one of the complaints.
expect_field() {
    expect_json "[.errors[] | select(.pointer == \"$1\") | .code] == [\"$2\"]"
}

# print_request PATH BODY: prints a POST of JSON for `curl --config`, which prints the status of the answer. Several of
# them go through `sed 1d`, because curl takes "next" only between them.
print_request() {
    local body=${2//\\/\\\\}
    printf 'next\nsilent\nurl = "%s%s"\nheader = "Content-Type: application/json"\n' "$base" "$1"
    printf 'data-raw = "%s"\noutput = "/dev/null"\nwrite-out = "%%{http_code}\\n"\n' "${body//\"/\\\"}"
}

# print_token_option TOKEN: prints curl's arguments for a signed-in request, one a line.
print_token_option() { printf -- '--header\nAuthorization: Bearer %s\n' "$1"; }

# print_mails ADDRESS: prints every mail to that address as one JSON object a line: subject, text, html, link, id, raw.
print_mails() { tests/tools/mails.py "${MAIL_DIR:-$VAR/mail/box}" "$1"; }
has_mails() { (($(print_mails "$1" | wc -l) >= $2)); }

# wait_for_mail_token ADDRESS [N]: waits for the N-th mail to that address, and prints its token.
wait_for_mail_token() {
    wait_until 20 has_mails "$1" "${2:-1}" || return 1
    print_mails "$1" | sed -n "${2:-1}p" | jq -r .link | sed 's/.*token=//'
}

# wait_for_mail ADDRESS WORDS [N]: waits for N mails to that address whose subject has those words (or 1), and prints
# the last one as JSON.
wait_for_mail() {
    wait_until 20 subjects_have "$1" "$2" "${3:-1}" || return 1
    print_mails "$1" | jq -c --arg words "$2" 'select(.subject | contains($words))' | tail -n 1
}
subjects_have() { (($(print_mails "$1" | jq -r .subject | grep -cF -- "$2") >= $3)); }
read_token() { jq -r .link | sed 's/.*token=//'; }

# post PATH BODY [TOKEN]
post() { call POST "$1" "$2" ${3:+--header "Authorization: Bearer $3"}; }

# What sign_in and register leave for the scripts.
export access='' refresh='' id=''

# register NAME: a new account NAME@example.com; its tokens in $access and $refresh.
password="correct horse battery"
register() {
    call POST /api/register/ "{\"email\":\"$1@example.com\",\"username\":\"$1\",\"password\":\"$password\"}"
    access=$(read_answer .tokens.access)
    refresh=$(read_answer .tokens.refresh)
}

# make_user NAME: registers NAME@example.com, confirms the address, and signs in.
make_user() {
    register "$1"
    local token
    token=$(wait_for_mail_token "$1@example.com") || fail "no mail came to $1@example.com"
    call POST /api/verify-email/ "{\"token\":\"$token\",\"password\":\"$password\"}"
    sign_in "$1"
}

# sign_in NAME [PASSWORD]
sign_in() {
    call POST /api/login/ "{\"email\":\"$1@example.com\",\"password\":\"${2:-$password}\"}"
    access=$(read_answer .tokens.access)
    refresh=$(read_answer .tokens.refresh)
}

# run_ctl ARGUMENTS…: runs csauthctl on this stack.
run_ctl() { CSAUTH_CONFIG=$VAR/csauth.ini "$BUILD/csauthctl" "$@"; }

# expect_ctl STATUS WORDS COMMAND…: runs csauthctl, and expects that status and those words.
expect_ctl() {
    local expected=$1 words=$2 got
    shift 2
    run_ctl "$@" >"$work/said" 2>&1 </dev/null
    got=$?
    [[ $got == "$expected" ]] || fail "csauthctl $* gave $got instead of $expected: $(cat "$work/said")"
    grep -qF -- "$words" "$work/said" || fail "csauthctl $* does not say '$words': $(cat "$work/said")"
}

# add_user NAME [ARGUMENTS…]: adds NAME@example.com with csauthctl, and signs in. The ID is in $id.
add_user() {
    local name=$1
    shift
    run_ctl user add "$@" --password-stdin "$name@example.com" "$name" <<<"$password" >/dev/null ||
        fail "$name was not made"
    sign_in "$name"
    id=$(read_answer .user.id)
}

# call_signed_in METHOD PATH [BODY]: sends a request with the token in $access.
call_signed_in() { call "$@" --header "Authorization: Bearer $access"; }

# get_me [TOKEN]: asks for the account of the token, or of the one in $access.
# shellcheck disable=SC2120 # scripts pass one
get_me() { call GET /api/me/ --header "Authorization: Bearer ${1:-$access}"; }

find_run_dir() { print_run_dir "$(realpath "$VAR")"; }

# query STATEMENT: runs it on the service's database as its owner, and prints the rows.
query() {
    mariadb --no-defaults --socket="$(find_run_dir)/db.sock" --user="$(id -un)" --batch --skip-column-names \
        csauth -e "$1"
}

# find_id NAME: prints the ID of the user as the API shows it. NAME is in lower case.
find_id() {
    query "SELECT LOWER(HEX(id)) FROM users WHERE username_key = '$1'" |
        sed -E 's/(.{8})(.{4})(.{4})(.{4})(.{12})/\1-\2-\3-\4-\5/'
}

# recall NAME: makes the service check the user's tokens against the database soon, after a change by hand.
recall() {
    query "INSERT INTO recalls (kind, subject, recalled_at) SELECT 'user', id, UTC_TIMESTAMP(6) FROM users
        WHERE username_key = '$1'"
}
# is_signed_out [TOKEN]: succeeds if the service refuses the token, or the one in $access.
is_signed_out() { get_me "$@" && [[ $status == 401 ]]; }

# find_free_port: prints a port of 127.0.0.1 that is free at this moment.
find_free_port() {
    /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# read_access_cookie: prints the access cookie that the last answer set, in the form of a request.
read_access_cookie() { tr -d '\r' <"$work/headers" | sed -n 's/^Set-Cookie: \(__Host-csauth=[^;]*\);.*/\1/Ip'; }

# break_csauthd: kills csauthd of this stack, whose supervisor does not notice. start_csauthd starts it again.
break_csauthd() {
    local csauthd
    kill -STOP "$(read_pid "$(find_run_dir)/supervisor.process")"
    csauthd=$(read_pid "$(find_run_dir)/csauthd.process")
    kill -KILL "$csauthd"
    wait_until 20 process_is_gone "$csauthd" || fail "csauthd stays"
}
start_csauthd() {
    CSAUTH_CONFIG=$VAR/csauth.ini CSAUTH_LIMITS_ENABLED=off setsid "$BUILD/csauthd" >"$work/csauthd.out" 2>&1 &
    remember "$(find_run_dir)/csauthd.process" $!
    kill -CONT "$(read_pid "$(find_run_dir)/supervisor.process")"
}

# start_own_stack NAME [VARIABLE=VALUE…]: starts a stack for this script alone, which ends with it. The array
# run_options has more options for scripts/run.
run_options=()
start_own_stack() {
    VAR=$work/$1
    PORT=$(find_free_port)
    export VAR PORT
    shift
    base=http://127.0.0.1:$PORT
    own_stacks+=("$VAR")
    trap stop_own_stacks EXIT
    rm -f "$work/run.txt" # of a stack before this one
    env "$@" scripts/run --build "$BUILD" --var "$VAR" --port "$PORT" --quiet "${run_options[@]}" \
        >"$work/run.txt" 2>&1 &
    wait_until 150 grep -q '^ready' "$work/run.txt" || { cat "$work/run.txt"; fail "the stack did not start"; finish; }
}
own_stacks=()
stop_own_stacks() {
    local var
    for var in "${own_stacks[@]}"; do scripts/stop --var "$var" >/dev/null; done
}

# set_presence TOKEN STATUS
set_presence() { call PUT /api/presence/ "{\"status\":\"$2\"}" --header "Authorization: Bearer $1"; }

# stream_has NAME TEXT: whether the stream that goes to $work/NAME has said that; stream_says waits for it.
stream_has() { grep -qF -- "$2" "$work/$1" 2>/dev/null; }
stream_says() { wait_until 30 stream_has "$1" "$2" || fail "$1 does not say $2, but: $(tail -n 20 "$work/$1")"; }

# log_has PATTERN: whether csauthd's log has such a line.
log_has() { grep -q -- "$1" "$VAR/log/csauthd.log"; }

# list_pids ROLE: prints the processes of this stack's csauthd with that role. The kernel keeps 15 characters of a name.
list_pids() {
    local name=csauthd:$1
    pgrep --parent "$(cat "$(find_run_dir)/csauthd.pid")" --full '.' |
        while read -r pid; do [[ $(cat "/proc/$pid/comm" 2>/dev/null) == "${name:0:15}" ]] && echo "$pid"; done
}

# is_one_and_not ROLE PID: whether there is one process with that role, and another one than that.
is_one_and_not() {
    local now
    now=$(list_pids "$1")
    [[ $now =~ ^[0-9]+$ && $now != "$2" ]]
}

# run_housekeeping: starts a new keeper, which does the housekeeping at once.
run_housekeeping() {
    local keeper
    keeper=$(list_pids keeper)
    kill -STOP "$keeper"
    query "UPDATE leases SET held_until = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE name = 'housekeeping'"
    kill -KILL "$keeper"
}

# count_reloads: prints how often csauthd has read its configuration again.
count_reloads() { grep -c '"event":"reloaded"' "$VAR/log/csauthd.log"; }
has_reloaded() { (($(count_reloads) > $1)); }

# reload_csauthd: has csauthd read its configuration again, and waits until it has.
reload_csauthd() {
    local before
    before=$(count_reloads)
    kill -HUP "$(cat "$(find_run_dir)/csauthd.pid")"
    wait_until 60 has_reloaded "$before" || fail "csauthd did not reload"
}

has_one_mailer() { [[ $(list_pids mailer) =~ ^[0-9]+$ ]]; }

# reload_mailer: has csauthd read its configuration again, and waits until a new mailer works alone.
reload_mailer() {
    local old
    wait_until 30 has_one_mailer || fail "there is no mailer"
    old=$(list_pids mailer)
    reload_csauthd
    wait_until 30 is_one_and_not mailer "$old" || fail "the old mailer stays"
}
