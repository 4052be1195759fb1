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

/// What can be done, named after the OWASP Logging Vocabulary where it has a word.
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

/// The stable name: "authn_login_success".
std::string_view name_of(Action action);
std::optional<Action> action_named(std::string_view name);

enum class Outcome { success, failure };
std::string_view name_of(Outcome outcome);

/// What is longer in `detail` is cut.
inline constexpr std::size_t kLongestDetail = 255;  // bytes

struct Act {
    Action action;
    Outcome outcome = Outcome::success;
    std::optional<UserId> actor = {};  ///< nothing: the operator, or the service itself
    std::optional<UserId> subject = {};
    std::string detail = {};
};

/// An act as it stands in the log.
struct Entry {
    EntryId id;
    TimePoint at;
    std::string action;
    std::string outcome;
    std::optional<UserId> actor;
    std::optional<UserId> subject;
    std::string ip;
    std::string request_id;
    std::string detail;
};

/// Which entries are asked for; what is nothing lets all pass.
struct Filter {
    std::optional<UserId> user = {};  ///< who did it, or to whom it was done
    std::optional<Action> action = {};
    std::optional<TimePoint> since = {};
};

/// What was done, by whom, to whom. Written in the transaction of the act itself.
class AuditLog {
public:
    virtual ~AuditLog() = default;

    void record(const Act& act, const Origin& origin, TimePoint now) {
        record(std::span{&act, 1}, origin, now);
    }
    /// Several acts of one request, at once.
    virtual void record(std::span<const Act> acts, const Origin& origin, TimePoint now) = 0;

    /// Acts, the newest first, at most `most` of those before `before`.
    virtual std::vector<Entry> page(const Filter& filter, std::optional<EntryId> before,
                                    std::size_t most) = 0;

    /// The same of those that were done to this user.
    virtual std::vector<Entry> about(UserId subject, std::optional<EntryId> before, std::size_t most) = 0;

    /// What is personal in the acts that this user did, and that were done to them, is to go; the keeper does
    /// it bit by bit.
    virtual void request_erasure(UserId user, TimePoint now) = 0;
};

}  // namespace csauth::audit
