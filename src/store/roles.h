#pragma once

#include "db/database.h"
#include "roles/roles.h"

namespace csauth::store {

class Roles final : public roles::Roles {
public:
    explicit Roles(db::Database& database) : db_{database} {}

    std::vector<roles::Role> held_by(UserId user) override;
    void grant_defaults(UserId user, TimePoint now) override;

private:
    db::Database& db_;
};

}  // namespace csauth::store
