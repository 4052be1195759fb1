#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "crypto/digest.h"
#include "sessions/tokens.h"

namespace csauth::sessions {

/// The claims of a genuine access token of any audience, not yet compared with the clock.
struct ReadClaims {
    AccessClaims claims;
    TimePoint not_before;
};

/// The claims that this process has read lately, by their token's signature. A page causes ten requests with
/// one token, and reading its claims takes 3 µs, a third of the whole check. Callers look here only with a
/// signature that they have just verified. A signature belongs to one token alone, because nobody can make
/// one without the key.
///
/// Holds up to 1,024 entries in sets of four. The signature selects the set. A new entry replaces the one of
/// its set that was unused for the longest time. With sets of one, a fifth of 240 tokens in turn would be
/// read each time. For one thread at a time.
class ClaimsCache {
public:
    /// Returns nullptr if the claims are not here. The pointer is valid until the next keep().
    const ReadClaims* find(const crypto::Sha256Digest& signature) {
        Set& set = set_of(signature);
        const auto found = std::find_if(set.begin(), set.end(), [&](const auto& entry) {
            return entry && entry->signature == signature;
        });
        if (found == set.end()) return nullptr;
        std::rotate(set.begin(), found, found + 1);
        return &set.front()->read;
    }

    /// Adds the claims. The reference is valid until the next keep().
    const ReadClaims& keep(const crypto::Sha256Digest& signature, ReadClaims read) {
        Set& set = set_of(signature);
        std::rotate(set.begin(), set.end() - 1, set.end());
        set.front() = std::make_unique<Entry>(Entry{signature, std::move(read)});
        return set.front()->read;
    }

private:
    struct Entry {
        crypto::Sha256Digest signature;
        ReadClaims read;
    };
    using Set = std::array<std::unique_ptr<Entry>, 4>;  // the last used first
    static constexpr std::size_t kSets = 256;

    Set& set_of(const crypto::Sha256Digest& signature) {
        std::size_t number = 0;
        std::memcpy(&number, signature.data(), sizeof number);
        return sets_[number % kSets];
    }

    std::array<Set, kSets> sets_;
};

}  // namespace csauth::sessions
