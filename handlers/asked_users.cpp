#include "handlers/asked_users.h"

#include <algorithm>

#include "http/form.h"

namespace csauth::handlers {

Result<std::vector<UserId>> read_asked_users(std::string_view query, std::size_t most) {
    const auto parameters = http::parse_query(query, kUsersParameter);
    if (!parameters) return parameters.error();
    std::vector<UserId> users;
    auto list = parameters->get(kUsersParameter).value_or("");
    while (!list.empty() && users.size() <= most) {
        const auto end = std::min(list.find(','), list.size());
        const auto id = UserId::parse(list.substr(0, end));
        if (!id)
            return Error{.code = ErrorCode::bad_request, .detail = "`users` are ids, with commas between."};
        users.push_back(*id);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    if (users.empty() || users.size() > most)
        return Error{.code = ErrorCode::bad_request,
                     .detail = "`users` names 1 to " + std::to_string(most) + " users."};
    const auto by_bytes = [](UserId a, UserId b) { return a.uuid.bytes < b.uuid.bytes; };
    std::sort(users.begin(), users.end(), by_bytes);
    users.erase(std::unique(users.begin(), users.end()), users.end());
    return users;
}

}  // namespace csauth::handlers
