#!/bin/bash
# A file may include its own layer and those that stand behind the colon. Third-party headers have one home.
set -euo pipefail
cd "$(dirname "$0")/.."

allowed() {
    case $1 in
        base) echo '' ;;
        json | text) echo 'base' ;;
        http) echo 'base json' ;;
        crypto) echo 'base json' ;;
        db) echo 'base' ;;
        mail) echo 'base crypto' ;;
        shm) echo 'base' ;;
        limits) echo 'base crypto shm' ;;
        recall | activity | presence) echo 'base shm' ;;
        images | events) echo 'base' ;;
        audit) echo 'base crypto shm' ;;
        outbox) echo 'base' ;;
        users) echo 'base text' ;;
        roles) echo 'base text audit users' ;;
        devices) echo 'base json text crypto users' ;;
        sessions) echo 'base json text crypto limits recall activity presence audit outbox users roles devices' ;;
        accounts) echo 'base json text crypto limits recall activity images audit outbox users roles devices sessions' ;;
        store) echo 'base json crypto db limits recall activity presence events images audit outbox users roles devices sessions accounts' ;;
        handlers) echo 'base json text http limits recall presence streamer images audit outbox users roles devices sessions accounts' ;;
        server) echo 'base http shm' ;;
        streamer) echo 'base json http recall presence events server' ;;
        ctl) echo 'base text json http crypto db limits mail recall audit outbox users roles devices sessions accounts store' ;;
        *) return 1 ;;
    esac
}

# The one layer, or the files, that may include a header.
home_of() {
    case $1 in
        fcgiapp.h) echo 'src/server/fcgi.cpp' ;;
        cgicc/*) echo 'src/http/form.cpp' ;;
        rapidjson/*) echo 'src/json/' ;;
        cppconn/* | mysql_driver.h) echo 'src/db/' ;;
        openssl/crypto.h) echo 'src/(crypto/|base/secret\.h)' ;;
        openssl/*) echo 'src/(crypto|mail)/' ;;
        sodium.h | crypt.h) echo 'src/crypto/' ;;
        utf8proc.h) echo 'src/text/' ;;
        idn2.h) echo 'src/users/' ;;
        gd.h) echo 'src/images/(avatar|gif)\.cpp' ;;
        jpeglib.h) echo 'src/images/jpeg\.cpp' ;;
        png.h) echo 'src/images/png\.cpp' ;;
        webp/*) echo 'src/images/webp\.cpp' ;;
    esac
}

bad=0
complain() {
    echo "$1"
    bad=1
}

while IFS=: read -r file include; do
    case $file in
        handlers/*) layer=handlers ;;
        src/*/*) layer=${file#src/} layer=${layer%%/*} ;;
        *) layer=root ;; # the composition roots may see everything
    esac
    home=$(home_of "$include")
    [[ -z $home || $file =~ ^$home ]] || complain "$file: <$include> belongs to $home"

    [[ $layer != root && $layer != tools && $include == */* ]] || continue
    other=${include%%/*}
    [[ -d src/$other || $other == handlers ]] || continue
    may=$(allowed "$layer") || { complain "$file: layer $layer is unknown to this check"; continue; }
    [[ $other == "$layer" || " $may " == *" $other "* ]] || complain "$file: layer $layer may not include $include"
done < <(grep -rnoE '^#include [<"][^>"]+' --include='*.h' --include='*.cpp' src handlers | sed -E 's/^([^:]+):[0-9]+:#include [<"]/\1:/')

((bad == 0)) && echo "layers: good"
exit "$bad"
