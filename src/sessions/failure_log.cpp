#include "sessions/failure_log.h"

namespace csauth::sessions {

using limits::Bucket;

void FailureLog::sign_in_failed(std::optional<UserId> subject, std::string_view account, std::string why,
                                const Origin& origin) {
    record({.action = audit::Action::login_failed, .subject = subject, .detail = std::move(why)}, account,
           origin);
}

void FailureLog::throttled(std::optional<UserId> subject, std::string_view account, const Origin& origin) {
    if (limiter_.attempt(Bucket::throttling_in_log, account))
        record({.action = audit::Action::login_throttled, .subject = subject}, account, origin);
}

void FailureLog::permission_denied(UserId actor, std::string what, const Origin& origin) {
    record({.action = audit::Action::permission_denied, .actor = actor, .detail = std::move(what)},
           actor.text(), origin);
}

void FailureLog::record(audit::Act act, std::string_view account, const Origin& origin) {
    if (!limiter_.attempt(Bucket::failures_of_account_in_log, account) ||
        !limiter_.attempt(Bucket::failures_in_log, "all")) {
        unwritten_.note();
        return;
    }
    act.outcome = audit::Outcome::failure;
    audit_.record(act, origin, clock_.now());
}

}  // namespace csauth::sessions
