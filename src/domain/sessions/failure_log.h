#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/audit_log.h"
#include "audit/unwritten.h"
#include "limits/limiter.h"

namespace csauth::sessions {

/// Writes refusals to the audit log, outside of any transaction. Limits how many it writes, by account and in
/// all, so that a flood costs the database little (docs/use/limits.md). Counts the others, and the keeper
/// writes their number. If the database is unavailable, the refusal is counted and no call throws
/// Unavailable.
class FailureLog {
public:
    FailureLog(audit::AuditLog& audit, audit::Unwritten& unwritten, limits::Limiter& limiter,
               const Clock& clock)
        : audit_{audit}, unwritten_{unwritten}, limiter_{limiter}, clock_{clock} {}

    /// Records a wrong password, a banned user, or an unconfirmed address. `subject`: nullopt if there is no
    /// such account. `account`: the key by which guesses at the account are counted. `why`: the entry's
    /// detail, such as "credentials".
    void sign_in_failed(std::optional<UserId> subject, std::string_view account, std::string why,
                        const Origin& origin);

    /// Records that guesses at the account have to wait. Writes one entry per account and
    /// Limit::throttling_in_log. The arguments are those of sign_in_failed().
    void throttled(std::optional<UserId> subject, std::string_view account, const Origin& origin);

    /// Records that a user lacks a permission. `what`: the route.
    void permission_denied(UserId actor, std::string what, const Origin& origin);

private:
    void record(audit::Act act, std::string_view account, const Origin& origin);

    audit::AuditLog& audit_;
    audit::Unwritten& unwritten_;
    limits::Limiter& limiter_;
    const Clock& clock_;
};

}  // namespace csauth::sessions
