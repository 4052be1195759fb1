#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace csauth::handlers {

/// The query parameter that lists users. It may come several times, because some generated clients write
/// lists in this way.
inline constexpr std::string_view kUsersParameter = "users";

inline constexpr std::size_t kMostPushedUsers = 500;   ///< in one request for push targets
inline constexpr std::size_t kMostWatchedUsers = 200;  ///< by one stream

/// Returns the users that the parameter `users` names, sorted by ID, each once. IDs are separated by commas;
/// a comma after the last one is allowed.
/// `bad_request`: the query or an ID is not valid, or it has none or more than `most`, duplicates counted.
Result<std::vector<UserId>> read_asked_users(std::string_view query, std::size_t most);

}  // namespace csauth::handlers
