#include <charconv>
#include <limits>

#include "handlers/asked_users.h"
#include "handlers/call.h"
#include "http/form.h"
#include "streamer/event.h"

namespace csauth::handlers {
namespace {

/// What the client has had before: a header of EventSource, or a parameter for one that has to begin a new
/// stream. bad_request.
Result<std::optional<streamer::EventId>> read_last_event(const http::Request& request,
                                                         const http::Parameters& query) {
    const auto in_query = query.get("last_event_id");
    const auto header = request.header("last-event-id");
    const std::string_view text = header.empty() ? std::string_view{in_query.value_or("")} : header;
    if (text.empty()) return std::optional<streamer::EventId>{};
    streamer::EventId id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    constexpr auto highest = static_cast<streamer::EventId>(std::numeric_limits<std::int64_t>::max());
    const bool is_id = error == std::errc{} && end == text.data() + text.size() && id <= highest;
    if (!is_id && !header.empty())
        return std::optional{highest};  // EventSource would give up for good: it gets `reset`
    if (!is_id)
        return Error{.code = ErrorCode::bad_request, .detail = "`last_event_id` is no id of an event."};
    return std::optional{id};
}

}  // namespace

// GET /api/presence/stream?users=id,id&last_event_id=: Server-Sent Events. What they say is in
// docs/use/presence.md.
Result<http::Response> open_stream(Services& services, const Call& call) {
    const auto query = http::parse_query(call.request.query, kUsersParameter);
    if (!query) return query.error();
    std::vector<UserId> watched;
    if (query->get(kUsersParameter)) {
        auto users = read_asked_users(call.request.query, kMostWatchedUsers);
        if (!users) return users.error();
        watched = std::move(*users);
    }

    const auto last = read_last_event(call.request, *query);
    if (!last) return last.error();
    return services.streams->open({.viewer = viewer_of(*call.caller),
                                   .session = call.caller->session,
                                   .roles = call.caller->roles,
                                   .watched = std::move(watched),
                                   .last_event = *last});
}

}  // namespace csauth::handlers
