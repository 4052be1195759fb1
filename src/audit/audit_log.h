#pragma once

#include <optional>
#include <string>
#include <string_view>

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

/// What was done, by whom, to whom. Written in the transaction of the act itself.
class AuditLog {
public:
    virtual ~AuditLog() = default;
    virtual void record(const Act& act, const Origin& origin, TimePoint now) = 0;
};

}  // namespace csauth::audit
