#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "users/user.h"

namespace csauth::users {

/// What can be asked of an account. A banned one is nothing else.
enum class Status { active, unverified, banned };

std::string_view name_of(Status status);
std::optional<Status> status_named(std::string_view name);

/// The beginning of a username or an address, as it was typed, in the form in which those are compared.
struct SearchPrefix {
    std::string key;
    static Result<SearchPrefix, Complaint> parse(std::string_view given);
};

/// Which users are asked for; what is nothing lets all pass.
struct UserFilter {
    std::optional<SearchPrefix> search = {};
    std::optional<std::string> role = {};
    std::optional<Status> status = {};
    std::optional<TimePoint> created_since = {};
};

struct ListedUser {
    User user;
    std::vector<std::string> roles;  ///< their names, highest priority first
    std::string position;            ///< in the list, for the page behind
};

/// Finds users, page by page: the newest first, or by name where there is a search.
class Directory {
public:
    virtual ~Directory() = default;

    /// Those behind `position`, which is empty or one that a page with the same filter had; nothing where it
    /// can't be one.
    virtual std::optional<std::vector<ListedUser>> page(const UserFilter& filter, std::string_view position,
                                                        std::size_t most, TimePoint now) = 0;
};

}  // namespace csauth::users
