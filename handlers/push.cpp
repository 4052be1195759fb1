#include <algorithm>

#include "handlers/handlers.h"
#include "handlers/views.h"

namespace csauth::handlers {
namespace {

constexpr std::size_t kMostUsers = 500;

bool is_loopback(std::string_view ip) { return ip == "::1" || ip.starts_with("127."); }

}  // namespace

// GET /internal/push-targets?users=id,id: where pushes for these users go. For a notifier on this machine
// that shows the key of the configuration; for everybody else there is nothing here.
Result<http::Response> push_targets(Services& services, const Call& call) {
    if (!is_loopback(call.request.remote_ip) || !services.notifier_key.is_set())
        return Error{.code = ErrorCode::not_found};
    if (!services.notifier_key.matches(call.bearer_token()))
        return Error{.code = ErrorCode::authentication_required};
    const auto query = http::parse_query(call.request.query);
    if (!query) return query.error();
    std::vector<UserId> users;
    auto list = query->get("users").value_or("");
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        const auto id = UserId::parse(list.substr(0, end));
        if (!id)
            return Error{.code = ErrorCode::bad_request, .detail = "`users` are ids, with commas between."};
        users.push_back(*id);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    if (users.empty() || users.size() > kMostUsers)
        return Error{.code = ErrorCode::bad_request,
                     .detail = "`users` names 1 to " + std::to_string(kMostUsers) + " users."};
    return http::Response{
        .status = 200,
        .body = views::push_targets(services.devices.push_targets(users, services.clock.now()))};
}

}  // namespace csauth::handlers
