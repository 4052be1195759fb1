#pragma once

#include <string_view>

#include "base/secret.h"
#include "crypto/digest.h"

namespace csauth::devices {

/// What a notifier on this machine shows to learn where pushes go.
class NotifierKey {
public:
    explicit NotifierKey(Secret key) : key_{std::move(key)} {}

    bool is_set() const { return !key_.empty(); }
    bool matches(std::string_view given) const {
        return is_set() && crypto::equal_in_constant_time(key_.reveal(), given);
    }

private:
    Secret key_;
};

}  // namespace csauth::devices
