#pragma once

#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "roles/role.h"

namespace csauth::roles {

/// Which roles there are, and who holds them.
class Roles {
public:
    virtual ~Roles() = default;

    /// The user's roles, highest priority first.
    virtual std::vector<Role> held_by(UserId user) = 0;

    /// Gives a new user the roles that everybody starts with.
    virtual void grant_defaults(UserId user, TimePoint now) = 0;
};

}  // namespace csauth::roles
