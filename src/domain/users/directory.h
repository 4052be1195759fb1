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

/// The status of an account. A banned account is `banned` only, whether it is verified or not.
enum class Status {
    active,  ///< verified, and not banned
    unverified,
    banned
};

/// Returns the stable name: "active".
std::string_view name_of(Status status);

/// Returns nullopt for an unknown name.
std::optional<Status> status_named(std::string_view name);

/// The beginning of a username or an address, in the form of Username::key() and Email::key().
struct SearchPrefix {
    std::string key;

    /// `too_short`: empty. `too_long`: over kLongestEmail. `invalid`: no text that a name could begin with.
    static Result<SearchPrefix, Complaint> parse(std::string_view given);
};

/// Selects users that match every member. A member that is nullopt matches all users.
struct UserFilter {
    std::optional<SearchPrefix> search = {};  ///< the username or the address begins with it
    std::optional<std::string> role = {};     ///< the name of a role that the user holds
    std::optional<Status> status = {};
    std::optional<TimePoint> created_since = {};
};

/// One row of a page.
struct ListedUser {
    User user;
    std::vector<std::string> roles;  ///< names, highest priority first
    std::string position;            ///< of this row; the next page begins after it
};

/// Lists users page by page: newest first, or sorted by username or address if the filter has a search.
class Directory {
public:
    virtual ~Directory() = default;

    /// Returns at most `most` users after `position`, which is empty for the first page. Otherwise it is the
    /// position of a row that a page with the same filter had. Returns nullopt if it can't be a position.
    virtual std::optional<std::vector<ListedUser>> page(const UserFilter& filter, std::string_view position,
                                                        std::size_t most, TimePoint now) = 0;
};

}  // namespace csauth::users
