#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/audit_log.h"
#include "audit/unwritten.h"
#include "limits/limiter.h"

namespace csauth::sessions {

/// Puts what was refused into the audit log: the first of each account, and so many in all that a flood costs
/// the database little (docs/use/limits.md). The others are counted; the keeper writes how many there were.
class FailureLog {
public:
    FailureLog(audit::AuditLog& audit, audit::Unwritten& unwritten, limits::Limiter& limiter,
               const Clock& clock)
        : audit_{audit}, unwritten_{unwritten}, limiter_{limiter}, clock_{clock} {}

    /// `account`: what guesses at it are counted by, also where there is none.
    void sign_in_failed(std::optional<UserId> subject, std::string_view account, std::string why,
                        const Origin& origin);

    /// Guesses at the account have to wait; written once in a while.
    void throttled(std::optional<UserId> subject, std::string_view account, const Origin& origin);

    /// `what`: the route that the user may not use.
    void permission_denied(UserId actor, std::string what, const Origin& origin);

private:
    void record(audit::Act act, std::string_view account, const Origin& origin);

    audit::AuditLog& audit_;
    audit::Unwritten& unwritten_;
    limits::Limiter& limiter_;
    const Clock& clock_;
};

}  // namespace csauth::sessions
