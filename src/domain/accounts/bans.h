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

/// Bans whose ends differ by less than this have the same end, because mails name the minute only.
inline constexpr std::chrono::minutes kSameEnd{1};

/// Why a user is banned. The user is told this text.
struct BanReason {
    std::string text;

    /// Accepts one line of at most kLongestBanReason code points; see text::plain_text().
    /// `too_short`: the text is empty. `too_long`, `invalid`: see there.
    static Result<BanReason, Complaint> parse(std::string_view given);
};

/// Bans users, for good or until a time, and lifts bans. The actor needs `can_ban_users`. Each call is one
/// transaction.
///
/// Refusals of each call: `not_found`, `permission_denied`, `session_ended`, `email_unverified` and
/// `last_role_manager`; see roles::Hierarchy::act_on().
class Bans {
public:
    Bans(const Ports& ports, roles::Hierarchy& hierarchy);

    /// Bans the user and returns them as changed. Ends all of their sessions, and voids every link that was
    /// mailed to them except those that take back a change of address. Tells the user by mail if their
    /// address was ever confirmed.
    ///
    /// Replaces an earlier ban; one with the same reason and end (kSameEnd) stays as it is. `until`: when the
    /// ban ends by itself; nullopt for a ban without end.
    ///
    /// `validation_failed`: `until` is not in the future.
    Result<users::User> ban(const roles::Actor& actor, UserId user, const BanReason& reason,
                            std::optional<TimePoint> until, const Origin& origin);

    /// Lifts the ban and tells the user by mail if their address was ever confirmed. Without a ban, does
    /// nothing. A ban that has ended already is removed without a mail.
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

/// Removes up to `most` bans that have ended by `now`, each in a transaction of its own, and returns their
/// number. Such a ban keeps nobody out. Writes an audit row for each, and sends no mail. The keeper calls it.
std::size_t forget_ended_bans(users::Users& users, audit::AuditLog& audit, Transactions& transactions,
                              std::size_t most, TimePoint now);

}  // namespace csauth::accounts
