#pragma once

#include "db/database.h"
#include "store/user_row.h"
#include "users/directory.h"

namespace csauth::store {

/// Implements users::Directory, the list of users for administrators. Each page is a walk along one index.
/// The queries name the index, so that wrong statistics can't turn the walk into a sort of all users. With
/// several filters, the walk follows the one that passes the fewest users in most installations: a search,
/// then a status, then a role.
class UserDirectory final : public users::Directory {
public:
    UserDirectory(db::Database& database, const HereOnThisNode& here) : db_{database}, here_{here} {}

    /// Returns nullopt if `position` can't be one. With a search any text is a position.
    std::optional<std::vector<users::ListedUser>> page(const users::UserFilter& filter,
                                                       std::string_view position, std::size_t most,
                                                       TimePoint now) override;

private:
    std::vector<users::ListedUser> found_by_name(const users::UserFilter& filter, std::string_view position,
                                                 std::size_t most, TimePoint now);
    std::vector<users::ListedUser> newest_first(const users::UserFilter& filter, std::optional<UserId> before,
                                                std::size_t most, TimePoint now);

    db::Database& db_;
    const HereOnThisNode& here_;
};

}  // namespace csauth::store
