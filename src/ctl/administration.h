#pragma once

#include <optional>
#include <string>

#include "base/random.h"
#include "stores.h"

namespace csauth::ctl {

/// The stores as csauthctl uses them: what it recalls, running nodes hear of through the database.
struct Administration {
    explicit Administration(const Config& config);

    /// By id, address or username.
    std::optional<users::User> find_user(const std::string& who);

    SystemClock clock;
    SystemRandom random;
    KeyRings keys;
    Stores stores;
};

/// Says it on standard error, and gives kNoSuchThing.
int complain(const std::string& what);

}  // namespace csauth::ctl
