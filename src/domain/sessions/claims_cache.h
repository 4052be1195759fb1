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

/// What a token says, whoever it is for, and not judged by any clock yet.
struct ReadClaims {
    AccessClaims claims;
    TimePoint not_before;
};

/// What this process has read lately, by the signature that was found good: a page brings ten requests with
/// one token, and reading its claims takes 3 µs, a third of the whole check. Nobody finds anything here whose
/// token has not just passed, and a signature stands for one token alone, as it can't be had without the key.
///
/// A thousand at most, in sets of four, whose number the signature names; who comes into a full one takes the
/// place of whoever was away the longest. In a place of its own for each signature, a fifth of 240 tokens in
/// turn would be read each time.
class ClaimsCache {
public:
    /// Good until the next keep().
    const ReadClaims* find(const crypto::Sha256Digest& signature) {
        Set& set = set_of(signature);
        const auto found = std::find_if(set.begin(), set.end(), [&](const auto& entry) {
            return entry && entry->signature == signature;
        });
        if (found == set.end()) return nullptr;
        std::rotate(set.begin(), found, found + 1);
        return &set.front()->read;
    }

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
