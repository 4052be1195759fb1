#pragma once

#include <string_view>

#include "base/secret.h"
#include "crypto/digest.h"

namespace csauth::sessions {

/// A key that another program sends with its requests: a notifier, or a proxy on another machine.
class ProgramKey {
public:
    explicit ProgramKey(Secret key) : key_{std::move(key)} {}

    bool is_set() const { return !key_.empty(); }

    /// Returns true if `given` is the key. Returns false if no key is set. Compares in constant time.
    bool matches(std::string_view given) const {
        return is_set() && crypto::equal_in_constant_time(key_.reveal(), given);
    }

private:
    Secret key_;
};

}  // namespace csauth::sessions
