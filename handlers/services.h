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

/// Whether this node can do its work.
class Readiness {
public:
    virtual ~Readiness() = default;

    /// Returns false if the database can't be used; the reason is in the log then.
    virtual bool is_ready() = 0;
};

/// The live streams of this process.
class Streams {
public:
    virtual ~Streams() = default;

    /// Turns the answer to the present request into a stream. `session_ended`: the session ended meanwhile.
    virtual Result<http::Response> open(streamer::Subscription subscription) = 0;
};

/// What handlers use. All of it outlives the request. A handler includes the headers of those that it uses.
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
    presence::SignsOfLife& signs_of_life;
    presence::WhoIsOnline& who_is_online;
    Streams* streams;  ///< null in pools other than `stream`
    const cookies::Policy& cookies;
    const http::ReturnHosts& return_hosts;
    const std::string& site_name;
    limits::Limiter& limiter;
    const Clock& clock;
};

}  // namespace csauth::handlers
