#pragma once

#include "accounts/avatar.h"
#include "accounts/bans.h"
#include "accounts/deletion.h"
#include "accounts/email_change.h"
#include "accounts/erasure.h"
#include "accounts/mail_link.h"
#include "accounts/password_change.h"
#include "accounts/password_reset.h"
#include "accounts/personal_data.h"
#include "accounts/ports.h"
#include "accounts/profile.h"
#include "accounts/profile_update.h"
#include "accounts/registration.h"
#include "accounts/user_administration.h"
#include "accounts/user_creation.h"
#include "accounts/verification.h"
#include "handlers/services.h"
#include "presence/signs_of_life.h"
#include "presence/who_is_online.h"
#include "roles/hierarchy.h"
#include "roles/role_administration.h"
#include "sessions/authentication.h"
#include "sessions/device_list.h"
#include "sessions/failure_log.h"
#include "sessions/gate.h"
#include "sessions/node_memory.h"
#include "sessions/refresh.h"
#include "sessions/session_list.h"
#include "sessions/sign_out.h"
#include "users/directory.h"

namespace csauth {

/// The collaborators of AdministrationServices. They must outlive the services.
struct AdministrationParts {
    accounts::Ports ports;
    const crypto::KeyRing& seal_keys;
    const crypto::PasswordHasher& hasher;
    const users::ContextWords& context_words;
};

/// The services that administer accounts. csauthctl makes them alone; a worker has them as a part of
/// RequestServices. Not to be copied: services refer to each other.
struct AdministrationServices {
    explicit AdministrationServices(const AdministrationParts& parts);

    roles::Hierarchy hierarchy;
    roles::RoleAdministration role_administration;
    accounts::VerificationMail verification_mail;
    accounts::ResetMail reset_mail;
    accounts::Profile profile;
    accounts::Erasure erasure;
    accounts::Bans bans;
    accounts::UserAdministration user_administration;
    accounts::UserCreation user_creation;
};

/// The other collaborators of RequestServices. They must outlive the services.
struct RequestParts {
    const sessions::Tokens& tokens;
    const devices::DeviceKeys& device_keys;
    limits::Limiter& limiter;
    sessions::NodeMemory memory;  ///< this node's recall board, activity and presence
    audit::Unwritten& unwritten;  ///< counts refusals that get no entry in the audit log
    presence::Presences& presences;
    images::Decoder& decoder;
    Places& imager_places;  ///< limits how many workers wait for the imager
    accounts::AvatarFiles& avatar_files;
    std::chrono::seconds session_lifetime;  ///< tokens.session_lifetime
    sessions::OnStale on_stale;             ///< tokens.on_stale
    sessions::RefreshPolicy refresh;        ///< tokens.strict_refresh and unverified_audiences
    const Log& log;
    Outage& unchecked;  ///< notes tokens that were accepted without a look at the database
};

/// The services that answer requests. Workers and unit tests use the same assembly; tests pass fakes.
struct RequestServices : AdministrationServices {
    RequestServices(const AdministrationParts& administration, const RequestParts& parts);

    sessions::SessionOpener session_opener;
    sessions::FailureLog failures;
    sessions::Authentication authentication;
    sessions::Gate gate;
    sessions::Refresh refresh;
    sessions::SignOut sign_out;
    sessions::SessionList session_list;
    sessions::DeviceList device_list;
    accounts::Verification verification;
    accounts::MailLinks mail_links;
    accounts::Registration registration;
    accounts::PasswordChange password_change;
    accounts::PasswordReset password_reset;
    accounts::EmailChange email_change;
    accounts::Avatars avatars;
    accounts::ProfileUpdate profile_update;
    accounts::Deletion deletion;
    accounts::PersonalDataExport personal_data;
    presence::SignsOfLife signs_of_life;
    presence::WhoIsOnline who_is_online;
};

/// The collaborators of handlers that are neither services nor stores.
struct HandlerParts {
    users::Directory& directory;
    const sessions::ProgramKey& notifier_key;
    const sessions::ProgramKey& proxy_key;
    handlers::Readiness& readiness;
    handlers::Streams* streams;  ///< null in pools other than `stream`
    const handlers::cookies::Policy& cookies;
    const http::ReturnHosts& return_hosts;
    const std::string& site_name;
};

/// Returns the services for handlers. The result holds references to the arguments and to their members,
/// which must outlive it.
handlers::Services handler_services(RequestServices& services, const accounts::Ports& ports,
                                    const RequestParts& parts, const HandlerParts& handlers);

}  // namespace csauth
