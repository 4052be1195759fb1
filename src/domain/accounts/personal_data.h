#pragma once

#include <cstddef>
#include <vector>

#include "accounts/one_time_tokens.h"
#include "accounts/ports.h"
#include "audit/audit_log.h"
#include "base/result.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "roles/roles.h"
#include "sessions/sessions.h"
#include "users/users.h"

namespace csauth::accounts {

// The most that an export holds of each kind. It holds the newest ones.
inline constexpr std::size_t kMostExportedSessions = 1'000;
inline constexpr std::size_t kMostExportedDevices = 200;  // more than a user can have
inline constexpr std::size_t kMostExportedTokens = 200;
inline constexpr std::size_t kMostExportedMails = 1'000;
inline constexpr std::size_t kMostExportedActs = 10'000;

/// An export has fewer bytes than this, even with the most of each kind in its longest form. Most exports
/// have less than a tenth.
inline constexpr std::size_t kLargestExport = 40UL * 1024 * 1024;

/// The newest items of a list, newest first.
template <class Item>
struct Newest {
    std::vector<Item> items;
    bool is_complete = true;  ///< false if older items were left out

    /// Returns the first `most` items of `found`, which is sorted newest first. Ask for one item more than
    /// `most`, so that a cut is noticed.
    static Newest of(std::vector<Item> found, std::size_t most) {
        const bool is_complete = found.size() <= most;
        if (!is_complete) found.erase(found.begin() + static_cast<std::ptrdiff_t>(most), found.end());
        return {std::move(found), is_complete};
    }
};

/// What is stored about a user, without the password hash and mails to addresses that are not theirs. The
/// hashes in `tokens` must not leave the service.
struct PersonalData {
    users::User user;
    std::vector<roles::Role> roles;
    Newest<sessions::SessionRecord> sessions;
    Newest<devices::DeviceRecord> devices;
    Newest<OneTimeToken> tokens;
    Newest<outbox::MailRecord> mails;
    Newest<audit::Entry> activity;
};

/// Collects what is stored about a user.
class PersonalDataExport {
public:
    explicit PersonalDataExport(const Ports& ports);

    /// Returns the data, read outside a transaction: its parts may be of slightly different moments.
    /// `session_ended`: the user no longer exists.
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
