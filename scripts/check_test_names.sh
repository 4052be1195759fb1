#!/bin/bash
# Checks that tests mirror the sources: tests/unit/domain/sessions/refresh_test.cpp tests refresh.h or refresh.cpp in
# src/domain/sessions and holds the suite `refresh`, and no other. Files in tests/store do so for src/adapters/store
# and src/foundation/db.
#   scripts/check_test_names.sh
set -euo pipefail
cd "$(dirname "$0")/.."

# exceptions: prints test files without a source of their name, each with its reason. An exception that is not needed
# is a fault, too.
exceptions() {
    cat <<'LIST'
tests/unit/handlers/django_clients_test.cpp | clients of the former service, across all handlers
tests/unit/handlers/mail_texts_test.cpp | what answers say about mails and waits, across several handlers
tests/unit/handlers/permissions_test.cpp | every route with every kind of caller
tests/unit/domain/accounts/unconfirmed_address_test.cpp | mails to unconfirmed addresses, across several services
tests/unit/domain/sessions/rotation_test.cpp | the rotation modes of refresh tokens, across Refresh, Tokens and Gate
LIST
}

bad=0
complain() {
    echo "$1"
    bad=1
}

# has_source FILE NAME: true if a source has that name in the folder that FILE mirrors.
has_source() {
    local folder folders
    case $1 in
        tests/unit/handlers/*) folders=handlers ;;
        tests/unit/*) folders=src/$(dirname "${1#tests/unit/}") ;;
        *) folders='src/adapters/store src/foundation/db' ;;
    esac
    for folder in $folders; do
        [[ -e $folder/$2.h || -e $folder/$2.cpp ]] && return
    done
    return 1
}

declare -A is_exception=()
while IFS=' ' read -r file _; do
    is_exception[$file]=1
    [[ -e $file ]] || complain "scripts/check_test_names.sh: $file does not exist: remove the exception"
done < <(exceptions)

while read -r file; do
    [[ $file == *_test.cpp ]] || { complain "$file: name a test SOURCE_test.cpp, and helpers NAME.h"; continue; }
    name=$(basename "$file" _test.cpp)
    if has_source "$file" "$name"; then
        [[ -z ${is_exception[$file]-} ]] ||
            complain "scripts/check_test_names.sh: $file has a source: remove the exception"
    elif [[ -z ${is_exception[$file]-} ]]; then
        complain "$file: no source $name.h or $name.cpp: rename the test to the source that it tests"
    fi
    suites=$(sed -nE 's/^ *BOOST_(AUTO|FIXTURE)_TEST_SUITE\( *([A-Za-z0-9_]+).*/\2/p' "$file" | paste -sd' ')
    [[ $suites == "$name" ]] || complain "$file: holds '$suites': give it one suite, named $name"
done < <(find tests/unit tests/store -name '*.cpp' ! -name main.cpp | sort)

((bad == 0)) && echo "test names: good"
exit "$bad"
