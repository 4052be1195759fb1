#include "streamer/catch_up.h"

#include "streamer/connection.h"

namespace csauth::streamer {

std::string catch_up(Subscription& subscription, const std::optional<std::vector<Event>>& missed,
                     const std::vector<presence::Seen>& seen, EventId position, TimePoint now) {
    for (const auto& user : seen)
        subscription.note(user);
    const auto last = subscription.last_event;
    if (!last) return snapshot(position, seen);
    std::string text;
    if (missed) {
        text = snapshot(*last, seen);
        for (const auto& event : *missed)
            if (!may_end(event, subscription)) text += rendered(event, subscription, now);
    }
    if (!missed || text.size() > kLongestBacklog / 2) return reset(position) + snapshot(position, seen);
    return text;
}

}  // namespace csauth::streamer
