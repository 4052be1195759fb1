#!/bin/bash
# Installs the service by the commands of docs/operate/installing.md on a machine of its own, and boots that machine
# twice. The machine is a container of systemd-nspawn with systemd as process 1. Its root is this machine's, under an
# overlay whose upper layer is in memory, so nothing outside changes.

source "$(dirname "$0")/../lib.sh"

# All mounts are made in a mount namespace of this script's: they vanish with its last process, even if it is killed.
if [[ -z ${BOOT_TEST_NAMESPACE-} ]]; then
    ((EUID == 0)) || skip "booting a container needs root"
    for program in systemd-nspawn nsenter unshare setpriv; do
        command -v "$program" >/dev/null || skip "$program is missing"
    done
    [[ -e /lib/systemd/system/mariadb.service && -e /lib/systemd/system/nginx.service ]] ||
        skip "the units of Debian's nginx and MariaDB are missing"
    unshare --mount true 2>/dev/null || skip "mounting is not allowed here"
    BOOT_TEST_NAMESPACE=yes exec unshare --mount --propagation private bash tests/process/boot_test.sh
fi

host=auth.example.com
base=https://$host
memory=$work/memory
root=$memory/root
console=$work/console.txt
installed=/srv/csauth # the source tree on the new machine, below $root
certificate=/etc/letsencrypt/live/$host/fullchain.pem

# ---- The machine
nspawn=
leader=

# run_inside COMMAND…: runs it on the machine, in a clean environment.
run_inside() {
    nsenter --target "$leader" --all -- \
        env --ignore-environment PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        CURL_CA_BUNDLE="$certificate" "$@"
}

# Requests of tests/lib.sh come from the machine's own network.
curl() {
    nsenter --target "$leader" --net -- /usr/bin/curl --cacert "$root$certificate" \
        --connect-to "$host:443:${address:-127.0.0.1}:443" "$@"
}
run_ctl() { run_inside runuser -u csauth -- csauthctl "$@"; }

find_leader() { leader=$(pgrep --parent "$nspawn" | head -n 1) && [[ -n $leader ]]; }
is_up() { [[ $(run_inside systemctl is-system-running) =~ ^(running|degraded)$ ]]; }
is_active() { run_inside systemctl is-active --quiet "$@"; }
is_ready() { curl --silent --fail --max-time 5 --output /dev/null "$base/readyz"; }
print_journal() { run_inside journalctl --no-pager --output=cat "$@"; }
journal_has() { print_journal --unit=csauthd.service | finds -- "$1"; }

# What a reader of a failure needs, once.
fail_with_journal() {
    fail "$1"
    {
        run_inside systemctl --no-pager --failed
        run_inside ls -la /run/csauth
        run_inside tail -n 5 /var/log/nginx/error.log
        print_journal --lines=20 --unit='csauthd*'
    } 2>&1 | sed 's/^/    /'
}

# Two machines that boot at the same time must not share a control group: each systemd takes its own for the root.
make_cgroup() {
    local mounted own
    mounted=$(findmnt --noheadings --first-only --types cgroup2 --output TARGET) &&
        own=$(sed -n 's/^0:://p' /proc/self/cgroup) || return
    cgroup=${mounted%/}${own%/}/csauth-boot-$$
    mkdir -p "$cgroup"
}

boot() {
    (
        echo "$BASHPID" >"$cgroup/cgroup.procs" || exit
        SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 exec setpriv --pdeathsig TERM systemd-nspawn \
            --quiet --keep-unit --register=no \
            --settings=no --private-network --link-journal=no --timezone=off --resolv-conf=off --console=pipe \
            --machine="csauth-boot-$$" \
            --directory="$root" --boot systemd.show_status=no
    ) </dev/null >>"$console" 2>&1 &
    nspawn=$!
    wait_until 20 find_leader && wait_until 90 is_up
}

power_off() {
    [[ -n $nspawn ]] || return 0
    kill -TERM "$nspawn" 2>/dev/null # an orderly shutdown
    wait_until 60 process_is_gone "$nspawn" || kill -KILL "$nspawn" ${leader:+"$leader"} 2>/dev/null
    wait "$nspawn" 2>/dev/null
    nspawn=
    leader=
}
clean_up() {
    power_off
    # systemd-nspawn makes one of the same name in the older hierarchy.
    find /sys/fs/cgroup -depth -type d -path "*/csauth-boot-$$*" -exec rmdir {} + 2>/dev/null
}

print_master() { run_inside systemctl show --property=MainPID --value csauthd.service; }

# answers_anew OLD: a master other than OLD answers through nginx.
answers_anew() { is_ready && [[ $(print_master) != "$1" && $(print_master) != 0 ]]; }
worker_is_gone() { ! run_inside kill -0 "$worker"; }
log_says() { run_inside grep -q "\"event\":\"$1\"" "$log"; }
requests_are_logged() { call GET /api/me/ && log_says request; }
log_names_it() { run_inside grep '"event":"socket_unreachable"' "$log" | finds 'www-data.*/run/csauth'; }

