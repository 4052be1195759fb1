#pragma once

#include <chrono>
#include <cstddef>

namespace csauth::outbox {

/// Limits how many mails go to the relay (`mail.rate`): a token bucket that holds a tenth of the mails of a
/// minute, at least one. Used by the mailer's one thread.
class DeliveryRate {
public:
    /// `mails_a_minute`: 0 sets no limit. `uptime`: now.
    DeliveryRate(unsigned mails_a_minute, std::chrono::milliseconds uptime);

    /// Returns how many of `wanted` mails may go at `uptime`.
    std::size_t allowed(std::size_t wanted, std::chrono::milliseconds uptime);

    /// Records that so many mails were taken to be sent; at most what allowed() has just returned.
    void spend(std::size_t mails);

private:
    double capacity() const;

    unsigned mails_a_minute_;
    double credit_;
    std::chrono::milliseconds refilled_at_;
};

}  // namespace csauth::outbox
