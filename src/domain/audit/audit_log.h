#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/origin.h"

namespace csauth::audit {

/// What can be recorded. The names follow the OWASP Logging Vocabulary where it has a word.
enum class Action {
    user_created,
    email_verified,
    login_succeeded,
    login_failed,
    login_throttled,
    logout,
    token_reused,
    password_rehashed,
    password_changed,
    password_reset,
    email_changed,
    email_reverted,
    user_updated,
    user_deleted,
    user_banned,
    user_unbanned,
    device_removed,
    sessions_revoked,
    permission_denied,
    roles_changed,
    permissions_changed,
    everyone_recalled,
    mail_administered,
    keys_changed,
    avatars_swept,
    schema_migrated,
    log_exported,
    failures_counted,
};

inline constexpr Action kLastAction = Action::failures_counted;

/// Returns the stable name in the log: "authn_login_success".
std::string_view name_of(Action action);

/// Returns the action of that name, or nullopt if this version does not know it.
std::optional<Action> action_named(std::string_view name);

/// Whether the act was done or refused.
enum class Outcome { success, failure };

/// Returns the stable name in the log: "success" or "failure".
std::string_view name_of(Outcome outcome);

/// A longer `detail` is cut after the last whole character.
inline constexpr std::size_t kLongestDetail = 255;  // bytes

/// An act to record. Time and origin are given with it.
struct Act {
    Action action;
    Outcome outcome = Outcome::success;
    std::optional<UserId> actor = {};    ///< nullopt: the operator, the service itself, or an unknown person
    std::optional<UserId> subject = {};  ///< the user to whom it was done; nullopt: none, or unknown
    std::string detail = {};             ///< for auditors; holds no secret
};

/// An act as the log has it. It keeps the names of action and outcome, because another version may have
/// written others.
struct Entry {
    EntryId id;
    TimePoint at;
    std::string action;
    std::string outcome;
    std::optional<UserId> actor;
    std::optional<UserId> subject;
    std::string ip;  ///< empty once it was erased
    std::string request_id;
    std::string detail;  ///< empty once it was erased
};

/// Which entries are asked for. Members that are nullopt let all entries pass.
struct Filter {
    std::optional<UserId> user = {};      ///< the actor or the subject
    std::optional<Action> action = {};    ///< this action only
    std::optional<TimePoint> since = {};  ///< no entry from before
};

/// The audit log: what was done, by whom, and to whom. A call takes part in the transaction of the caller, if
/// there is one. So an act and its entry are committed together, or neither is.
class AuditLog {
public:
    virtual ~AuditLog() = default;

    /// Adds an entry for one act.
    void record(const Act& act, const Origin& origin, TimePoint now) {
        record(std::span{&act, 1}, origin, now);
    }
    /// Adds entries for several acts of one request, in one statement.
    virtual void record(std::span<const Act> acts, const Origin& origin, TimePoint now) = 0;

    /// Returns at most `most` entries that pass the filter, newest first. `before`: only older entries than
    /// this one; nullopt begins with the newest.
    virtual std::vector<Entry> page(const Filter& filter, std::optional<EntryId> before,
                                    std::size_t most) = 0;

    /// Returns at most `most` entries of acts that were done to this user, newest first. `before`: as for
    /// page().
    virtual std::vector<Entry> about(UserId subject, std::optional<EntryId> before, std::size_t most) = 0;

    /// Asks for the erasure of what is personal in acts that this user did, and in acts that were done to
    /// them. The keeper does it bit by bit. A request can't be withdrawn.
    virtual void request_erasure(UserId user, TimePoint now) = 0;
};

}  // namespace csauth::audit
