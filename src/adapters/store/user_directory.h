#pragma once

#include "db/database.h"
#include "store/user_row.h"
#include "users/directory.h"

namespace csauth::store {

/// Every page is a walk along one index, which is named to the database: statistics that are off must not
/// turn it into a sort of everybody. Where several filters meet, the walk is along the one that lets the
/// fewest pass in most installations: a search, then a status, then a role.
class UserDirectory final : public users::Directory {
public:
    UserDirectory(db::Database& database, const HereOnThisNode& here) : db_{database}, here_{here} {}

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
