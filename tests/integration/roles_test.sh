#!/bin/bash
# Roles: made, changed, given and taken, with what holds at once for everybody concerned.
source "$(dirname "$0")/../lib.sh"

ask_forward() { call GET "/auth/forward/$2" --header "Authorization: Bearer $1"; }

add_user roles-boss --admin
boss=$access boss_id=$id
add_user roles-lead
lead=$access lead_id=$id
add_user roles-ann
ann=$access ann_id=$id

it "lists the roles, the highest first, to whoever is signed in"
access=$ann call_signed_in GET /api/roles/
expect_status 200
expect_json '.next == null and (.items | map(.priority) | . == (sort | reverse))'
expect_json '.items[] | select(.name == "admin") | .can_manage_roles and .priority == 100 and .custom_permissions == {}
    and (.created_at | endswith("Z"))'
access=$ann call_signed_in GET /api/roles/member/
expect_json '.name == "member" and .priority == 0'
for bad in none Member 'mem%20ber' %ff ä; do
    access=$ann call_signed_in GET "/api/roles/$bad/"
    expect_problem 404 not_found
done
call GET /api/roles/
expect_problem 401 authentication_required

it "makes a role with all that it has"
access=$boss call_signed_in POST /api/roles/ \
    '{"name":"roles-editor","description":"Writes","priority":10,"can_moderate":true,
    "custom_permissions":{"wiki:edit":true,"quota":{"mb":5}}}'
expect_status 201
expect_header Location '^/api/roles/roles-editor/$'
expect_json '.description == "Writes" and .priority == 10 and .can_moderate and (.can_ban_users | not)
    and .custom_permissions == {"wiki:edit": true, "quota": {"mb": 5}}'
access=$boss call_signed_in POST /api/roles/ '{"name":"roles-editor"}'
expect_problem 409 role_taken
expect_field /name taken

it "says what is wrong with a role, all at once"
long=$(head -c 256 /dev/zero | tr '\0' x)
access=$boss call_signed_in POST /api/roles/ \
    "{\"name\":\"Big Name\",\"description\":\"$long\",\"priority\":-1,
    \"can_moderate\":\"yes\",\"custom_permissions\":[]}"
expect_problem 422 validation_failed
expect_field /name invalid
expect_field /description too_long
expect_field /priority invalid
expect_field /can_moderate wrong_type
expect_field /custom_permissions wrong_type
for custom in '{"can_ban_users":true}' '{"A":1}' '{"a":{"b":{"c":{"d":{}}}}}' \
    "{\"a\":\"$(head -c 8190 /dev/zero | tr '\0' x)\"}"; do
    access=$boss call_signed_in POST /api/roles/ "{\"name\":\"roles-odd\",\"custom_permissions\":$custom}"
    expect_problem 422 validation_failed
done
access=$boss call_signed_in POST /api/roles/ '{"name":"roles-deep","custom_permissions":{"a":{"b":{"c":{"d":1}}}}}'
expect_status 201
access=$boss call_signed_in POST /api/roles/ \
    "{\"name\":\"roles-long\",\"custom_permissions\":{\"a\":\"$(head -c 8184 /dev/zero | tr '\0' x)\"}}"
expect_status 201
access=$boss call_signed_in PATCH /api/roles/roles-long/ '{"priority":1000001}'
expect_problem 422 validation_failed
access=$boss call_signed_in PATCH /api/roles/roles-long/ '{"name":"roles-other"}'
expect_field /name read_only
for role in roles-deep roles-long; do
    access=$boss call_signed_in DELETE "/api/roles/$role/"
    expect_status 204
done