trap clean_up EXIT

make_machine() {
    # where systemd-nspawn keeps its own
    mkdir -p /run/systemd/nspawn && mount -t tmpfs tmpfs /run/systemd/nspawn || return
    mkdir "$memory" && mount -t tmpfs -o size=2g,mode=0755 tmpfs "$memory" &&
        mkdir "$memory/upper" "$memory/work" "$root" &&
        mount -t overlay -o "lowerdir=/,upperdir=$memory/upper,workdir=$memory/work" overlay "$root" || return
    # A plain Debian with nginx and MariaDB: none of what else is installed or configured here is started.
    rm -rf "$root"/etc/systemd/system "$root"/etc/{csauth,letsencrypt} "$root"/usr/share/csauth \
        "$root"/usr/lib/tmpfiles.d/csauth.conf \
        "$root"/etc/nginx/conf.d "$root"/var/log/{csauth,journal} "$root"/var/lib/csauth "$root"/srv/csauth
    mkdir -p "$root"/etc/systemd/system "$root"/etc/nginx/conf.d "$root/$installed/build/release"
    : >"$root"/etc/machine-id
    rm -f "$root"/etc/resolv.conf
    systemctl --root="$root" --quiet enable nginx.service mariadb.service || return
    systemctl --root="$root" --quiet mask systemd-resolved.service systemd-networkd.service systemd-timesyncd.service \
        console-getty.service
    cp -r docs nginx scripts src systemd "$root/$installed" &&
        cp -r "$BUILD"/{csauthd,csauthctl,nginx,web} "$root/$installed/build/release" &&
        mkdir -p "$root${certificate%/*}" &&
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$host" -addext \
        "subjectAltName=DNS:$host" \
            -keyout "$root${certificate%/*}/privkey.pem" -out "$root$certificate" 2>/dev/null
}

make_cgroup || skip "there is no control group to boot a container in"
make_machine || { fail "the machine could not be made"; finish; }
if ! boot; then
    # A machine that can't boot a container at all says nothing about our units.
    power_off
    skip "systemd does not boot in a container here: $(tail -n 3 "$console" | tr '\n' ' ')"
fi

# ---- The document
it "docs_installing_commands_run_as_written"
# The blocks marked sh are the commands of steps 2 to 8.
sed -n '/^```sh$/,/^```$/ p' docs/operate/installing.md | sed 's/^```.*//' >"$root/$installed/commands"
(($(grep -c . "$root/$installed/commands") > 40)) || fail "the document has lost its commands"
run_inside env --chdir="$installed" bash -euo pipefail ./commands >"$work/commands.txt" 2>&1 ||
    fail_with_journal "they fail: $(tail -n 5 "$work/commands.txt")"

it "installed_service_answers_through_nginx"
wait_until 20 is_ready || fail_with_journal "/readyz is not 200 through nginx"
[[ $(run_inside stat --format='%U:%G %a' /run/csauth) == "csauth:csauth 755" ]] ||
    fail "/run/csauth is $(run_inside stat --format='%U:%G %a' /run/csauth)"
for socket in edge api hash stream; do
    [[ $(run_inside stat --format='%U:%G %a' "/run/csauth/$socket.sock") == "csauth:www-data 660" ]] ||
        fail "$socket.sock is $(run_inside stat --format='%U:%G %a' "/run/csauth/$socket.sock")"
done
journal_has socket_unreachable && fail "it warns of a socket that nginx reaches"

it "sign_up_and_sign_in_work_through_every_pool"
register boot-ann
expect_status 201
add_user boot-boss
expect_status 200
call_signed_in GET /api/me/
expect_status 200
call GET /auth/verify --header "Authorization: Bearer $access"
expect_status 204

it "uploaded_picture_is_served_by_nginx"
mkdir "$work/pictures"
tests/tools/pictures.py "$work/pictures"
call_signed_in PUT /api/me/avatar/ --header 'Content-Type: image/png' --data-binary "@$work/pictures/good.png"
expect_status 200
call GET "$(read_answer .avatar)"
expect_status 200
expect_header Content-Type '^image/webp'
: >"$work/body" # no picture among the failures of the next cases

it "service_answers_over_ipv6"
if run_inside test -s /proc/net/if_inet6; then
    address='[::1]'
    call GET /readyz
    expect_status 200
    address=
fi

# ---- Units, one by one

it "stopped_service_starts_again"
old=$(print_master)
run_inside systemctl stop csauthd.service >/dev/null 2>&1
run_inside systemctl start csauthd.service || fail_with_journal "it does not start"
wait_until 20 answers_anew "$old" || fail_with_journal "it does not answer"

it "stopped_service_is_started_by_a_request"
old=$(print_master)
run_inside systemctl stop csauthd.service >/dev/null 2>&1
wait_until 20 answers_anew "$old" || fail_with_journal "no request starts it"

it "restarted_service_answers"
old=$(print_master)
run_inside systemctl restart csauthd.service || fail_with_journal "it does not restart"
wait_until 20 answers_anew "$old" || fail_with_journal "it does not answer"

for socket in csauthd-api.socket csauthd-edge.socket; do
    it "service_answers_after_its_${socket%.socket}_socket_is_restarted_alone"
    run_inside systemctl restart "$socket" || fail_with_journal "it does not restart"
    wait_until 20 is_active csauthd.service || fail_with_journal "the service is down"
    wait_until 20 is_ready || fail_with_journal "it does not answer"
    call GET /auth/verify --header "Authorization: Bearer $access"
    expect_status 204
done

it "service_answers_after_an_update"
units=(csauthd-edge.socket csauthd-api.socket csauthd-hash.socket csauthd-stream.socket csauthd.service)
run_inside systemctl stop csauthd.service "${units[@]:0:4}" || fail_with_journal "the units do not stop"
call GET /readyz
expect_status 503
run_inside systemctl start "${units[@]}" || fail_with_journal "the units do not start"
wait_until 20 is_ready || fail_with_journal "it does not answer"

it "killed_worker_leaves_the_service_up"
worker=$(run_inside pgrep --parent "$(print_master)" | head -n 1)
run_inside kill -KILL "$worker"
wait_until 20 worker_is_gone || fail "it was not killed"
wait_until 20 is_ready || fail_with_journal "it does not answer"
is_active csauthd.service || fail_with_journal "the unit is down"

# ---- What the units let the service do
it "reload_takes_a_log_file_and_a_credential"
# The credential is read at a reload, and log.file is where the units allow one.
run_inside mkdir -p /etc/systemd/system/csauthd.service.d
run_inside tee /etc/systemd/system/csauthd.service.d/credential.conf >/dev/null <<'UNIT'
[Service]
LoadCredential=db:/etc/csauth/db_password
UNIT
run_inside sed -i 's,^password_file = .*db_password,password_file = credential:db,' /etc/csauth/csauth.ini
run_inside systemctl daemon-reload
run_inside systemctl restart csauthd.service || fail_with_journal "it does not start with a credential"
wait_until 20 is_ready || fail_with_journal "it does not reach the database with a credential"
run_inside tee -a /etc/csauth/csauth.ini >/dev/null <<'INI'

[log]
file = /var/log/csauth/csauthd.log
INI
run_inside systemctl reload csauthd.service || fail_with_journal "it does not reload"
log=/var/log/csauth/csauthd.log
wait_until 30 log_says reloaded || fail_with_journal "it does not write the log file"
call GET /readyz
expect_status 200
# Only the unit has the credential; commands by hand need the file.
run_inside sed -i 's,^password_file = credential:db,password_file = /etc/csauth/db_password,' /etc/csauth/csauth.ini

it "log_file_is_opened_anew_after_a_rotation"
run_inside mv "$log" "$log.1"
run_inside systemctl kill --kill-whom=main -s USR1 csauthd.service
wait_until 20 requests_are_logged || fail_with_journal "nothing is written to the new file"

it "home_and_system_are_closed_to_the_service"
for path in /home /root /usr/sbin /etc/csauth; do
    run_inside nsenter --target "$(print_master)" --mount -- runuser -u csauth -- \
        touch "$path/csauth-test" 2>/dev/null &&
        fail "it can write to $path"
done
for path in /run/csauth /var/lib/csauth /var/log/csauth; do
    run_inside nsenter --target "$(print_master)" --mount -- runuser -u csauth -- touch "$path/csauth-test" ||
        fail "it can't write to $path"
done

it "unreachable_socket_is_named_by_the_check_and_the_log"
run_inside chmod 0700 /run/csauth
run_inside csauthd -t >"$work/check" 2>&1
grep -q 'www-data.*/run/csauth' "$work/check" || fail "csauthd -t says: $(cat "$work/check")"
run_inside systemctl restart csauthd.service
wait_until 20 log_names_it || fail "the log says nothing"
run_inside systemd-tmpfiles --create csauth.conf
wait_until 20 is_ready || fail_with_journal "tmpfiles.d does not heal it"
run_inside csauthd -t >"$work/check" 2>&1 || fail "csauthd -t fails: $(cat "$work/check")"
grep -q www-data "$work/check" && fail "it still warns: $(cat "$work/check")"

it "unit_stays_tight_with_its_limits"
run_inside systemctl show csauthd.service >"$work/unit"
grep -qx 'TasksMax=2048' "$work/unit" || fail "$(grep TasksMax "$work/unit")"
grep -qx 'OOMPolicy=continue' "$work/unit" || fail "$(grep OOMPolicy "$work/unit")"
grep -qxE 'MemoryMax=[0-9]+' "$work/unit" || fail "$(grep MemoryMax "$work/unit")"

# ---- The second boot
it "service_answers_after_a_reboot_without_help"
power_off
boot || fail "the machine does not boot: $(tail -n 3 "$console")"
wait_until 30 is_ready || fail_with_journal "/readyz is not 200 through nginx"
sign_in boot-boss
expect_status 200
register boot-bob
expect_status 201

finish
