#pragma once

#include <string>

#include "base/result.h"
#include "http/message.h"

namespace csauth {
class Clock;
}
namespace csauth::accounts {
class Avatars;
class Bans;
class Deletion;
class EmailChange;
class MailLinks;
class PasswordChange;
class PasswordReset;
class PersonalDataExport;
class Profile;
class ProfileUpdate;
class Registration;
class UserAdministration;
class UserCreation;
class Verification;
}  // namespace csauth::accounts
namespace csauth::audit {
class AuditLog;
}
namespace csauth::devices {
class DeviceKeys;
class Devices;
}  // namespace csauth::devices
namespace csauth::http {
struct ReturnHosts;
}
namespace csauth::limits {
class Limiter;
}
namespace csauth::outbox {
class MailRequests;
}
namespace csauth::presence {
class SignsOfLife;
class WhoIsOnline;
}  // namespace csauth::presence
namespace csauth::recall {
class Board;
}
namespace csauth::roles {
class RoleAdministration;
class Roles;
}  // namespace csauth::roles
namespace csauth::sessions {
class Authentication;
class DeviceList;
class FailureLog;
class Gate;
class ProgramKey;
class Refresh;
class SessionList;
class SignOut;
class Tokens;
}  // namespace csauth::sessions
namespace csauth::streamer {
struct Subscription;
}
namespace csauth::users {
class Directory;
class Users;
}  // namespace csauth::users

namespace csauth::handlers {

namespace cookies {
struct Policy;
}

/// Says whether this node can serve requests.
class Readiness {
public:
    virtual ~Readiness() = default;

    /// Asks the database, and returns false if it cannot be used. The log has the reason then.
    virtual bool is_ready() = 0;
};

/// The live streams of this process.
class Streams {
public:
    virtual ~Streams() = default;

    /// Returns the answer that begins a stream for the present request. The streamer calls the handler for
    /// one request at a time. `session_ended`: the session has ended meanwhile.
    virtual Result<http::Response> open(streamer::Subscription subscription) = 0;
};

/// All that handlers use. Every member outlives the request. A handler file includes the headers of the
/// services that it uses.
struct Services {
    accounts::Registration& registration;
    accounts::Verification& verification;  ///< confirms addresses
    accounts::MailLinks& mail_links;       ///< looks at one-time tokens without using them up
    accounts::PasswordChange& password_change;
    accounts::PasswordReset& password_reset;
    accounts::EmailChange& email_change;
    accounts::Profile& profile;               ///< changes the profile alone
    accounts::ProfileUpdate& profile_update;  ///< changes profile, picture and password in one transaction
    accounts::Avatars& avatars;
    accounts::Deletion& deletion;  ///< deletes accounts at their users' wish
    accounts::PersonalDataExport& personal_data;
    accounts::UserAdministration& user_administration;  ///< changes other users' accounts
    accounts::UserCreation& user_creation;              ///< invites users
    accounts::Bans& bans;
    roles::RoleAdministration& role_administration;
    sessions::Authentication& authentication;  ///< checks passwords and opens sessions
    sessions::Gate& gate;                      ///< decides whether a token is valid now
    sessions::Refresh& refresh;
    sessions::SignOut& sign_out;
    sessions::SessionList& session_list;  ///< lists the live sessions of a user, and ends them
    sessions::DeviceList& device_list;    ///< lists, changes and removes the devices of a user
    sessions::FailureLog& failures;       ///< writes refusals to the audit log
    const sessions::Tokens& tokens;       ///< issues and reads tokens
    const devices::DeviceKeys& device_keys;
    const sessions::ProgramKey& notifier_key;  ///< not set in pools other than `api`
    const sessions::ProgramKey& proxy_key;     ///< of proxies on other machines; set in `edge` alone
    devices::Devices& devices;                 ///< the store, for push targets
    outbox::MailRequests& mail_requests;
    users::Users& users;          ///< the store
    users::Directory& directory;  ///< finds users page by page
    roles::Roles& roles;          ///< the store
    audit::AuditLog& audit;
    Readiness& readiness;
    recall::Board& board;                   ///< for the figures of /metrics
    presence::SignsOfLife& signs_of_life;   ///< shows devices as present
    presence::WhoIsOnline& who_is_online;   ///< shows the presence of users to a viewer
    Streams* streams;                       ///< null in pools other than `stream`
    const cookies::Policy& cookies;         ///< how cookies are set, and our own origin
    const http::ReturnHosts& return_hosts;  ///< where pages may send users after signing in
    const std::string& site_name;
    limits::Limiter& limiter;
    const Clock& clock;
};

}  // namespace csauth::handlers
