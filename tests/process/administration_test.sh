#!/bin/bash
# The operator's commands, the last who can manage roles, and two administrators against each other.
source "$(dirname "$0")/../lib.sh"

shown() { ctl --json user show "$1" | jq -r "$2"; }

requests() { # A request of each against the other, at once; their answers in one.code and two.code.
    curl -s -o /dev/null -w '%{http_code}' -X "$1" "$base/api/users/$other_id/$2" \
        -H "Authorization: Bearer $boss" ${3:+-H 'Content-Type: application/json' --data-raw "$3"} >"$work/one.code" &
    local one=$!
    curl -s -o /dev/null -w '%{http_code}' -X "$1" "$base/api/users/$boss_id/$2" \
        -H "Authorization: Bearer $other" ${3:+-H 'Content-Type: application/json' --data-raw "$3"} >"$work/two.code" &
    wait "$one" $!
}

managers() {
    sql "SELECT COUNT(*) FROM user_roles h JOIN users u ON u.id = h.user_id WHERE role_name = 'admin'
        AND u.banned_at IS NULL"
}

own_stack administration CSAUTH_LIMITS_ENABLED=off CSAUTH_SERVER_API_WORKERS=4

it "makes the first administrator, and nobody is there before"
[[ $(sql "SELECT COUNT(*) FROM users") == 0 ]] || fail "somebody is there"
made adm-boss --admin
expect_json '.permissions.can_manage_roles and .user.is_verified'
boss=$access boss_id=$id
[[ $(shown adm-boss .email) == adm-boss@example.com && $(shown "$boss_id" '.roles | join(",")') == admin,member ]] ||
    fail "it is shown as $(shown adm-boss .)"
said 65 "may not be empty" user add --password-stdin adm-x@example.com adm-x
ctl user add --password-stdin adm-x@example.com adm-x <<<"adm-x12345" >"$work/said" 2>&1 &&
    fail "a password like the name was taken"
said 65 "The e-mail address has an account" user add adm-boss@example.com adm-other
said 65 "EMAIL" user add nobody adm-other
said 65 "There is no role 'none'" user add adm-y@example.com adm-y --role none
said 64 "csauthctl" user add adm-y@example.com
said 64 "csauthctl" user add adm-y@example.com adm-y --reason x
[[ $(sql "SELECT COUNT(*) FROM users") == 1 ]] || fail "something was left half done"

it "invites by mail where no password is given"
said 0 adm-ann user add adm-ann@example.com adm-ann --full-name "Ann Example" --language fr --role moderator
mail=$(mail_about adm-ann@example.com '' | head -n 1)
call POST /api/password/reset/ "{\"token\":\"$(token_in <<<"$mail")\",\"new_password\":\"$password\"}"
expect_status 204
sign_in adm-ann
expect_json '.user.full_name == "Ann Example" and .user.language == "fr" and .permissions.can_moderate'
ann=$access

it "lets a first administrator in while no mail leaves, with the link that is printed"
kill -STOP "$(pids mailer)"
said 64 "--print-link" user add adm-nat@example.com adm-nat --no-mail
said 64 "--password-stdin" user add adm-nat@example.com adm-nat --password-stdin --print-link
said 0 "mail list" user add adm-nat@example.com adm-nat --admin --print-link
grep -qF 'A mail with the invitation to adm-nat@example.com is queued' "$work/said" ||
    fail "it does not say that a mail is queued: $(cat "$work/said")"
first=$(sed -n 's/^link  *//p' "$work/said")
[[ $first == "http://localhost:$PORT/invitation/#token="* ]] || fail "the link is '$first'"
said 0 adm-nat user invite adm-nat@example.com --print-link --no-mail
second=$(sed -n 's/^link  *//p' "$work/said")
[[ $second == "http://localhost:$PORT/invitation/#token="* && $second != "$first" ]] ||
    fail "the second link is '$second'"
grep -qF 'mail' "$work/said" && grep -qF queued "$work/said" && fail "it says that a mail is queued"
[[ $(ctl --json user invite adm-nat --print-link --no-mail | jq -r .invitation_link) == "http://localhost:$PORT/invitation/#token="* ]] ||
    fail "the JSON has no link"
[[ $(ctl --json mail list | jq '[.[] | select(.recipient == "adm-nat@example.com")] | length') == 1 ]] ||
    fail "not one mail is queued"
