#pragma once

#include <optional>
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
    logout,
    token_reused,
    password_rehashed,
    password_changed,
    password_reset,
    email_changed,
    email_reverted,
    user_updated,
    user_deleted,
    device_removed,
    mail_administered,
    sessions_revoked,
    everyone_recalled,
};

/// The stable name: "authn_login_success".
std::string_view name_of(Action action);

enum class Outcome { success, failure };
std::string_view name_of(Outcome outcome);

struct Act {
    Action action;
    Outcome outcome = Outcome::success;
    std::optional<UserId> actor = {};
    std::optional<UserId> subject = {};
    std::string detail = {};  ///< at most 255 characters
};

/// An act as it stands in the log.
struct Entry {
    TimePoint at;
    std::string action;
    std::string outcome;
    std::optional<UserId> actor;
    std::string ip;
    std::string request_id;
    std::string detail;
};

/// What was done, by whom, to whom. Written in the transaction of the act itself.
class AuditLog {
public:
    virtual ~AuditLog() = default;
    virtual void record(const Act& act, const Origin& origin, TimePoint now) = 0;

    /// The newest `most` acts that were done to this user, newest first.
    virtual std::vector<Entry> entries_about(UserId subject, std::size_t most) = 0;

    /// What is personal in the acts that were done to this user is to go; the keeper does it bit by bit.
    virtual void request_erasure(UserId subject, TimePoint now) = 0;
};

}  // namespace csauth::audit