it "gives a role by either route, once, and says what the user holds then"
access=$boss call_signed_in POST /api/assign-role/ "{\"user_id\":\"$ann_id\",\"role\":\"roles-editor\"}"
expect_status 200
expect_json ".user_id == \"$ann_id\" and .roles == [\"roles-editor\", \"member\"]"
access=$boss call_signed_in PUT "/api/users/$ann_id/roles/roles-editor/"
expect_status 200
expect_json '.roles == ["roles-editor", "member"]'
[[ $(query "SELECT COUNT(*) FROM audit_log WHERE action = 'authz_change'
    AND detail = 'granted roles-editor'") == 1 ]] ||
    fail "it is not written once"
[[ $(query "SELECT COUNT(*) FROM events WHERE kind = 'roles.changed'
    AND user_id = UNHEX(REPLACE('$ann_id', '-', ''))") == 1 ]] ||
    fail "the stream is not told"
access=$boss call_signed_in POST /api/assign-role/ '{"user_id":"x","role":"X"}'
expect_field /user_id invalid
expect_field /role invalid
for path in "$ann_id/roles/none" 01a20000-0000-7000-8000-000000000000/roles/member x/roles/member; do
    access=$boss call_signed_in PUT "/api/users/$path/"
    expect_problem 404 not_found
done

it "shows the same rights in tokens, in answers to a sign-in, and to sites"
sign_in roles-ann
fresh=$access
expect_json '.permissions == {"can_moderate": true, "can_manage_users": false, "can_manage_roles": false,
    "can_delete_messages": false, "can_ban_users": false, "quota": {"mb": 5}, "wiki:edit": true}'
expect_json '.user.roles == ["roles-editor", "member"]'
claims=$(cut -d. -f2 <<<"$fresh" | tr _- /+ | { cat; echo '=='; } | base64 -d 2>/dev/null)
[[ $(jq -c .permissions <<<"$claims") == '["can_moderate","wiki:edit"]' ]] ||
    fail "the token says $(jq -c .permissions <<<"$claims")"
for token in "$ann" "$fresh"; do
    ask_forward "$token" any
    expect_header Remote-Groups '^roles-editor,member$'
    expect_header Remote-Permissions '^can_moderate,wiki:edit$'
    ask_forward "$token" 'permission=wiki:edit'
    expect_status 204
    ask_forward "$token" 'permission=quota'
    expect_status 403
done

it "holds on the very next request of everybody concerned, on every worker"
for _ in 1 2 3; do
    access=$boss call_signed_in PATCH /api/roles/roles-editor/ '{"can_moderate":false}'
    expect_status 200
    for _ in 1 2 3 4; do ask_forward "$fresh" 'permission=can_moderate' && expect_status 403; done
    access=$boss call_signed_in PATCH /api/roles/roles-editor/ '{"can_moderate":true}'
    for _ in 1 2 3 4; do ask_forward "$fresh" 'permission=can_moderate' && expect_status 204; done
    access=$boss call_signed_in DELETE "/api/users/$ann_id/roles/roles-editor/"
    expect_status 204
    for _ in 1 2 3 4; do ask_forward "$fresh" 'role=roles-editor' && expect_status 403; done
    access=$boss call_signed_in PUT "/api/users/$ann_id/roles/roles-editor/"
    for _ in 1 2 3 4; do ask_forward "$fresh" 'role=roles-editor' && expect_status 204; done
done

it "lets nobody at or above their own priority, nor hand out what they lack"
run_ctl role add roles-lead --priority 60 --allow can_manage_roles,can_moderate >/dev/null || fail "no role was made"
run_ctl role grant roles-lead roles-lead >/dev/null || fail "it was not given"
access=$lead
for attempt in "POST /api/roles/ {\"name\":\"roles-x\",\"priority\":60}" \
    "POST /api/roles/ {\"name\":\"roles-x\",\"can_ban_users\":true}" \
    "POST /api/roles/ {\"name\":\"roles-x\",\"custom_permissions\":{\"x\":true}}" \
    "PATCH /api/roles/roles-editor/ {\"priority\":60}" \
    "PATCH /api/roles/roles-editor/ {\"can_ban_users\":true}" \
    "PATCH /api/roles/roles-lead/ {\"description\":\"mine\"}" \
    "PATCH /api/roles/admin/ {\"priority\":1}" \
    "PUT /api/users/$lead_id/roles/admin/" "PUT /api/users/$ann_id/roles/roles-lead/" \
    "PUT /api/users/$boss_id/roles/member/" "DELETE /api/users/$boss_id/roles/admin/" \
    "DELETE /api/users/$lead_id/roles/roles-lead/" "DELETE /api/roles/admin/"; do
    read -r method path body <<<"$attempt"
    call_signed_in "$method" "$path" ${body:+"$body"}
    expect_problem 403 permission_denied
done
call_signed_in POST /api/roles/ '{"name":"roles-below","priority":59,"can_moderate":true}'
expect_status 201
call_signed_in PUT "/api/users/$ann_id/roles/roles-below/"
expect_status 200
call_signed_in PATCH /api/roles/roles-below/ '{"custom_permissions":{"x":false}}'
expect_status 200

it "asks for the permission before anything else"
for attempt in "POST /api/roles/ {\"name\":\"x\"}" "PATCH /api/roles/none/ {}" "DELETE /api/roles/none/" \
    "PUT /api/users/x/roles/none/" "DELETE /api/users/x/roles/none/" "POST /api/assign-role/ {}"; do
    read -r method path body <<<"$attempt"
    access=$ann call_signed_in "$method" "$path" ${body:+"$body"}
    expect_problem 403 permission_denied
    call "$method" "$path" ${body:+"$body"}
    expect_problem 401 authentication_required
done
register roles-unverified
call_signed_in POST /api/roles/ '{"name":"x"}'
expect_problem 403 email_unverified

it "deletes a role, also from those who hold it, but not what everybody starts with"
access=$boss call_signed_in DELETE /api/roles/roles-editor/
expect_status 204
ask_forward "$fresh" 'role=roles-editor'
expect_status 403
access=$boss call_signed_in GET /api/roles/roles-editor/
expect_problem 404 not_found
access=$boss call_signed_in DELETE /api/roles/member/
expect_problem 409 role_in_use

finish
