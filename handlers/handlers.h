#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/avatar.h"
#include "accounts/bans.h"
#include "accounts/deletion.h"
#include "accounts/email_change.h"
#include "accounts/mail_link.h"
#include "accounts/password_change.h"
#include "accounts/password_reset.h"
#include "accounts/personal_data.h"
#include "accounts/profile.h"
#include "accounts/profile_update.h"
#include "accounts/registration.h"
#include "accounts/user_administration.h"
#include "accounts/user_creation.h"
#include "accounts/verification.h"
#include "base/origin.h"
#include "base/result.h"
#include "devices/device_keys.h"
#include "handlers/cookies.h"
#include "http/form.h"
#include "http/message.h"
#include "http/return_address.h"
#include "limits/limiter.h"
#include "outbox/outbox.h"
#include "presence/who_is_online.h"
#include "recall/board.h"
#include "roles/role_administration.h"
#include "roles/roles.h"
#include "sessions/authentication.h"
#include "sessions/device_list.h"
#include "sessions/failure_log.h"
#include "sessions/gate.h"
#include "sessions/program_key.h"
#include "sessions/refresh.h"
#include "sessions/session_list.h"
#include "sessions/sign_out.h"
#include "streamer/event.h"
#include "users/directory.h"
#include "users/users.h"

namespace csauth::handlers {

/// Whether this node can do its work.
class Readiness {
public:
    virtual ~Readiness() = default;
    /// What keeps it from working is in the log.
    virtual bool is_ready() = 0;
};

/// What handlers may use. All of it outlives the request.
class Streams {
public:
    virtual ~Streams() = default;
    /// Has the request's answer become a stream.
    virtual Result<http::Response> open(streamer::Subscription subscription) = 0;
};

struct Services {
    accounts::Registration& registration;
    accounts::Verification& verification;
    accounts::MailLinks& mail_links;
    accounts::PasswordChange& password_change;
    accounts::PasswordReset& password_reset;
    accounts::EmailChange& email_change;
    accounts::Profile& profile;
    accounts::ProfileUpdate& profile_update;
    accounts::Avatars& avatars;
    accounts::Deletion& deletion;
    accounts::PersonalDataExport& personal_data;
    accounts::UserAdministration& user_administration;
    accounts::UserCreation& user_creation;
    accounts::Bans& bans;
    roles::RoleAdministration& role_administration;
    sessions::Authentication& authentication;
    sessions::Gate& gate;
    sessions::Refresh& refresh;
    sessions::SignOut& sign_out;
    sessions::SessionList& session_list;
    sessions::DeviceList& device_list;
    sessions::FailureLog& failures;
    const sessions::Tokens& tokens;
    const devices::DeviceKeys& device_keys;
    const sessions::ProgramKey& notifier_key;
    const sessions::ProgramKey& proxy_key;  ///< of proxies on other machines
    devices::Devices& devices;
    outbox::MailRequests& mail_requests;
    users::Users& users;
    users::Directory& directory;
    roles::Roles& roles;
    audit::AuditLog& audit;
    Readiness& readiness;
    recall::Board& board;
    presence::Table& presence;
    presence::WhoIsOnline& who_is_online;
    Streams* streams;  ///< nothing but in the pool that has them
    const cookies::Policy& cookies;
    const http::ReturnHosts& return_hosts;
    const std::string& site_name;
    limits::Limiter& limiter;
    const Clock& clock;
};

/// One request on its way through a handler.
struct Call {
    const http::Request& request;
    std::vector<std::string> path_parameters;     ///< what stands for {…} in the route's path
    std::optional<sessions::Caller> caller = {};  ///< there where the route's access asks for one
    bool is_by_cookie = false;                    ///< whether a cookie says who the caller is

    Origin origin() const;

    /// The caller as one who does something to others.
    roles::Actor actor() const { return roles::Actor::account(caller->holder.id); }

    /// The token of "Authorization: Bearer …" (RFC 6750 section 2.1); empty where there is none.
    std::string_view bearer_token() const;
};

/// The caller as one who looks at others' presence.
presence::Viewer viewer_of(const sessions::Caller& caller);

/// The caller's own account, as it is after a change.
http::Response shown(const Call& call, const users::User& user);

using Handler = Result<http::Response> (*)(Services&, const Call&);

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
