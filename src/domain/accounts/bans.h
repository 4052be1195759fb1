#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/ports.h"
#include "audit/audit_log.h"
#include "base/origin.h"
#include "base/result.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "roles/hierarchy.h"
#include "sessions/sessions.h"
#include "users/users.h"

namespace csauth::accounts {

inline constexpr std::size_t kLongestBanReason = 500;  // code points

/// A ban that ends less than this before or after another ends at the same time: its mail names the minute.
inline constexpr std::chrono::minutes kSameEnd{1};

/// Why somebody is banned, on one line, as they are told themselves.
struct BanReason {
    std::string text;
    static Result<BanReason, Complaint> parse(std::string_view given);
};

/// Keeps people out, for good or for a time, and lets them in again.
///
/// Each: not_found, permission_denied, session_ended and last_role_manager as roles::Hierarchy has them.
class Bans {
public:
    Bans(const Ports& ports, roles::Hierarchy& hierarchy);

    /// All sessions of the user end, and what was mailed to them is void; they are told by mail, unless
    /// their address was never confirmed. Another ban is replaced; if the user is banned already for the same
    /// reason and with the same end (kSameEnd), nothing happens. `until`: nothing for good; then the ban
    /// ends by itself. validation_failed: that is not in the future.
    Result<users::User> ban(const roles::Actor& actor, UserId user, const BanReason& reason,
                            std::optional<TimePoint> until, const Origin& origin);

    /// The user is told by mail, as of the ban. Nothing happens where there is none.
    Result<void> lift(const roles::Actor& actor, UserId user, const Origin& origin);

private:
    roles::Hierarchy& hierarchy_;
    users::Users& users_;
    sessions::Sessions& sessions_;
    devices::Devices& devices_;
    outbox::Outbox& outbox_;
    audit::AuditLog& audit_;
    const Clock& clock_;
};

/// Takes bans away that have come to their end, which everybody knew by then, `most` at a time; says how
/// many.
std::size_t forget_ended_bans(users::Users& users, audit::AuditLog& audit, Transactions& transactions,
                              std::size_t most, TimePoint now);

}  // namespace csauth::accounts
