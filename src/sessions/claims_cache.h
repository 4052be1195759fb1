#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>

#include "base/clock.h"
#include "crypto/digest.h"
#include "sessions/tokens.h"

namespace csauth::sessions {

/// What a token says, whoever it is for, and not judged by any clock yet.
struct ReadClaims {
    AccessClaims claims;
    std::string audience;
    TimePoint not_before;
};

/// What this process has read lately, by the signature that was found good: a page brings ten requests with
/// one token, and reading its claims takes 3 µs, a third of the whole check. Nobody finds anything here whose
/// token has not just passed, and a signature stands for one token alone, as it can't be had without the key.
///
/// A thousand at most, each in the one place that its signature names; who comes there later stays.
class ClaimsCache {
public:
    const ReadClaims* find(const crypto::Sha256Digest& signature) const {
        const auto& entry = entries_[place_of(signature)];
        return entry && entry->signature == signature ? &entry->read : nullptr;
    }

    const ReadClaims& keep(const crypto::Sha256Digest& signature, ReadClaims read) {
        auto& entry = entries_[place_of(signature)];
        entry = std::make_unique<Entry>(Entry{signature, std::move(read)});
        return entry->read;
    }

private:
    struct Entry {
        crypto::Sha256Digest signature;
        ReadClaims read;
    };
    static constexpr std::size_t kPlaces = 1024;

    static std::size_t place_of(const crypto::Sha256Digest& signature) {
        std::size_t number = 0;
        std::memcpy(&number, signature.data(), sizeof number);
        return number % kPlaces;
    }

    std::array<std::unique_ptr<Entry>, kPlaces> entries_;
};

}  // namespace csauth::sessions
