#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "crypto/digest.h"
#include "crypto/hash_turns.h"

namespace csauth::crypto {

/// The cost of one hash. The defaults are OWASP's floor for Argon2id.
struct HashCost {
    std::size_t memory_kib = 19 * 1024;
    unsigned passes = 2;
};

/// Argon2id (RFC 9106) through libsodium. With a pepper the password first goes through HMAC-SHA-256 under
/// it, and the stored text starts with "$pepper"; hashes from before the pepper keep matching, and count
/// as outdated.
///
/// A hash takes tens of milliseconds and HashCost::memory_kib of memory: never inside a transaction.
class PasswordHasher {
public:
    /// `pepper`: empty for none. `turns`: each hash waits for its turn there; nothing where none has to.
    PasswordHasher(HashCost cost, const Secret& pepper, HashTurns* turns = nullptr);

    /// A hasher without pepper and turns, for a process that hashes no passwords: every call but the
    /// destructor throws std::logic_error.
    static PasswordHasher withheld() { return PasswordHasher{}; }

    std::string hash(std::string_view password) const;

    /// Whether `password` is the one behind `encoded`, which may also be one of Django's formats.
    bool verify(std::string_view password, std::string_view encoded) const;

    /// Whether a hash was made with other parameters than today's.
    bool is_outdated(std::string_view encoded) const;

    /// A hash that no password matches, at today's cost: verifying against it makes an unknown account
    /// cost what a known one does.
    const std::string& decoy() const;

private:
    PasswordHasher() = default;
    void require_held() const;
    std::string peppered(std::string_view password) const;

    HashCost cost_;
    HashTurns* turns_ = nullptr;
    std::optional<HmacSha256> pepper_;
    std::string decoy_;  ///< empty: withheld
};

}  // namespace csauth::crypto
