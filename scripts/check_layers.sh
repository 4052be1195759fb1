#!/bin/bash
# Checks which folder includes which, against the table below, and that ARCHITECTURE.md shows the same table.
#   scripts/check_layers.sh            checks
#   scripts/check_layers.sh --table    prints the table for ARCHITECTURE.md
# A folder includes itself and the folders in its last column. Each of those must be needed: a folder
# that no file includes is a fault, too. A third-party header has one home. The domain names no URL and no JSON pointer.
set -euo pipefail
cd "$(dirname "$0")/.."

# folder | what it is | what it includes. A line that ends with a backslash continues on the next one.
print_table() {
    sed ':join; /\\$/ { N; s/ *\\\n */ /; b join }' <<'TABLE'
src/foundation/base | values and ports: Result, Error, Clock, Random, Uuid, Log, Transactions |
src/foundation/text | small functions over Unicode | base
src/foundation/json | small, strict types over RapidJSON | base
src/foundation/http | requests, responses, problems, queries; nothing about accounts | base json
src/foundation/crypto | OpenSSL and libsodium: key rings, JWS, sealed boxes, password hashes | base json
src/foundation/db | one connection, transactions, migrations | base
src/foundation/shm | memory and mutexes that processes share, and that survive a kill |
src/foundation/mail | messages, templates, the SMTP client | base crypto
src/domain/limits | counters of guesses and requests, and turns for password hashes, in shared memory | base crypto shm
src/domain/recall | the recall board: what ends tokens that were issued already, in shared memory | base shm
src/domain/events | the table of events, read in order, each event once | base
src/domain/presence | which devices are online, in shared memory, and how they look to whom | base shm
src/domain/images | picture files, avatars, and the process that makes them | base
src/domain/audit | the audit log and its chain of seals | base crypto shm
src/domain/outbox | mails that wait for delivery, and what becomes of them after each try | base mail
src/domain/users | users and the value types of their data: addresses, names, passwords | base text
src/domain/roles | roles, permissions, and which user may change which | base text audit users
src/domain/devices | devices and the keys by which they are known again | base json text crypto
src/domain/sessions | signing in, tokens, refresh, sign-out, what requests have shown of a session | \
    base json shm crypto limits recall presence audit outbox users roles devices
src/domain/accounts | registration, addresses, passwords, profiles, bans, deletion | \
    base text crypto images audit outbox users roles devices sessions
src/adapters/store | the ports of the domain over SQL | \
    base json crypto db recall events presence audit outbox users roles devices sessions accounts
src/adapters/server | the master, workers, sockets, libfcgi | base http shm
src/adapters/streamer | live streams in one event loop; FastCGI's records | base json http recall events presence server
handlers | HTTP over the domain | \
    base json http limits recall presence images audit outbox users roles devices sessions accounts streamer
src/processes | what each process is made of: csauthd's main, workers, mailer, keeper, follower, streamer, imager | \
    base json http crypto db shm mail limits recall events presence images audit outbox users roles sessions accounts \
    store server streamer handlers
src/ctl | csauthctl, and what generates documents from the code | \
    base json http crypto db limits recall presence images audit users roles devices sessions accounts \
    store server streamer handlers processes
TABLE
}

if [[ ${1-} == --table ]]; then
    echo '| folder | what it is | includes |'
    echo '|---|---|---|'
    print_table | sed -E 's/^([^|]*[^ |]) \| ([^|]*) \| ?(.*)$/| `\1` | \2 | \3 |/; s/\|  \|$/| the standard library |/'
    exit
fi

# find_home HEADER: prints a pattern of the files that may include it. Prints an empty text if every file may.
find_home() {
    case $1 in
        fcgiapp.h) echo 'src/adapters/server/fcgi.cpp' ;;
        cgicc/*) echo 'src/foundation/http/form.cpp' ;;
        rapidjson/*) echo 'src/foundation/json/' ;;
        cppconn/* | mysql_driver.h) echo 'src/foundation/db/' ;;
        openssl/crypto.h) echo 'src/foundation/(crypto/|base/secret\.)' ;;
        openssl/ssl.h) echo 'src/foundation/(crypto/tls_handles\.h|mail/)' ;;
        openssl/*) echo 'src/foundation/(crypto|mail)/' ;;
        sodium.h | crypt.h) echo 'src/foundation/crypto/' ;;
        utf8proc.h) echo 'src/foundation/text/' ;;
        idn2.h) echo 'src/domain/users/' ;;
        boost/asio*) echo 'src/adapters/streamer/' ;;
        gd.h) echo 'src/domain/images/(avatar|gif)\.cpp' ;;
        jpeglib.h) echo 'src/domain/images/jpeg\.cpp' ;;
        png.h) echo 'src/domain/images/png\.cpp' ;;
        webp/*) echo 'src/domain/images/webp\.cpp' ;;
    esac
}

bad=0
complain() {
    echo "$1"
    bad=1
}

declare -A may_include=() has_used=() path_of=()
while IFS='|' read -r path _ includes; do
    path=${path% }
    name=${path##*/}
    path_of[$name]=$path
    may_include[$name]=" $includes "
    [[ -d $path ]] || complain "$path: no such folder"
done < <(print_table)

for folder in src/foundation/*/ src/domain/*/ src/adapters/*/ src/*/; do
    name=$(basename "$folder")
    case $name in foundation | domain | adapters) continue ;; esac
    [[ ${path_of[$name]-}/ == "$folder" ]] || complain "$folder is not in the table of scripts/check_layers.sh"
done

find_layer() {
    case $1 in
        handlers/*) echo handlers ;;
        src/processes/*) echo processes ;;
        src/ctl/*) echo ctl ;;
        *) local below=${1#src/*/} && echo "${below%%/*}" ;;
    esac
}

while IFS=: read -r file include; do
    layer=$(find_layer "$file")
    kind=${include:0:1}
    include=${include:1}
    home=$(find_home "$include")
    [[ -z $home || $file =~ ^$home ]] || complain "$file: <$include> belongs to $home"
    [[ $kind == '"' ]] || continue
    case $include in
        */*) other=${include%%/*} ;;
        *) other=processes ;; # "config.h"
    esac
    [[ $other != "$layer" ]] || continue
    [[ -n ${path_of[$other]-} ]] || { complain "$file: nobody knows the folder of $include"; continue; }
    [[ ${may_include[$layer]} == *" $other "* ]] || complain "$file: $layer may not include $include"
    has_used["$layer $other"]=1
done < <(grep -rnoE '^#include [<"][^>"]+' --include='*.h' --include='*.cpp' src handlers |
    sed -E 's/^([^:]+):[0-9]+:#include /\1:/')

for layer in "${!may_include[@]}"; do
    for other in ${may_include[$layer]}; do
        [[ -n ${has_used["$layer $other"]-} ]] || complain "scripts/check_layers.sh: no file of $layer includes $other"
    done
done

# Comments may show a URL. What follows // within a string is not a comment.
if grep -rnE '"/[a-z_]+"|"[^"]*[a-z]://' --include='*.h' --include='*.cpp' src/domain |
    grep -vE '^[^:]+:[0-9]+: *///?'; then
    complain "the domain names no URL and no JSON pointer: those above belong to handlers or http"
fi

if [[ $(scripts/check_layers.sh --table) != "$(sed -n '/^| folder | what it is/,/^$/p' ARCHITECTURE.md)" ]]; then
    complain "ARCHITECTURE.md shows another table: put in what scripts/check_layers.sh --table prints"
fi

((bad == 0)) && echo "layers: good"
exit "$bad"
