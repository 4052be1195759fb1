#pragma once

#include <set>

#include "accounts/avatar.h"
#include "base/encoding.h"
#include "base/transactions.h"
#include "base/unavailable.h"
#include "crypto/digest.h"

namespace csauth::fakes {

class AvatarFiles final : public accounts::AvatarFiles {
public:
    std::set<std::string, std::less<>> kept;
    bool is_full = false;

    Result<std::string> keep(const images::AvatarPictures& pictures) override {
        if (is_full) return Error{.code = ErrorCode::service_unavailable};
        return *kept.insert(hex(crypto::sha256(pictures.large))).first;
    }
    void remove(std::string_view name) override { kept.erase(std::string{name}); }
};

}  // namespace csauth::fakes
