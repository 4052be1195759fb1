#!/bin/bash
# What people do with their own account: look, change, take it along, end it.
source "$(dirname "$0")/../lib.sh"

hash_row() { query "SELECT * FROM users WHERE username = 'me-ann'" | sha256sum; }

list_roles() {
    query "SELECT r.role_name FROM user_roles r JOIN users u ON u.id = r.user_id WHERE u.username = 'me-ann'"
}

is_erased() {
    [[ $(query "SELECT COUNT(*) FROM audit_log WHERE subject_id = UNHEX('$id') AND (ip <> '' OR detail <> '')") == 0 ]]
}

is_address_gone() {
    [[ $(query "SELECT COUNT(*) FROM outbox WHERE recipient LIKE 'me-ann@%' AND state <> 'sending'") == 0 ]]
}

is_gone() { [[ $(query "SELECT COUNT(*) FROM users WHERE username = 'me-late'") == 0 ]]; }

change_profile() { call PATCH "${2-/api/me/}" "$1" --header "Authorization: Bearer $access"; }
make_user me-ann

it "changes what is one's own to change, in any script"
change_profile '{"full_name":"Ánn Ω Пример 例え","bio":"Zeile 1\nZeile 2 🐣","language":"sw","hide_presence":true}'
expect_status 200
expect_json '.full_name == "Ánn Ω Пример 例え" and .bio == "Zeile 1\nZeile 2 🐣" and .language == "sw" and .hide_presence'
change_profile '{"bio":"","hide_presence":false}' /api/profile
expect_json '.bio == "" and .full_name == "Ánn Ω Пример 例え" and (.hide_presence | not)'
change_profile '{}'
expect_status 200
call GET /api/profile/ --header "Authorization: Bearer $access"
expect_json '.language == "sw"'

it "takes names and bios up to their limit and not beyond"
name=$(printf 'ä%.0s' $(seq 255))
bio=$(printf '例%.0s' $(seq 500))
change_profile "{\"full_name\":\"$name\",\"bio\":\"$bio\"}"
expect_status 200
expect_json '(.full_name | length) == 255 and (.bio | length) == 500'
change_profile "{\"full_name\":\"${name}x\",\"bio\":\"${bio}x\"}"
expect_problem 422 validation_failed
expect_field /full_name too_long
expect_field /bio too_long

it "cleans names and bios, and refuses control characters alone"
change_profile '{"full_name":" two\nlines\u200b ","bio":"\u202etwo\r\nlines\t"}'
expect_status 200
expect_json '.full_name == "two lines" and .bio == "two\nlines"'
change_profile '{"full_name":"\u05d0\u200f! \ud83e\udeea \ud83d\udc69\u200d\ud83d\ude80"}'
expect_status 200
expect_json '.full_name == "\u05d0\u200f! \ud83e\udeea \ud83d\udc69\u200d\ud83d\ude80"'
for text in 'a\u0007b' 'a\u009bb' 'a\uffffb'; do
    change_profile "{\"full_name\":\"$text\"}"
    expect_field /full_name invalid
    change_profile "{\"bio\":\"$text\"}"
    expect_field /bio invalid
done
for body in '{"full_name":1}' '{"bio":[]}' '{"hide_presence":"yes"}' '{"language":"xx"}' '{"language":5}'; do
    change_profile "$body"
    expect_problem 422 validation_failed
done

it "renames, and keeps the former name for its holder for 90 days"
change_profile '{"username":"me-anna"}'
expect_status 200
expect_json '.username == "me-anna"'
call POST /api/register/ '{"email":"me-thief@example.com","username":"ME-ANN","password":"correct horse battery"}'
expect_problem 409 username_taken
change_profile '{"username":"admin"}'
expect_field /username reserved
change_profile '{"username":"no"}'
expect_field /username too_short
ann=$access
ann_refresh=$refresh
register me-bob
change_profile '{"username":"me-ann"}'
expect_problem 409 username_taken
change_profile '{"username":"Me-Anna"}'
expect_problem 409 username_taken
access=$ann
refresh=$ann_refresh
change_profile '{"username":"me-ann"}'
expect_status 200
post /api/token/ "{\"username\":\"me-ann\",\"password\":\"$password\"}"
expect_status 200
post /api/token/ "{\"username\":\"me-anna\",\"password\":\"$password\"}"
expect_problem 401 invalid_credentials

it "holds a handful of names for one person, and no more"
for number in 1 2 3 4; do
    change_profile "{\"username\":\"me-name-$number\"}"
    expect_status 200
done
change_profile '{"username":"me-name-5"}'
expect_problem 429 too_many_requests
query "UPDATE reservations SET held_until = NOW(6) - INTERVAL 1 SECOND WHERE kind = 'username'"
change_profile '{"username":"me-ann"}'
expect_status 200

it "changes no column and no member that is not one's own to change"
before=$(hash_row)
roles_before=$(list_roles)
columns=$(query "SELECT column_name FROM information_schema.columns WHERE table_schema = 'csauth'
    AND table_name IN ('users', 'user_roles', 'roles')")
others="id email_verified is_verified verified is_admin is_staff is_superuser is_active role roles permissions"
others+=" groups is_online last_seen user_id sub password password2 new_password session tokens sid ban banned"
walked=0
for member in $columns $others; do
    case $member in username | full_name | bio | language | hide_presence | email) continue ;; esac
    for value in true 1 '"admin"' '["admin"]' '{"can_manage_users":true}' '"2000-01-01 00:00:00"' null; do
        change_profile "{\"$member\":$value}"
        [[ $status == 200 || $status == 422 ]] || fail "$member=$value: $status"
        walked=$((walked + 1))
    done
