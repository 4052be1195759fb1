#include "outbox/delivery_policy.h"

#include <algorithm>
#include <stdexcept>

namespace csauth::outbox {

std::optional<std::string> reason_to_give_up(const QueuedLetter& queued, TimePoint now) {
    if (now >= queued.give_up_at) return "it would be of no use any more";
    if (queued.begun >= queued.attempts + kMostDeaths)
        return "set aside: the mailer died of it " + std::to_string(kMostDeaths) + " times";
    return std::nullopt;
}

NextStep after_unreadable(const QueuedLetter& queued) {
    return queued.attempts + 1 >= kMostUnreadable ? NextStep::give_up : NextStep::postpone;
}

NextStep after_failure(mail::FailureKind kind) {
    switch (kind) {
        case mail::FailureKind::refused: return NextStep::give_up;
        case mail::FailureKind::deferred:
        case mail::FailureKind::interrupted: return NextStep::postpone;
        case mail::FailureKind::unreachable:
        case mail::FailureKind::misconfigured: return NextStep::release;
    }
    throw std::logic_error("a FailureKind that is unknown");
}

bool is_failure_of_relay(mail::FailureKind kind) { return after_failure(kind) == NextStep::release; }

void RelayPause::failed(std::chrono::milliseconds uptime) {
    until_ = uptime + next_;
    next_ = std::min(2 * next_, kLongest);
}

void RelayPause::succeeded() { next_ = kFirst; }

}  // namespace csauth::outbox
