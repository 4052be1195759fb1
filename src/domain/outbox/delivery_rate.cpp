#include "outbox/delivery_rate.h"

#include <algorithm>
#include <utility>

namespace csauth::outbox {

DeliveryRate::DeliveryRate(unsigned mails_a_minute, std::chrono::milliseconds uptime)
    : mails_a_minute_{mails_a_minute}, credit_{capacity()}, refilled_at_{uptime} {}

double DeliveryRate::capacity() const { return std::max(1.0, mails_a_minute_ / 10.0); }

std::size_t DeliveryRate::allowed(std::size_t wanted, std::chrono::milliseconds uptime) {
    if (mails_a_minute_ == 0) return wanted;
    const std::chrono::duration<double, std::ratio<60>> minutes =
        uptime - std::exchange(refilled_at_, uptime);
    credit_ = std::min(capacity(), credit_ + minutes.count() * mails_a_minute_);
    return std::min(wanted, static_cast<std::size_t>(credit_));
}

void DeliveryRate::spend(std::size_t mails) {
    if (mails_a_minute_ != 0) credit_ -= static_cast<double>(mails);
}

}  // namespace csauth::outbox
