#include "streamer/event.h"

#include <algorithm>

#include "base/timestamps.h"
#include "json/writer.h"

namespace csauth::streamer {
namespace {

bool is_before(UserId a, UserId b) { return a.uuid.bytes < b.uuid.bytes; }

std::string message(EventId id, std::string_view name, std::string_view data) {
    return "id: " + std::to_string(id) + "\nevent: " + std::string{name} + "\ndata: " + std::string{data} +
           "\n\n";
}

void write(json::Writer& json, const presence::Seen& seen) {
    json.member("status", name_of(seen.status))
        .member("last_seen", seen.last_seen ? std::optional{rfc3339(*seen.last_seen)} : std::nullopt);
}

std::string of_presence(const Event& event, Subscription& subscription, TimePoint now) {
    const presence::Seen seen =
        event.known ? seen_by(subscription.viewer, event.known->record, event.known->status, now)
                    : presence::Seen{.user = *event.row.user};
    if (!subscription.note(seen)) return "";
    json::Writer json;
    json.begin_object().member("user", seen.user.text());
    write(json, seen);
    return message(event.row.id, "presence", json.end_object().text());
}

std::string of_end(const Event& event, SessionId session) {
    json::Writer json;
    json.begin_object().member("session", session.text()).member("reason", event.row.reason).end_object();
    return message(event.row.id, "session.ended", json.text());
}

std::string of_user(const Event& event, std::string_view name, UserId user) {
    json::Writer json;
    json.begin_object().member("user", user.text()).end_object();
    return message(event.row.id, name, json.text());
}

}  // namespace

bool Subscription::watches(UserId user) const {
    return std::binary_search(watched.begin(), watched.end(), user, is_before);
}

bool Subscription::note(const presence::Seen& seen) {
    is_shown.resize(watched.size());
    const auto at = std::lower_bound(watched.begin(), watched.end(), seen.user, is_before);
    if (at == watched.end() || *at != seen.user) return false;
    const auto index = static_cast<std::size_t>(at - watched.begin());
    const bool is_there = seen.status != presence::Status::offline;
    const bool was_there = is_shown.at(index);
    is_shown.at(index) = is_there;
    return is_there || was_there;
}

bool concerns(const events::Row& row, const Subscription& subscription) {
    if (!row.user) return true;
    return row.kind == events::Kind::presence ? subscription.watches(*row.user)
                                              : *row.user == subscription.viewer.id;
}

std::string rendered(const Event& event, Subscription& subscription, TimePoint now) {
    if (!concerns(event.row, subscription)) return "";
    const bool is_own = event.row.user && *event.row.user == subscription.viewer.id;
    switch (event.row.kind) {
        case events::Kind::presence: return event.row.user ? of_presence(event, subscription, now) : "";
        case events::Kind::session_ended:
            return is_own && event.row.session ? of_end(event, *event.row.session) : "";
        case events::Kind::sessions_ended: return is_own ? of_end(event, subscription.session) : "";
        case events::Kind::other_sessions_ended:
            return is_own && event.row.session != subscription.session ? of_end(event, subscription.session)
                                                                       : "";
        case events::Kind::roles_changed: {
            const auto& held = subscription.roles;
            const bool is_held =
                !event.row.user && std::find(held.begin(), held.end(), event.row.role) != held.end();
            return is_own || is_held ? of_user(event, "roles.changed", subscription.viewer.id) : "";
        }
        case events::Kind::profile_changed:
            return is_own ? of_user(event, "profile.changed", subscription.viewer.id) : "";
    }
    return "";
}

bool ends(const Event& event, const Subscription& subscription) {
    return event.row.kind == events::Kind::session_ended && event.row.user == subscription.viewer.id &&
           event.row.session == subscription.session;
}

bool may_end(const Event& event, const Subscription& subscription) {
    if (event.row.user != subscription.viewer.id) return false;
    return event.row.kind == events::Kind::sessions_ended ||
           (event.row.kind == events::Kind::other_sessions_ended &&
            event.row.session != subscription.session);
}

std::string snapshot(EventId id, const std::vector<presence::Seen>& seen) {
    json::Writer json;
    json.begin_object().key("users").begin_object();
    for (const auto& user : seen) {
        json.key(user.user.text()).begin_object();
        write(json, user);
        json.end_object();
    }
    return message(id, "snapshot", json.end_object().end_object().text());
}

std::string reset(EventId id) { return message(id, "reset", "{}"); }

std::string retry(std::chrono::milliseconds after) {
    return "retry: " + std::to_string(after.count()) + "\n\n";
}

std::string padding() {
    constexpr std::size_t colon_and_line_feeds = 3;
    return ":" + std::string(kPadding - colon_and_line_feeds, ' ') + "\n\n";
}
std::string beat(EventId id) { return ": \nid: " + std::to_string(id) + "\n\n"; }

}  // namespace csauth::streamer
