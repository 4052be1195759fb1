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

// What an export holds at most, the newest of each.
inline constexpr std::size_t kMostExportedSessions = 1'000;
inline constexpr std::size_t kMostExportedDevices = 200;  // more than a user can have
inline constexpr std::size_t kMostExportedTokens = 200;
inline constexpr std::size_t kMostExportedMails = 1'000;
inline constexpr std::size_t kMostExportedActs = 10'000;

/// A document with all of that, in the longest form, has fewer bytes than this. Most have less than a tenth.
inline constexpr std::size_t kLargestExport = 40UL * 1024 * 1024;

/// The newest items of a list, newest first.
template <class Item>
struct Newest {
    std::vector<Item> items;
    bool is_complete = true;  ///< false if older items were left out

    /// `found`: one item more than `most` if there are as many, so that a cut is noticed.
    static Newest of(std::vector<Item> found, std::size_t most) {
        const bool is_complete = found.size() <= most;
        if (!is_complete) found.erase(found.begin() + static_cast<std::ptrdiff_t>(most), found.end());
        return {std::move(found), is_complete};
    }
};

/// All that is held about a person, but what proves who they are (hashes of passwords and tokens), and mails
/// to addresses that turned out not to be theirs.
struct PersonalData {
    users::User user;
    std::vector<roles::Role> roles;
    Newest<sessions::SessionRecord> sessions;
    Newest<devices::DeviceRecord> devices;
    Newest<OneTimeToken> tokens;
    Newest<outbox::MailRecord> mails;
    Newest<audit::Entry> activity;
};

class PersonalDataExport {
public:
    explicit PersonalDataExport(const Ports& ports);

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
