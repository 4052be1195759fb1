# Shared by the scripts that start and stop things. shellcheck shell=bash

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# wait_until SECONDS COMMAND…: polls until the command succeeds; fails when the time is up.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

# is_running PID_FILE: whether the process that the file names lives.
is_running() {
    local pid
    pid=$(cat "$1" 2>/dev/null) && [[ -n $pid ]] && kill -0 "$pid" 2>/dev/null
}

# end PID_FILE SIGNAL SECONDS: ends that process, with SIGKILL when it takes too long.
end() {
    is_running "$1" || { rm -f "$1"; return 0; }
    local pid
    pid=$(cat "$1")
    kill -s "$2" "$pid" 2>/dev/null || true
    wait_until "$3" process_is_gone "$pid" || kill -s KILL "$pid" 2>/dev/null || true
    rm -f "$1"
}

process_is_gone() {
    # A zombie has gone, as far as we care: its parent has not looked yet.
    [[ ! -r /proc/$1/stat ]] || [[ $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -c1) == [ZX] ]]
}

# run_dir_of VAR: where sockets and pid files are: below VAR, unless that path is too long for a socket.
run_dir_of() {
    local dir=$1/run
    if ((${#dir} + ${#longest_socket} + 1 > 107)); then
        dir=/tmp/csauth-$UID-$(printf '%s' "$1" | sha256sum | cut -c1-12)
    fi
    printf '%s' "$dir"
}
readonly longest_socket=hash.sock

# end_all RUN_DIR: ends what scripts/run started, in an order that loses nothing.
end_all() {
    end "$1/nginx.pid" QUIT 10
    end "$1/csauthd.pid" TERM 40
    end "$1/smtp.pid" TERM 5
    end "$1/db.pid" TERM 30
}
