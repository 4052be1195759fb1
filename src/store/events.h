#pragma once

#include <string_view>

#include "base/ids.h"
#include "db/database.h"

namespace csauth::store {

/// What open streams are to be told; a row of the change's own transaction.
class Events {
public:
    explicit Events(db::Database& database) : db_{database} {}

    /// What this user may do has changed.
    void roles_changed(UserId user);

    /// The same for everybody who holds this role.
    void role_changed(std::string_view role);

private:
    db::Database& db_;
};

}  // namespace csauth::store
