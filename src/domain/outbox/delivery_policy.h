#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.h"
#include "mail/smtp_client.h"
#include "outbox/outbox.h"

namespace csauth::outbox {

/// A mail is given up after so many tries in which no message could be made of it.
inline constexpr unsigned kMostUnreadable = 5;

/// A mail is given up after the mailer has died so many times while it delivered it.
inline constexpr unsigned kMostDeaths = 5;

/// What becomes of a mail after a try.
enum class NextStep {
    give_up,   ///< it is never tried again
    postpone,  ///< it is tried again after retry_delay()
    release,   ///< it stays as it was; no mail would fare better, so none is sent to the relay for a while
};

/// Returns why a leased mail must be given up before it is tried, or nullopt.
std::optional<std::string> reason_to_give_up(const QueuedLetter& queued, TimePoint now);

/// Returns what becomes of a mail that no message can be made of, because its letter or its template is
/// damaged. A newer program or a corrected template may succeed, so it is tried again a few times.
NextStep after_unreadable(const QueuedLetter& queued);

/// Returns what becomes of a mail that was not delivered.
NextStep after_failure(mail::FailureKind kind);

/// Returns true for a failure of the relay, and false for one of the mail or of this try.
bool is_failure_of_relay(mail::FailureKind kind);

/// Says how long no mail is sent to the relay after none got through: 1 s at first, then twice as long each
/// time, at most 30 s. Used by the mailer's one thread.
class RelayPause {
public:
    static constexpr std::chrono::milliseconds kFirst{1000};
    static constexpr std::chrono::milliseconds kLongest{30'000};

    /// Records that no mail gets through at `uptime`.
    void failed(std::chrono::milliseconds uptime);

    /// Records that a mail got through: the next pause is short again.
    void succeeded();

    /// Returns true while no mail is to be sent to the relay.
    bool holds(std::chrono::milliseconds uptime) const { return uptime < until_; }

private:
    std::chrono::milliseconds next_ = kFirst;
    std::chrono::milliseconds until_{0};
};

}  // namespace csauth::outbox
