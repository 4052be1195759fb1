#pragma once

#include "handlers/call.h"

/// The handlers, one for each route. handlers/routes.cpp lists them with their access, pool, limit and
/// permission; handlers/openapi.yaml describes them to clients.
///
/// Each comment names the route, its body members, the status of a success, and the refusals that are special
/// to the route. "?" marks an optional member. These refusals are common to many routes:
///
/// Before the handler runs, dispatch() refuses a request with:
/// `body_too_large`, `unsupported_media_type`: the body does not fit the route's Body.
/// `cross_site_request`: another site's page sends the request with our cookies, or sends a form that asks
/// for cookies. `authentication_required`, `invalid_token`, `token_expired`, `session_ended`: see identify().
/// `email_unverified`: the caller's address is not confirmed, and the route acts beyond their own account.
/// `permission_denied`: the caller lacks the permission that the route needs.
/// `too_many_requests`: the client or the caller has used up the route's limit.
///
/// The handler itself refuses with:
/// `malformed_json`: the body is not one JSON object within the limits. A form gets `bad_request`.
/// `validation_failed`: a member is missing or not acceptable; `errors` names each of them.
/// `not_found`: a part of the path that must be an ID is none.
/// `bad_request`: a list has no such query parameter, or `limit` or `cursor` is not valid (read_page()).
///
/// A handler that takes the password of an account has two more:
/// `too_many_requests`: there were too many wrong passwords for the account.
/// `validation_failed` with the field code `incorrect`: the password is wrong, on a route with
/// Access::signed_in. It is not `invalid_credentials` there, because the session stays good.
///
/// A handler that acts on other users or on roles (roles::Hierarchy) has these, and then changes nothing:
/// `not_found`: the user or the role does not exist.
/// `permission_denied`: the user or the role is out of the caller's reach (roles::Authority).
/// `session_ended`: the caller was deleted or banned meanwhile.
/// `last_role_manager`: nobody could manage roles afterwards.
///
/// Handlers throw what the stores throw. App turns an unreachable database into `service_unavailable`.
namespace csauth::handlers {

/// POST /api/register: creates an account and opens its first session. A mail asks for confirmation.
/// Body: email, username, password, password2?, full_name?, bio?, return_to?, and read_device_claim().
/// 201: {user, tokens, permissions, session, message}. In cookie mode the tokens and the device key are
/// cookies.
/// `email_taken`, `username_taken`: `errors` names both if both are taken. A taken address gets a mail.
/// `validation_failed`: also for a password that is easily guessed (accounts::refuse_guessable()), and for a
/// username that looks like a web address.
/// `bad_request`: X-Session-Mode is neither `token` nor `cookie`.
Result<http::Response> register_account(Services& services, const Call& call);

/// POST /api/login: signs in with address and password.
/// Body: email, password, and read_device_claim().
/// 200: as register_account().
/// `invalid_credentials`: the account is unknown or the password is wrong.
/// `account_banned`, `email_unverified`: only a caller with the right password is told.
/// `bad_request`: X-Session-Mode is neither `token` nor `cookie`.
Result<http::Response> login(Services& services, const Call& call);

/// POST /api/token, /api/api/token: signs in as login() does, for clients that expect a token pair alone.
/// Body: email or username, password, and read_device_claim(). `username` may hold an address. `email` counts
/// if both are sent.
/// 200: {access, refresh}; in cookie mode an empty object with cookies.
/// Refuses as login() does.
Result<http::Response> obtain_token(Services& services, const Call& call);

/// POST /api/token/refresh, /api/api/token/refresh: exchanges a refresh token for a new pair.
/// Body: refresh?, audience?. Without `refresh` the token comes from the cookies of our pages. With
/// `audience` the access token is for that service outside.
/// 200: {access, refresh}; for a token from a cookie, an empty object with new cookies.
/// 204: X-Session-Mode is `cookie`, and no refresh token was sent: nobody is signed in.
/// `session_ended`: the session has ended, or ends now because the token was used up before.
/// `invalid_token`: also if the database that answered does not have the token's counter yet. The session
/// stays.
/// `email_unverified`: the audience does not admit accounts without a confirmed address. The token stays
/// good.
/// `validation_failed`: also for an unknown audience, and for an audience with a cookie.
/// `bad_request`: X-Session-Mode is neither `token` nor `cookie`.
Result<http::Response> refresh_token(Services& services, const Call& call);

/// POST /api/token/verify: says whether an access or refresh token is good now. An access token may be for an
/// audience outside. A refresh token must be the newest of its session, or one that may be kept.
/// Body: token, claims?.
/// 200: an empty object; with `claims` true, {claims} with the present values.
/// `invalid_token`, `token_expired`, `session_ended`: the token is not good.
Result<http::Response> verify_token(Services& services, const Call& call);

/// POST /oauth/introspect: describes a token to the service of the audience that it was issued for (RFC
/// 7662). The service sends its client secret as Basic credentials. Body, a form: token.
/// 200: the claims with {active: true}, or {active: false} for every other token. Refresh tokens and tokens
/// for our own routes or other audiences are not active.
/// `invalid_credentials`: the client secret is missing or wrong.
/// `too_many_requests`: too many wrong secrets came from this address. A right secret is never refused.
/// `bad_request`: `token` is missing, or the form is not valid.
/// Refusals have the form of oauth_refusal().
Result<http::Response> introspect_token(Services& services, const Call& call);

/// POST /api/token/blacklist: ends the session of a refresh token, for clients of SimpleJWT.
/// Body: refresh. Any genuine token of the session will do.
/// 200: an empty object.
/// `invalid_token`, `token_expired`, `session_ended`: the token names no live session.
Result<http::Response> blacklist_token(Services& services, const Call& call);

/// POST /api/logout?scope=this|others|all: ends sessions of the caller. `this` is the default.
/// Body: refresh?. Without an access token, the refresh token says which session ends; `scope` must be `this`
/// then. With an access token, `refresh` is ignored.
/// 204, or 200 with a message for a client that asks for plain JSON. If a cookie named the caller, `this` and
/// `all` remove the cookies of the session.
/// `authentication_required`: neither token was sent, or `others` or `all` with a refresh token alone.
/// `token_expired`: `others` or `all` with an expired access token. For `this` an expired one is enough.
/// `bad_request`: `scope` is another word.
Result<http::Response> logout(Services& services, const Call& call);

/// GET /auth/verify: says to nginx' auth_request whether a visitor's request may go on. The requirement comes
/// from nginx' configuration; without one, being signed in is enough.
/// 204: the visitor in the headers of kIdentityHeaders, and a renewed cookie if the token is past half its
/// life.
/// Refusals have the form of verify_refusal():
/// `email_unverified`, `permission_denied`: the visitor does not meet the requirement.
/// `forged_identity`: the request has Basic credentials that the location does not allow.
/// `bad_request`: the requirement is not valid, or the query names a permission or a role.
/// identify() refuses other forged requests and visitors without a good token.
Result<http::Response> verify_request(Services& services, const Call& call);

/// GET /auth/forward/{requirement}: makes the check of verify_request() for other proxies. The path holds the
/// requirement; the query is ignored.
/// 204: as verify_request().
/// 302: a browser that asks for a page and is not signed in goes to the sign-in page, and comes back later.
/// Refusals have the form of forward_refusal(), and the codes of verify_request().
Result<http::Response> forward_request(Services& services, const Call& call);

/// GET /api/sessions: lists the caller's live sessions, the last used first, all on one page.
/// 200: {items, next: null}.
Result<http::Response> list_sessions(Services& services, const Call& call);

/// DELETE /api/sessions/{id}: ends one of the caller's sessions. It may be the present one. Answers 204.
/// `not_found`: the caller has no live session with this ID.
Result<http::Response> end_session(Services& services, const Call& call);

/// GET /api/devices?limit=&cursor=: lists the caller's devices, the newest first.
/// 200: {items, next}. Push tokens are not shown.
/// `session_ended`: the caller's session has ended meanwhile.
Result<http::Response> list_devices(Services& services, const Call& call);

/// POST /api/devices: changes the device of the caller's session. Clients use it when they get a push token
/// after the sign-in.
/// Body: device_token, device_type?, device_name?.
/// 200: the device.
/// `session_ended`: the caller's session has ended meanwhile.
/// `not_found`: the device was removed meanwhile.
Result<http::Response> update_own_device(Services& services, const Call& call);

/// PATCH /api/devices/{id}: changes one of the caller's devices.
/// Body: device_token?, device_type?, device_name?. A `device_token` of null removes the push token.
/// 200: the device.
/// `not_found`: the caller has no device with this ID.
/// `session_ended`: the caller's session has ended meanwhile.
Result<http::Response> change_device(Services& services, const Call& call);

/// DELETE /api/devices/{id}: removes one of the caller's devices, and ends its sessions. Answers 204.
/// `not_found`: the caller has no device with this ID.
Result<http::Response> delete_device(Services& services, const Call& call);

/// PUT /api/presence: shows the caller's device as present, with a status. This is the device's heartbeat. It
/// writes to shared memory and asks no database.
/// Body: status. Answers 204.
/// `service_unavailable`: the presence table is full; Retry-After is 60 s.
Result<http::Response> put_presence(Services& services, const Call& call);

/// GET /api/presence?users=id,id: shows how at most presence::kMostAsked users look to the caller. Unknown
/// users look like users that hide their presence.
/// 200: {user ID: {status, last_seen}}.
/// `bad_request`: `users` is not valid; see read_asked_users().
Result<http::Response> show_presence(Services& services, const Call& call);

/// GET /api/presence/stream?users=id,id&last_event_id=: opens a stream of Server-Sent Events.
/// docs/use/presence.md describes the events. `users` names at most kMostWatchedUsers users, or is left out.
/// 200: a stream that stays open. The streamer may still refuse it with `too_many_requests` or
/// `service_unavailable`.
/// `bad_request`: `users` or `last_event_id` is not valid.
/// `session_ended`: the session has ended meanwhile.
Result<http::Response> open_stream(Services& services, const Call& call);

/// GET /internal/push-targets?users=id,id: lists the devices of at most kMostPushedUsers users to which a
/// notifier may send pushes. The notifier runs on this machine and shows its key.
/// 200: {items}.
/// `bad_request`: `users` is not valid, or the users have more than devices::kMostPushTargets such devices. A
/// list without some of them would look complete.
Result<http::Response> push_targets(Services& services, const Call& call);

/// GET /api/return?to=: says where a page may send a user after signing in.
/// 200: {url, allowed}. `url` is `to` if it is a path of this site or on a host of `site.return_hosts`,
/// otherwise "/". A query that cannot be read gets "/", too.
Result<http::Response> return_address(Services& services, const Call& call);

/// GET /metrics: shows figures of this node's recall board, in the text format of Prometheus.
/// 200: text/plain.
Result<http::Response> metrics(Services& services, const Call& call);

/// GET /api/me, /api/profile: shows the caller's own account.
/// 200: the user.
/// `session_ended`: the account was deleted meanwhile.
Result<http::Response> show_me(Services& services, const Call& call);

/// PATCH /api/me: changes the caller's profile. Other members are ignored, so a client may send back what it
/// got.
/// Body: username?, full_name?, bio?, language?, hide_presence?.
/// 200: the user.
/// `validation_failed`: also for another `email`, for a password, and for an `avatar` that is not one of our
/// paths. A username that looks like a web address is refused, too.
/// `username_taken`: another user has the name, or it is held for its former owner.
/// `too_many_requests`: the user holds too many former usernames (users::kMostHeldUsernames).
/// `session_ended`: the account was deleted meanwhile.
Result<http::Response> change_me(Services& services, const Call& call);

/// PATCH and PUT /api/profile: changes profile, password and picture in one transaction, for clients of the
/// Django service. Both methods leave missing members unchanged.
/// Body: the members of change_me(), current_password? and new_password? (both or neither), and avatar?, a
/// file of a form. An `avatar` of null, or left empty in a form, removes the picture. A password and a
/// picture also count against the limits `change` and `upload`.
/// 200: the user.
/// Refuses as change_me(), change_password() and put_avatar() do, but accepts a password.
Result<http::Response> change_profile(Services& services, const Call& call);

/// DELETE /api/me: deletes the caller's account. If a cookie named the caller, removes the cookies.
/// Body: password. Answers 204.
/// `last_role_manager`: nobody could manage roles afterwards.
/// `too_many_requests`: also while a change of address can still be reverted, because a thief must not
/// prevent it.
/// `session_ended`: the account was deleted or changed meanwhile.
Result<http::Response> delete_me(Services& services, const Call& call);

/// GET /api/me/export: returns all data that is held about the caller. Browsers save it as a file.
/// 200: see views::personal_data().
/// `session_ended`: the account was deleted meanwhile.
Result<http::Response> export_me(Services& services, const Call& call);

/// PUT /api/me/avatar: sets the caller's picture. The body is the picture, or a form with the one file
/// `avatar`.
/// 200: the user.
/// `email_unverified`: the caller's address is not confirmed.
/// `unsupported_media_type`: the bytes are no JPEG, PNG, WebP or GIF file.
/// `body_too_large`: the picture is larger than images::kLargestPicture.
/// `validation_failed`: the picture is damaged or has too many pixels, or the form holds something else.
/// `bad_request`: the form is not valid.
/// `service_unavailable`: too many pictures are being processed, or the picture cannot be decoded or stored
/// now.
/// `session_ended`: the account was deleted meanwhile.
Result<http::Response> put_avatar(Services& services, const Call& call);

/// DELETE /api/me/avatar: removes the caller's picture, if there is one.
/// 200: the user.
/// `session_ended`: the account was deleted meanwhile.
Result<http::Response> delete_avatar(Services& services, const Call& call);

/// GET /api/me/activity?limit=&cursor=: lists the audit entries about the caller's account, the newest first.
/// 200: {items, next}, without the names and addresses of others.
Result<http::Response> list_activity(Services& services, const Call& call);

/// GET /api/users?search=&role=&status=&created_since=&limit=&cursor=: finds accounts. The newest come first;
/// with `search`, the order is that of the matching names and addresses. An empty filter counts as missing.
/// 200: {items, next}.
/// `bad_request`: also if a filter is not valid.
Result<http::Response> list_users(Services& services, const Call& call);

/// POST /api/users: creates an account without a password. A mail invites the owner to choose one.
/// Body: email, username, full_name?, language?, roles? (an array of names).
/// 201: the managed user, with Location.
/// `email_taken`, `username_taken`: `errors` names both if both are taken.
/// `permission_denied`: also for roles without can_manage_roles, or for a role that the caller may not grant.
/// `limit_reached`: the user would hold too many roles.
/// `too_many_requests`: the address has had accounts::kMostConfirmationsADay such mails today.
/// `validation_failed`: also for a `password`, and for a username that looks like a web address.
Result<http::Response> invite_user(Services& services, const Call& call);

/// POST /api/users/{id}/invitation: sends another invitation.
/// 202: a message.
/// `email_taken`: the account has a password, or its address was confirmed before.
/// `too_many_requests`: as invite_user().
Result<http::Response> invite_user_again(Services& services, const Call& call);

/// GET /api/users/{id}: shows an account, as much of it as the caller may see.
/// 200: the managed user for callers with can_manage_users, the user for the caller's own account, otherwise
/// views::stranger().
/// `not_found`: the user does not exist. Strangers also get it for an account whose address is not confirmed.
Result<http::Response> show_user(Services& services, const Call& call);

/// PATCH /api/users/{id}: changes another user's profile, or whether the address counts as confirmed.
/// Body: is_verified?, username?, full_name?, bio?. Other members are ignored, so a client may send back what
/// it got.
/// 200: the managed user.
/// `validation_failed`: also for another `email`, for a `password`, and for a username that looks like a web
/// address.
/// `username_taken`, `too_many_requests`: as change_me().
Result<http::Response> change_user(Services& services, const Call& call);

/// DELETE /api/users/{id}: deletes another user's account. Answers 204.
Result<http::Response> delete_user(Services& services, const Call& call);

/// POST /api/users/{id}/ban: bans a user and ends their sessions. Replaces an earlier ban.
/// Body: reason, until? (without it, the ban has no end).
/// 200: the managed user for callers with can_manage_users, otherwise {id, ban}.
/// `validation_failed`: also if `until` is not in the future.
Result<http::Response> ban_user(Services& services, const Call& call);

/// DELETE /api/users/{id}/ban: lifts a ban. Succeeds also if there is none. Answers 204.
Result<http::Response> unban_user(Services& services, const Call& call);

/// POST /api/users/{id}/logout: ends all sessions of another user. The links of earlier mails are void,
/// except those that revert a change of address. Answers 204.
Result<http::Response> log_user_out(Services& services, const Call& call);

/// GET /api/users/{id}/sessions: lists a user's live sessions, the last used first, all on one page.
/// 200: {items, next: null}.
/// `not_found`: the user does not exist.
Result<http::Response> list_user_sessions(Services& services, const Call& call);

/// DELETE /api/users/{id}/sessions/{session}: ends one session of another user. Answers 204.
/// `not_found`: also if the user has no live session with this ID.
Result<http::Response> end_user_session(Services& services, const Call& call);

/// GET /api/users/{id}/devices?limit=&cursor=: lists a user's devices, the newest first.
/// 200: {items, next}. Push tokens are not shown.
/// `not_found`: the user does not exist.
/// `session_ended`: the caller's session has ended meanwhile.
Result<http::Response> list_user_devices(Services& services, const Call& call);

/// DELETE /api/users/{id}/devices/{device}: removes a device of another user, and ends its sessions. Answers
/// 204.
/// `not_found`: also if the user has no device with this ID.
Result<http::Response> delete_user_device(Services& services, const Call& call);

/// PUT /api/users/{id}/roles/{name}: grants a role to a user. Succeeds also if the user holds it already.
/// 200: {user_id, roles}.
/// `limit_reached`: the user holds roles::kMostRolesOfUser roles.
Result<http::Response> grant_role(Services& services, const Call& call);

/// DELETE /api/users/{id}/roles/{name}: takes a role from a user. Succeeds also if the user does not hold it.
/// Answers 204.
Result<http::Response> revoke_role(Services& services, const Call& call);

/// POST /api/assign-role: does what grant_role() does, for clients of the Django service.
/// Body: user_id, role.
/// 200: {user_id, roles}.
Result<http::Response> assign_role(Services& services, const Call& call);

/// GET /api/roles: lists all roles, the highest priority first, on one page.
/// 200: {items, next: null}.
Result<http::Response> list_roles(Services& services, const Call& call);

/// POST /api/roles: creates a role.
/// Body: name, description?, priority?, a flag for each of roles::kFlags?, custom_permissions?.
/// 201: the role, with Location.
/// `role_taken`: a role has this name.
/// `limit_reached`: there are roles::kMostRoles roles.
Result<http::Response> create_role(Services& services, const Call& call);

/// GET /api/roles/{name}: shows a role.
/// 200: the role.
/// `not_found`: the role does not exist.
Result<http::Response> show_role(Services& services, const Call& call);

/// PATCH /api/roles/{name}: changes a role, for all users who hold it.
/// Body: the members of create_role(), all optional. `custom_permissions` replaces all former ones.
/// 200: the role.
/// `validation_failed`: also for another `name`.
Result<http::Response> change_role(Services& services, const Call& call);

/// DELETE /api/roles/{name}: deletes a role, also from the users who hold it. Answers 204.
/// `role_in_use`: every new user gets the role, or it has more than roles::kMostHoldersOfDeleted holders.
Result<http::Response> delete_role(Services& services, const Call& call);

/// GET /api/audit?user=&action=&since=&limit=&cursor=: lists entries of the audit log, the newest first. An
/// empty filter counts as missing.
/// 200: {items, next}.
/// `bad_request`: also if a filter is not valid.
Result<http::Response> list_audit(Services& services, const Call& call);

/// POST /api/password/change: changes the caller's password. All other sessions end.
/// Body: current_password, new_password. Answers 204.
/// `validation_failed`: also if the new password is easily guessed (accounts::refuse_guessable()).
Result<http::Response> change_password(Services& services, const Call& call);

/// POST /api/password/forgot: asks for a mail to choose a new password. The answer is the same for any
/// address. The mailer decides later whether the address gets a mail.
/// Body: email, return_to?.
/// 202: a message.
Result<http::Response> forgot_password(Services& services, const Call& call);

/// POST /api/password/reset: sets a password with the token of a mail or an invitation. All sessions end.
/// Body: token, new_password. Answers 204.
/// `one_time_token_invalid`, `link_superseded`: the token does not work; `detail` says why.
/// `validation_failed`: also if the new password is easily guessed. The token stays good then.
Result<http::Response> reset_password(Services& services, const Call& call);

/// POST /api/email/change: asks for a mail to a new address. The answer does not tell whether that has an
/// account.
/// Body: new_email, password.
/// 202: a message.
/// `validation_failed`: also if the new address is the account's own.
/// `too_many_requests`: also if the user asked within accounts::kEmailChangeInterval.
Result<http::Response> change_email(Services& services, const Call& call);

/// POST /api/email/confirm: changes the address with the token from the new mailbox. The caller is signed in
/// to the account, or sends its password. Succeeds again if the token had done its work before.
/// Body: token, password?.
/// 200: a message.
/// `one_time_token_invalid`, `link_superseded`: the token does not work; `detail` says why.
/// `authentication_required`: neither a session nor a password was sent.
/// `invalid_credentials`: the password is wrong.
/// `permission_denied`: the session belongs to another account, and no password was sent.
/// `email_taken`: another account has the address by now, or it is held for its former owner.
Result<http::Response> confirm_email_change(Services& services, const Call& call);

/// POST /api/email/revert: takes a change of address back, with the token from the former mailbox. All
/// sessions end, the password is void, and a mail to choose a new one is sent to the former address.
/// Body: token.
/// 200: a message.
/// `one_time_token_invalid`: the token does not work; `detail` says why.
/// `email_taken`: another account has the former address.
Result<http::Response> revert_email_change(Services& services, const Call& call);

/// POST /api/verify-email: confirms an address with the token or the typed code of a mail. Succeeds again if
/// the token had done its work before.
/// Body: token, password?; or code in a session of the account; or code, email, password. `token` counts if
/// both are sent.
/// 200: {message, return_to}.
/// `one_time_token_invalid`, `link_superseded`: the token or the code does not work.
/// `authentication_required`, `invalid_credentials`, `permission_denied`: as confirm_email_change().
Result<http::Response> verify_email(Services& services, const Call& call);

/// POST /api/verify-email/{token}: does what verify_email() does with a token, which is in the path.
/// Body: password?.
/// 200: {message, return_to}.
/// Refuses as verify_email() does. A token of the wrong form gets `one_time_token_invalid`.
Result<http::Response> verify_email_by_path(Services& services, const Call& call);

/// POST /api/resend-verification: asks for another mail to confirm an address. The answer is the same for any
/// address. The mailer decides later whether the address gets a mail.
/// Body: email?, return_to?. A caller who is signed in may leave out `email`: it is their own then.
/// 202: a message.
/// `session_ended`: the caller's account was deleted meanwhile.
Result<http::Response> resend_verification(Services& services, const Call& call);

/// POST /api/mail-link: says what the link of a mail is for, to the page that it leads to. Uses nothing up,
/// so a mail scanner that opens the page does no harm.
/// Body: token.
/// 200: {purpose, sent_to, email, username, done, return_to}; see accounts::MailLink.
/// `one_time_token_invalid`, `link_superseded`: the link no longer works; `detail` says why.
Result<http::Response> show_mail_link(Services& services, const Call& call);

/// GET /api/site: returns what the static pages show about this site, because the files are the same
/// everywhere.
/// 200: {name}.
Result<http::Response> site(Services& services, const Call& call);

/// GET /api/whoami: shows how the service sees the caller. Administrators check their proxies with the
/// address, and pages show the user.
/// 200: {ip, scheme, host, user}; `user` is {id, username} or null.
Result<http::Response> whoami(Services& services, const Call& call);

/// GET /healthz: answers if a worker lives. Asks no database.
/// 200: {status: "ok"}.
Result<http::Response> health(Services& services, const Call& call);

/// GET /readyz: says whether this node can serve requests; see Readiness.
/// 200: {status: "ready"}.
/// `service_unavailable`: the database cannot be used.
Result<http::Response> readiness(Services& services, const Call& call);

}  // namespace csauth::handlers