done
((walked > 200)) || fail "only $walked were walked"
[[ $(hash_row) == "$before" && $(list_roles) == "$roles_before" ]] || fail "a PATCH changed what it may not"
change_profile '{"email":"me-other@example.com"}'
expect_problem 422 validation_failed
expect_field /email read_only
change_profile '{"email":"ME-ANN@example.com"}'
expect_status 200
change_profile "$(call GET /api/me/ --header "Authorization: Bearer $access"; cat "$work/body")"
expect_status 200
[[ $(hash_row) == "$before" ]] || fail "sending back what came changed something"
call POST /api/register/ '{"email":"me-mass@example.com","username":"me-mass","password":"correct horse battery",
    "is_verified":true,"roles":["admin"],"role":"admin","id":"x","epoch":7,
    "can_manage_users":true,"verified_at":"2000-01-01"}'
expect_status 201
expect_json '(.user.is_verified | not) and .user.roles == ["member"] and ([.permissions[] | select(. == true)]
    | length) == 0'

it "never changes somebody else, whoever is named"
bob=$(find_id me-bob)
change_profile "{\"id\":\"$bob\",\"user_id\":\"$bob\",\"sub\":\"$bob\",\"bio\":\"mine\"}" \
    "/api/me/?user_id=$bob&id=$bob"
expect_status 200
[[ $(query "SELECT bio FROM users WHERE username = 'me-bob'") == "" ]] || fail "bob was changed"
[[ $(query "SELECT bio FROM users WHERE username = 'me-ann'") == mine ]] || fail "ann was not changed"

it "exports all that is held, and no secret"
call GET /api/me/export/ --header "Authorization: Bearer $access"
expect_status 200
expect_header Content-Disposition 'attachment'
expect_json '.user.username == "me-ann" and (.sessions | length) >= 2 and (.devices | length) >= 2 and (.mails
    | length) >= 1'
expect_json '[.activity[].action]
    | contains(["user_created", "user_email_verified", "authn_login_success", "user_updated"])'
for list in sessions devices one_time_tokens mails; do expect_json ".${list}_are_complete"; done
expect_json '.activity_is_complete'
expect_json '.sessions == (.sessions | sort_by(.created_at) | reverse)'
grep -qE 'argon2|password_hash|token_hash|epoch' "$work/body" && fail "the export holds what nobody should see"
call GET /api/me/export/
expect_problem 401 authentication_required

it "exports the newest part of very many sessions, and says so"
query "INSERT INTO sessions (id, user_id, device_id, epoch, counter, created_at, refreshed_at, expires_at, ip,
        user_agent, ended_at, end_reason)
    SELECT UNHEX(CONCAT('0189', LPAD(HEX(seq.seq), 28, '0'))), s.user_id, s.device_id, s.epoch, 1,
        '2026-01-01' + INTERVAL seq.seq SECOND, s.refreshed_at,
        s.expires_at, s.ip, s.user_agent, UTC_TIMESTAMP(6), 'signed_out'
    FROM seq_1_to_5000 seq JOIN (SELECT s.* FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE u.username = 'me-ann' LIMIT 1) s"
call GET /api/me/export/ --header "Authorization: Bearer $access"
expect_status 200
expect_json '(.sessions | length) == 1000 and (.sessions_are_complete | not)'
expect_json '.sessions[0].created_at >= .sessions[999].created_at and ([.sessions[] | select(.ended_at == null)]
    | length) >= 2'

it "ends an account for who knows its password, with all that belongs to it"
call DELETE /api/me/ '{"password":"not the password"}' --header "Authorization: Bearer $access"
expect_field /password incorrect
call DELETE /api/me/ --header "Authorization: Bearer $access"
expect_problem 415 unsupported_media_type
call DELETE /api/me/ '{}' --header "Authorization: Bearer $access"
expect_field /password required
id=$(query "SELECT HEX(id) FROM users WHERE username = 'me-ann'")
call DELETE /api/me/ "{\"password\":\"$password\"}" --header "Authorization: Bearer $access"
expect_status 204
get_me
expect_problem 401 session_ended
post /api/token/refresh/ "{\"refresh\":\"$refresh\"}"
expect_problem 401 session_ended
sign_in me-ann
expect_problem 401 invalid_credentials
wait_for_mail me-ann@example.com imefutwa >/dev/null || fail "nobody told them"
for table in sessions devices user_roles one_time_tokens; do
    [[ $(query "SELECT COUNT(*) FROM $table WHERE user_id = UNHEX('$id')") == 0 ]] || fail "$table still knows them"
done

it "keeps their acts without what is personal, and their name from others"
run_housekeeping
wait_until 20 is_erased || fail "the audit log still has personal data"
(($(query "SELECT COUNT(*) FROM audit_log WHERE subject_id = UNHEX('$id')") > 5)) || fail "the audit log lost the acts"
wait_until 20 is_address_gone || fail "the outbox still has the address"
call POST /api/register/ '{"email":"me-ann@example.com","username":"me-ann","password":"correct horse battery"}'
expect_problem 409 username_taken
call POST /api/register/ '{"email":"me-ann@example.com","username":"me-ann-again","password":"correct horse battery"}'
expect_status 201

it "ends accounts that nobody confirmed within seven days"
register me-late
query "UPDATE users SET unverified_since = NOW(6) - INTERVAL 7 DAY WHERE username IN ('me-late', 'me-ann-again')"
query "UPDATE users SET verified_at = NOW(6), unverified_since = NULL WHERE username = 'me-ann-again'"
run_housekeeping
wait_until 20 is_gone || fail "it is still there"
[[ $(query "SELECT COUNT(*) FROM users WHERE username = 'me-ann-again'") == 1 ]] || fail "a confirmed account went too"
get_me
expect_problem 401 session_ended

finish
