#include "sessions/failure_log.h"

#include "base/unavailable.h"

namespace csauth::sessions {

using limits::Limit;

void FailureLog::sign_in_failed(std::optional<UserId> subject, std::string_view account, std::string why,
                                const Origin& origin) {
    record({.action = audit::Action::login_failed, .subject = subject, .detail = std::move(why)}, account,
           origin);
}

void FailureLog::throttled(std::optional<UserId> subject, std::string_view account, const Origin& origin) {
    if (limiter_.attempt(Limit::throttling_in_log, account))
        record({.action = audit::Action::login_throttled, .subject = subject}, account, origin);
    else
        unwritten_.note();
}

void FailureLog::permission_denied(UserId actor, std::string what, const Origin& origin) {
    record({.action = audit::Action::permission_denied, .actor = actor, .detail = std::move(what)},
           actor.text(), origin);
}

void FailureLog::record(audit::Act act, std::string_view account, const Origin& origin) {
    // Each kind has counts of its own, so that a flood of one leaves room for the others.
    const auto kind = std::string{name_of(act.action)};
    auto of_account = limiter_.attempt(Limit::failures_of_account_in_log, kind + ' ' + std::string{account});
    if (!of_account || !limiter_.attempt(Limit::failures_in_log, kind)) {
        if (of_account) of_account->forgive();
        unwritten_.note();
        return;
    }
    act.outcome = audit::Outcome::failure;
    try {
        audit_.record(act, origin, clock_.now());
    } catch (const Unavailable&) {
        unwritten_.note();  // the caller refuses the request all the same
    }
}

}  // namespace csauth::sessions
