#pragma once

#include <cstddef>
#include <vector>

#include "accounts/one_time_tokens.h"
#include "audit/audit_log.h"
#include "base/result.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "roles/roles.h"
#include "sessions/sessions.h"
#include "users/users.h"

namespace csauth::accounts {

/// An export holds at most so many acts of the audit log, the newest.
inline constexpr std::size_t kMostExportedActs = 10'000;

/// All that is held about a person, but what proves who they are (hashes of passwords and tokens), and mails
/// to addresses that turned out not to be theirs.
struct PersonalData {
    users::User user;
    std::vector<roles::Role> roles;
    std::vector<sessions::SessionRecord> sessions;
    std::vector<devices::DeviceRecord> devices;
    std::vector<OneTimeToken> tokens;
    std::vector<outbox::MailRecord> mails;
    std::vector<audit::Entry> activity;
};

class PersonalDataExport {
public:
    PersonalDataExport(users::Users& users, roles::Roles& roles, sessions::Sessions& sessions,
                       devices::Devices& devices, OneTimeTokens& tokens, outbox::Outbox& outbox,
                       audit::AuditLog& audit, const Clock& clock);

    /// session_ended: the user has gone.
    Result<PersonalData> of(UserId user);

private:
    users::Users& users_;
    roles::Roles& roles_;
    sessions::Sessions& sessions_;
    devices::Devices& devices_;
    OneTimeTokens& tokens_;
    outbox::Outbox& outbox_;
    audit::AuditLog& audit_;
    const Clock& clock_;
};

}  // namespace csauth::accounts
