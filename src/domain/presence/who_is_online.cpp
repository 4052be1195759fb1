#include "presence/who_is_online.h"

namespace csauth::presence {

Seen seen_by(const Viewer& viewer, const Record& record, Status status, TimePoint now) {
    const bool is_self = viewer.id == record.user;
    if (record.hides && !is_self && !viewer.sees_hidden) return {.user = record.user};
    const Status shown = is_self ? status : shown_to_others(status);
    return {.user = record.user,
            .status = shown,
            .last_seen = shown_to_others(shown) == Status::offline ? record.last_seen : std::optional{now}};
}

WhoIsOnline::AllKnown WhoIsOnline::known_of(std::span<const UserId> users) {
    AllKnown known;
    if (users.empty()) return known;
    const auto uptime = clock_.uptime();
    for (const Record& record : presences_.of(users))
        known.emplace(record.user.uuid.bytes,
                      Known{record, together(record.elsewhere, table_.status_of(record.user, uptime))});
    return known;
}

std::vector<Seen> WhoIsOnline::look(std::span<const UserId> users, const Viewer& viewer,
                                    const AllKnown& known) const {
    const TimePoint now = clock_.now();
    std::vector<Seen> seen;
    seen.reserve(users.size());
    for (const UserId user : users) {
        const auto found = known.find(user.uuid.bytes);
        seen.push_back(found == known.end()
                           ? Seen{.user = user}
                           : seen_by(viewer, found->second.record, found->second.status, now));
    }
    return seen;
}

}  // namespace csauth::presence
