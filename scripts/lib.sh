# Functions for the scripts that start and stop processes.
# shellcheck shell=bash

# Where Debian keeps daemons, which a user's PATH leaves out.
PATH=$PATH:/usr/sbin:/sbin

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# use_plain_surroundings: makes tests and benches independent of the caller's locale, time zone, umask, proxies and
# variables of other programs. Changes this shell and what it starts.
use_plain_surroundings() {
    export LC_ALL=C.UTF-8 TZ=UTC
    umask 022
    unset LANGUAGE BASH_ENV CDPATH POSIXLY_CORRECT GREP_OPTIONS PYTHONPATH PYTHONHOME SMTP_PORT
    unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
    unset CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR SSLKEYLOGFILE OPENSSL_CONF
    unset MYSQL_PWD MYSQL_HOST MYSQL_TCP_PORT MYSQL_UNIX_PORT
    unset NOTIFY_SOCKET LISTEN_FDS LISTEN_FDNAMES LISTEN_PID CREDENTIALS_DIRECTORY WATCHDOG_USEC
    unset "${!CSAUTH_@}"
    # nginx, PHP and uWSGI read some paths up to a space, and the path of a socket has at most 107 bytes.
    local tmp=${TMPDIR:-/tmp}
    if [[ $tmp == *[!A-Za-z0-9/._-]* || ${#tmp} -gt 30 ]]; then export TMPDIR=/tmp; fi
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

# read_stat PID: reads the fields of /proc/PID/stat after the process name (proc(5)) into the array $stat. Fails if the
# process is gone. Starts no process itself, because `make run` calls it twice a second.
read_stat() {
    local line=''
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
    read -ra stat <<<"${line##*) }"
}

# remember FILE PID: writes the number and the start time of a process into the file. The number alone is not enough,
# because numbers are used again. After a reboot, the file could name the process of another user.
remember() {
    local stat=()
    read_stat "$2" || true
    echo "$2 ${stat[19]-}" >"$1"
}

# is_running FILE: succeeds if the remembered process lives.
is_running() {
    local pid='' start='' stat=()
    { read -r pid start <"$1"; } 2>/dev/null || return 1
    [[ -n $pid && -n $start ]] && read_stat "$pid" && [[ ${stat[19]} == "$start" && ${stat[0]} != [ZX] ]]
}

read_pid() { cut -d' ' -f1 "$1"; }

# end_process FILE SIGNAL SECONDS: ends the remembered process. Sends SIGKILL if it still lives after SECONDS.
end_process() {
    is_running "$1" || { rm -f "$1"; return 0; }
    local pid
    pid=$(read_pid "$1")
    kill -s "$2" "$pid" 2>/dev/null || true
    kill -s CONT "$pid" 2>/dev/null || true # a stopped process must continue to get the signal
    wait_until "$3" process_is_gone "$pid" || kill -s KILL "$pid" 2>/dev/null || true
    rm -f "$1"
}

process_is_gone() {
    # A zombie counts as gone: only its parent has not fetched its status yet.
    local stat=()
    ! read_stat "$1" || [[ ${stat[0]} == [ZX] ]]
}

# print_run_dir VAR: prints the directory of sockets and process files. It is VAR/run, or a directory in /tmp if that
# path is too long for a socket.
print_run_dir() {
    local LC_ALL=C dir=$1/run longest_socket=/imager.sock
    if ((${#dir} + ${#longest_socket} > 107)); then
        dir=/tmp/csauth-$UID-$(printf '%s' "$1" | sha256sum | cut -c1-12)
    fi
    printf '%s' "$dir"
}

# trust DIR: fails unless the directory is ours, because anybody may make one in /tmp.
trust() { [[ -O $1 && -d $1 && ! -L $1 ]] || fail "$1 belongs to somebody else"; }

# end_all RUN_DIR: ends what scripts/run started. Each program ends before those that it depends on.
end_all() {
    end_process "$1/nginx.process" QUIT 10
    end_process "$1/csauthd.process" TERM 40
    end_process "$1/smtp.process" TERM 5
    end_process "$1/db.process" TERM 30
}
