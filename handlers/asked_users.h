#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace csauth::handlers {

/// The parameter of a query that lists users. It may come several times, because some generated clients write
/// lists so.
inline constexpr std::string_view kUsersParameter = "users";

inline constexpr std::size_t kMostPushedUsers = 500;   ///< in one question for push targets
inline constexpr std::size_t kMostWatchedUsers = 200;  ///< by one stream

/// `users` of a query: 1 to `most` ids, with commas between, or behind each; sorted, each once. bad_request.
Result<std::vector<UserId>> read_asked_users(std::string_view query, std::size_t most);

}  // namespace csauth::handlers
