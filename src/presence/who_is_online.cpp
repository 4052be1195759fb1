#include "presence/who_is_online.h"

#include <map>

namespace csauth::presence {

Seen seen_by(const Viewer& viewer, const Record& record, Status status, TimePoint now) {
    const bool is_self = viewer.id == record.user;
    if (record.hides && !is_self && !viewer.sees_hidden) return {.user = record.user};
    const Status shown = is_self ? status : shown_to_others(status);
    return {.user = record.user,
            .status = shown,
            .last_seen = shown_to_others(shown) == Status::offline ? record.last_seen : std::optional{now}};
}

std::vector<Seen> WhoIsOnline::look(std::span<const UserId> users, const Viewer& viewer) {
    std::vector<Seen> seen;
    if (users.empty()) return seen;
    std::map<decltype(Uuid::bytes), Record> records;
    for (const Record& record : presences_.of(users))
        records.emplace(record.user.uuid.bytes, record);
    const TimePoint now = clock_.now();
    const auto uptime = clock_.uptime();
    seen.reserve(users.size());
    for (const UserId user : users) {
        const auto found = records.find(user.uuid.bytes);
        if (found == records.end()) {
            seen.push_back({.user = user});
            continue;
        }
        const Status status = together(found->second.elsewhere, table_.status_of(user, uptime));
        seen.push_back(seen_by(viewer, found->second, status, now));
    }
    return seen;
}

}  // namespace csauth::presence
