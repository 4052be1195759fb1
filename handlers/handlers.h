#pragma once

#include "handlers/call.h"

namespace csauth::handlers {

Result<http::Response> register_account(Services& services, const Call& call);
Result<http::Response> login(Services& services, const Call& call);
Result<http::Response> obtain_token(Services& services, const Call& call);
Result<http::Response> refresh_token(Services& services, const Call& call);
Result<http::Response> verify_token(Services& services, const Call& call);
Result<http::Response> introspect_token(Services& services, const Call& call);
Result<http::Response> blacklist_token(Services& services, const Call& call);
Result<http::Response> logout(Services& services, const Call& call);
Result<http::Response> verify_request(Services& services, const Call& call);
Result<http::Response> forward_request(Services& services, const Call& call);
Result<http::Response> list_sessions(Services& services, const Call& call);
Result<http::Response> end_session(Services& services, const Call& call);
Result<http::Response> list_devices(Services& services, const Call& call);
Result<http::Response> update_own_device(Services& services, const Call& call);
Result<http::Response> change_device(Services& services, const Call& call);
Result<http::Response> delete_device(Services& services, const Call& call);
Result<http::Response> put_presence(Services& services, const Call& call);
Result<http::Response> show_presence(Services& services, const Call& call);
Result<http::Response> open_stream(Services& services, const Call& call);
Result<http::Response> push_targets(Services& services, const Call& call);
Result<http::Response> return_address(Services& services, const Call& call);
Result<http::Response> metrics(Services& services, const Call& call);
Result<http::Response> show_me(Services& services, const Call& call);
Result<http::Response> change_me(Services& services, const Call& call);
Result<http::Response> change_profile(Services& services, const Call& call);
Result<http::Response> delete_me(Services& services, const Call& call);
Result<http::Response> export_me(Services& services, const Call& call);
Result<http::Response> put_avatar(Services& services, const Call& call);
Result<http::Response> delete_avatar(Services& services, const Call& call);
Result<http::Response> list_activity(Services& services, const Call& call);
Result<http::Response> list_users(Services& services, const Call& call);
Result<http::Response> invite_user(Services& services, const Call& call);
Result<http::Response> invite_user_again(Services& services, const Call& call);
Result<http::Response> show_user(Services& services, const Call& call);
Result<http::Response> change_user(Services& services, const Call& call);
Result<http::Response> delete_user(Services& services, const Call& call);
Result<http::Response> ban_user(Services& services, const Call& call);
Result<http::Response> unban_user(Services& services, const Call& call);
Result<http::Response> log_user_out(Services& services, const Call& call);
Result<http::Response> list_user_sessions(Services& services, const Call& call);
Result<http::Response> end_user_session(Services& services, const Call& call);
Result<http::Response> list_user_devices(Services& services, const Call& call);
Result<http::Response> delete_user_device(Services& services, const Call& call);
Result<http::Response> grant_role(Services& services, const Call& call);
Result<http::Response> revoke_role(Services& services, const Call& call);
Result<http::Response> assign_role(Services& services, const Call& call);
Result<http::Response> list_roles(Services& services, const Call& call);
Result<http::Response> create_role(Services& services, const Call& call);
Result<http::Response> show_role(Services& services, const Call& call);
Result<http::Response> change_role(Services& services, const Call& call);
Result<http::Response> delete_role(Services& services, const Call& call);
Result<http::Response> list_audit(Services& services, const Call& call);
Result<http::Response> change_password(Services& services, const Call& call);
Result<http::Response> forgot_password(Services& services, const Call& call);
Result<http::Response> reset_password(Services& services, const Call& call);
Result<http::Response> change_email(Services& services, const Call& call);
Result<http::Response> confirm_email_change(Services& services, const Call& call);
Result<http::Response> revert_email_change(Services& services, const Call& call);
Result<http::Response> verify_email(Services& services, const Call& call);
Result<http::Response> verify_email_by_path(Services& services, const Call& call);
Result<http::Response> resend_verification(Services& services, const Call& call);
Result<http::Response> show_mail_link(Services& services, const Call& call);
Result<http::Response> site(Services& services, const Call& call);
Result<http::Response> whoami(Services& services, const Call& call);
Result<http::Response> health(Services& services, const Call& call);
Result<http::Response> readiness(Services& services, const Call& call);

}  // namespace csauth::handlers
