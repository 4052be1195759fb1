#!/bin/bash
# The operator's commands, the last who can manage roles, and two administrators against each other.
source "$(dirname "$0")/../lib.sh"

show_user() { run_ctl --json user show "$1" | jq -r "$2"; }

race_requests() { # A request of each against the other, at once; their answers in one.code and two.code.
    curl -s -o /dev/null -w '%{http_code}' -X "$1" "$base/api/users/$other_id/$2" \
        -H "Authorization: Bearer $boss" ${3:+-H 'Content-Type: application/json' --data-raw "$3"} >"$work/one.code" &
    local one=$!
    curl -s -o /dev/null -w '%{http_code}' -X "$1" "$base/api/users/$boss_id/$2" \
        -H "Authorization: Bearer $other" ${3:+-H 'Content-Type: application/json' --data-raw "$3"} >"$work/two.code" &
    wait "$one" $!
}

count_managers() {
    query "SELECT COUNT(*) FROM user_roles h JOIN users u ON u.id = h.user_id WHERE role_name = 'admin'
        AND u.banned_at IS NULL"
}

start_own_stack administration CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=4

it "makes the first administrator, and nobody is there before"
[[ $(query "SELECT COUNT(*) FROM users") == 0 ]] || fail "somebody is there"
add_user adm-boss --admin
expect_json '.permissions.can_manage_roles and .user.is_verified'
boss=$access boss_id=$id
[[ $(show_user adm-boss .email) == adm-boss@example.com &&
    $(show_user "$boss_id" '.roles | join(",")') == admin,member ]] ||
    fail "it is shown as $(show_user adm-boss .)"
expect_ctl 65 "may not be empty" user add --password-stdin adm-x@example.com adm-x
run_ctl user add --password-stdin adm-x@example.com adm-x <<<"adm-x12345" >"$work/said" 2>&1 &&
    fail "a password like the name was taken"
expect_ctl 65 "The e-mail address has an account" user add adm-boss@example.com adm-other
expect_ctl 65 "EMAIL" user add nobody adm-other
expect_ctl 65 "There is no role 'none'" user add adm-y@example.com adm-y --role none
expect_ctl 64 "csauthctl" user add adm-y@example.com
expect_ctl 64 "csauthctl" user add adm-y@example.com adm-y --reason x
[[ $(query "SELECT COUNT(*) FROM users") == 1 ]] || fail "something was left half done"

it "invites by mail where no password is given"
expect_ctl 0 adm-ann user add adm-ann@example.com adm-ann --full-name "Ann Example" --language fr --role moderator
mail=$(wait_for_mail adm-ann@example.com '' | head -n 1)
call POST /api/password/reset/ "{\"token\":\"$(read_token <<<"$mail")\",\"new_password\":\"$password\"}"
expect_status 204
sign_in adm-ann
expect_json '.user.full_name == "Ann Example" and .user.language == "fr" and .permissions.can_moderate'
ann=$access

it "lets a first administrator in while no mail leaves, with the link that is printed"
kill -STOP "$(list_pids mailer)"
expect_ctl 64 "--print-link" user add adm-nat@example.com adm-nat --no-mail
expect_ctl 64 "--password-stdin" user add adm-nat@example.com adm-nat --password-stdin --print-link
expect_ctl 0 "mail list" user add adm-nat@example.com adm-nat --admin --print-link
grep -qF 'A mail with the invitation to adm-nat@example.com is queued' "$work/said" ||
    fail "it does not say that a mail is queued: $(cat "$work/said")"
first=$(sed -n 's/^link  *//p' "$work/said")
[[ $first == "http://localhost:$PORT/invitation/#token="* ]] || fail "the link is '$first'"
expect_ctl 0 adm-nat user invite adm-nat@example.com --print-link --no-mail
second=$(sed -n 's/^link  *//p' "$work/said")
[[ $second == "http://localhost:$PORT/invitation/#token="* && $second != "$first" ]] ||
    fail "the second link is '$second'"