[[ $(sql "SELECT COUNT(*) FROM audit_log WHERE detail LIKE 'invited%shown to the operator'
    AND request_id LIKE 'csauthctl/%'") == 3 ]] ||
    fail "the audit log does not have each link that was shown"
call POST /api/password/reset/ "{\"token\":\"${first#*token=}\",\"new_password\":\"$password\"}"
expect_status 204
sign_in adm-nat
expect_json '.permissions.can_manage_roles and .user.is_verified'
call POST /api/password/reset/ "{\"token\":\"${second#*token=}\",\"new_password\":\"$password\"}"
expect_problem 400 one_time_token_invalid
said 65 "The account is in use already" user invite adm-nat --print-link
said 65 "no user nobody" user invite nobody
kill -CONT "$(pids mailer)"

it "invites again by mail, also after the first mail was sent"
said 0 "queued" user add adm-oto@example.com adm-oto
first=$(mail_about adm-oto@example.com invitation 1 | token_in) || fail "no mail came"
said 65 "csauthctl user invite USER" mail retry "$(ctl --json mail list sent | jq -r '[.[]
    | select(.recipient == "adm-oto@example.com")][0].id')"
said 0 "queued" user invite adm-oto
grep -q '^link' "$work/said" && fail "it shows a link that nobody asked for"
second=$(mail_about adm-oto@example.com invitation 2 | token_in) || fail "no second mail came"
[[ $first != "$second" ]] || fail "it is the same link"
call POST /api/password/reset/ "{\"token\":\"$first\",\"new_password\":\"$password\"}"
expect_status 204
said 0 "is deleted" --yes user delete adm-oto
said 0 "is deleted" --yes user delete adm-nat

it "lists, bans, lets in again, verifies, logs out, resets and deletes"
said 0 adm-ann user list --search adm-a --role moderator --status active
[[ $(ctl --json user list | jq length) == 2 ]] || fail "the list has $(ctl --json user list)"
said 65 "no user nobody" user ban nobody --reason x
said 64 "--reason" user ban adm-ann
said 65 "not in the future" user ban adm-ann --reason x --until 2020-01-01T00:00:00Z
said 65 "expected" user ban adm-ann --reason x --for soon
said 0 "is banned" user ban adm-ann@example.com --reason "enough" --for 1h
[[ $(shown adm-ann .status) == banned && $(shown adm-ann .ban.reason) == enough ]] ||
    fail "it is shown as $(shown adm-ann .)"
me "$ann"
expect_problem 401 session_ended
said 0 "is not banned" user unban adm-ann
sign_in adm-ann
said 0 "signed out" user logout adm-ann
me
expect_problem 401 session_ended
register adm-eve
said 0 "is verified" user verify adm-eve
sign_in adm-eve
expect_status 200
said 64 "--yes" user reset adm-ann
said 0 "gets a mail" --yes user reset adm-ann
sign_in adm-ann
expect_problem 401 invalid_credentials
said 64 "--yes" user delete adm-eve
said 0 "is deleted" --yes user delete adm-eve
said 65 "no user" user show adm-eve
for act in user_created user_banned user_unbanned authn_session_revoked user_email_verified authn_password_reset \
    user_deleted; do
    [[ $(sql "SELECT COUNT(*) > 0 FROM audit_log WHERE action = '$act' AND request_id LIKE 'csauthctl/%'
        AND actor_id IS NULL") == 1 ]] ||
        fail "$act is not in the log"
done

it "makes, changes, gives, takes and deletes roles"
said 0 editor role add editor --priority 10 --description "Writes" --allow can_moderate --custom '{"wiki:edit":true}'
[[ $(ctl --json role list | jq -c '.[] | select(.name == "editor")
    | [.priority, .can_moderate, .custom_permissions]') == '[10,true,{"wiki:edit":true}]' ]] ||
    fail "it is $(ctl --json role list)"
said 0 changed role edit editor --deny can_moderate --priority 11
said 0 "11        editor" role list
said 65 "csauthctl:" role add editor
grep -qE 'role_taken|/name' "$work/said" && fail "it speaks to programs: $(cat "$work/said")"
said 65 "no permission can_fly" role edit editor --allow can_fly
said 65 "--priority" role edit editor --priority ten
said 65 "--custom" role edit editor --custom '[]'
said 65 "no name" role add "Big Name"
said 65 "no role 'none'" role grant adm-ann none
said 0 "holds moderator,editor,member" role grant adm-ann editor
said 0 "holds moderator,member" role revoke adm-ann editor
said 64 "--yes" role delete editor
said 0 deleted --yes role delete editor
said 65 "no role 'editor'" --yes role delete editor
said 65 "csauthctl:" --yes role delete member
[[ $(sql "SELECT COUNT(*) FROM audit_log WHERE action = 'privilege_permissions_changed'
    AND request_id LIKE 'csauthctl/%'") == 3 ]] ||
    fail "not every act is written, or some are twice"

it "keeps the last who can manage roles, whoever asks"
made adm-other
other=$access other_id=$id
said 65 "Nobody could manage roles any more" role revoke adm-boss admin
said 65 "Nobody could manage roles any more" user ban adm-boss --reason x
said 65 "Nobody could manage roles any more" --yes user delete adm-boss
said 65 "Nobody could manage roles any more" --yes role delete admin
said 65 "Nobody could manage roles any more" role edit admin --deny can_manage_roles
access=$boss with DELETE "/api/users/$boss_id/roles/admin/"
expect_problem 409 last_role_manager
access=$boss with DELETE /api/me/ "{\"password\":\"$password\"}"
expect_problem 409 last_role_manager
[[ $(shown adm-boss '.roles | join(",")') == admin,member ]] || fail "it has lost the role"

it "leaves one of two administrators who take the role from each other at the same moment"
won=0
for _ in $(seq 25); do
    for name in adm-boss adm-other; do ctl role grant "$name" admin >/dev/null; done
    requests DELETE roles/admin/
    [[ $(managers) == 1 ]] || fail "$(managers) are left"
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
        ctl user unban "$name" >/dev/null
        ctl role grant "$name" admin >/dev/null
    done
    sign_in adm-boss
    boss=$access
    sign_in adm-other
    other=$access
    requests POST ban/ '{"reason":"You first"}'
    [[ $(managers) == 1 ]] || fail "$(managers) are left"
    [[ $(sort "$work/one.code" "$work/two.code" | tr '\n' ' ') =~ ^200\ ?(401|403) ||
        $(cat "$work/one.code" "$work/two.code") =~ ^(200(401|403)|(401|403)200)$ ]] ||
        fail "they were answered $(cat "$work/one.code") and $(cat "$work/two.code")"
done

finish