grep -qF 'mail' "$work/said" && grep -qF queued "$work/said" && fail "it says that a mail is queued"
[[ $(run_ctl --json user invite adm-nat --print-link --no-mail |
    jq -r .invitation_link) == "http://localhost:$PORT/invitation/#token="* ]] ||
    fail "the JSON has no link"
[[ $(run_ctl --json mail list | jq '[.[] | select(.recipient == "adm-nat@example.com")] | length') == 1 ]] ||
    fail "not one mail is queued"
[[ $(query "SELECT COUNT(*) FROM audit_log WHERE detail LIKE 'invited%shown to the operator'
    AND request_id LIKE 'csauthctl/%'") == 3 ]] ||
    fail "the audit log does not have each link that was shown"
call POST /api/password/reset/ "{\"token\":\"${first#*token=}\",\"new_password\":\"$password\"}"
expect_status 204
sign_in adm-nat
expect_json '.permissions.can_manage_roles and .user.is_verified'
call POST /api/password/reset/ "{\"token\":\"${second#*token=}\",\"new_password\":\"$password\"}"
expect_problem 400 one_time_token_invalid
expect_ctl 65 "The account is in use already" user invite adm-nat --print-link
expect_ctl 65 "no user nobody" user invite nobody
kill -CONT "$(list_pids mailer)"

it "invites again by mail, also after the first mail was sent"
expect_ctl 0 "queued" user add adm-oto@example.com adm-oto
first=$(wait_for_mail adm-oto@example.com invitation 1 | read_token) || fail "no mail came"
expect_ctl 65 "csauthctl user invite USER" mail retry "$(run_ctl --json mail list sent | jq -r '[.[]
    | select(.recipient == "adm-oto@example.com")][0].id')"
expect_ctl 0 "queued" user invite adm-oto
grep -q '^link' "$work/said" && fail "it shows a link that nobody asked for"
second=$(wait_for_mail adm-oto@example.com invitation 2 | read_token) || fail "no second mail came"
[[ $first != "$second" ]] || fail "it is the same link"
call POST /api/password/reset/ "{\"token\":\"$first\",\"new_password\":\"$password\"}"
expect_status 204
expect_ctl 0 "is deleted" --yes user delete adm-oto
expect_ctl 0 "is deleted" --yes user delete adm-nat

it "lists, bans, lets in again, verifies, logs out, resets and deletes"
expect_ctl 0 adm-ann user list --search adm-a --role moderator --status active
[[ $(run_ctl --json user list | jq length) == 2 ]] || fail "the list has $(run_ctl --json user list)"
expect_ctl 65 "no user nobody" user ban nobody --reason x
expect_ctl 64 "--reason" user ban adm-ann
expect_ctl 65 "not in the future" user ban adm-ann --reason x --until 2020-01-01T00:00:00Z
expect_ctl 65 "expected" user ban adm-ann --reason x --for soon
expect_ctl 0 "is banned" user ban adm-ann@example.com --reason "enough" --for 1h
[[ $(show_user adm-ann .status) == banned && $(show_user adm-ann .ban.reason) == enough ]] ||
    fail "it is shown as $(show_user adm-ann .)"
get_me "$ann"
expect_problem 401 session_ended
expect_ctl 0 "is not banned" user unban adm-ann
sign_in adm-ann
expect_ctl 0 "signed out" user logout adm-ann
get_me
expect_problem 401 session_ended
register adm-eve
expect_ctl 0 "is verified" user verify adm-eve
sign_in adm-eve
expect_status 200
expect_ctl 64 "--yes" user reset adm-ann
expect_ctl 0 "gets a mail" --yes user reset adm-ann
sign_in adm-ann
expect_problem 401 invalid_credentials
expect_ctl 64 "--yes" user delete adm-eve
expect_ctl 0 "is deleted" --yes user delete adm-eve
expect_ctl 65 "no user" user show adm-eve
for act in user_created user_banned user_unbanned authn_session_revoked user_email_verified authn_password_reset \
    user_deleted; do
    [[ $(query "SELECT COUNT(*) > 0 FROM audit_log WHERE action = '$act' AND request_id LIKE 'csauthctl/%'
        AND actor_id IS NULL") == 1 ]] ||
        fail "$act is not in the log"
done

it "makes, changes, gives, takes and deletes roles"
expect_ctl 0 editor role add editor --priority 10 --description "Writes" --allow can_moderate \
    --custom '{"wiki:edit":true}'
[[ $(run_ctl --json role list | jq -c '.[] | select(.name == "editor")
    | [.priority, .can_moderate, .custom_permissions]') == '[10,true,{"wiki:edit":true}]' ]] ||
    fail "it is $(run_ctl --json role list)"
expect_ctl 0 changed role edit editor --deny can_moderate --priority 11
expect_ctl 0 "11        editor" role list
expect_ctl 65 "csauthctl:" role add editor
grep -qE 'role_taken|/name' "$work/said" && fail "it speaks to programs: $(cat "$work/said")"
expect_ctl 65 "no permission can_fly" role edit editor --allow can_fly
expect_ctl 65 "--priority" role edit editor --priority ten
expect_ctl 65 "--custom" role edit editor --custom '[]'
expect_ctl 65 "no name" role add "Big Name"
expect_ctl 65 "no role 'none'" role grant adm-ann none
expect_ctl 0 "holds moderator,editor,member" role grant adm-ann editor
expect_ctl 0 "holds moderator,member" role revoke adm-ann editor
expect_ctl 64 "--yes" role delete editor
expect_ctl 0 deleted --yes role delete editor
expect_ctl 65 "no role 'editor'" --yes role delete editor
expect_ctl 65 "csauthctl:" --yes role delete member
[[ $(query "SELECT COUNT(*) FROM audit_log WHERE action = 'privilege_permissions_changed'
    AND request_id LIKE 'csauthctl/%'") == 3 ]] ||
    fail "not every act is written, or some are twice"

it "keeps the last who can manage roles, whoever asks"
add_user adm-other
other=$access other_id=$id
expect_ctl 65 "Nobody could manage roles any more" role revoke adm-boss admin
expect_ctl 65 "Nobody could manage roles any more" user ban adm-boss --reason x
expect_ctl 65 "Nobody could manage roles any more" --yes user delete adm-boss
expect_ctl 65 "Nobody could manage roles any more" --yes role delete admin
expect_ctl 65 "Nobody could manage roles any more" role edit admin --deny can_manage_roles
access=$boss call_signed_in DELETE "/api/users/$boss_id/roles/admin/"
expect_problem 409 last_role_manager
access=$boss call_signed_in DELETE /api/me/ "{\"password\":\"$password\"}"
expect_problem 409 last_role_manager
[[ $(show_user adm-boss '.roles | join(",")') == admin,member ]] || fail "it has lost the role"

it "leaves one of two administrators who take the role from each other at the same moment"
won=0
for _ in $(seq 25); do
    for name in adm-boss adm-other; do run_ctl role grant "$name" admin >/dev/null; done
    race_requests DELETE roles/admin/
    [[ $(count_managers) == 1 ]] || fail "$(count_managers) are left"
    case $(cat "$work/one.code")-$(cat "$work/two.code") in
        204-403) won=$((won + 1)) ;;
        403-204) ;;
        *) fail "they were answered $(cat "$work/one.code") and $(cat "$work/two.code")" ;;
    esac
done
echo "    the first request won $won of 25"

it "leaves one of two who ban each other"
for _ in $(seq 10); do
    for name in adm-boss adm-other; do
        run_ctl user unban "$name" >/dev/null
        run_ctl role grant "$name" admin >/dev/null
    done
    sign_in adm-boss
    boss=$access
    sign_in adm-other
    other=$access
    race_requests POST ban/ '{"reason":"You first"}'
    [[ $(count_managers) == 1 ]] || fail "$(count_managers) are left"
    [[ $(sort "$work/one.code" "$work/two.code" | tr '\n' ' ') =~ ^200\ ?(401|403) ||
        $(cat "$work/one.code" "$work/two.code") =~ ^(200(401|403)|(401|403)200)$ ]] ||
        fail "they were answered $(cat "$work/one.code") and $(cat "$work/two.code")"
done

finish
