#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "crypto/digest.h"
#include "crypto/hash_turns.h"

namespace csauth::crypto {

/// The cost of one hash. The defaults are the least that OWASP recommends for Argon2id.
struct HashCost {
    std::size_t memory_kib = 19 * 1024;
    unsigned passes = 2;
};

/// Hashes passwords with Argon2id (RFC 9106) through libsodium. If there is a pepper, the password first goes
/// through HMAC-SHA-256 under it, and the stored text starts with "$pepper". Hashes without the pepper still
/// match, and count as outdated.
///
/// A hash takes tens of milliseconds and HashCost::memory_kib of memory. Never hash inside a transaction.
class PasswordHasher {
public:
    /// `pepper`: empty means none. `turns`: hash() and verify() take a turn there; nullptr means that they
    /// need none. It must live longer than the hasher. Throws std::runtime_error if libsodium can't be used.
    PasswordHasher(HashCost cost, const Secret& pepper, HashTurns* turns = nullptr);

    /// Returns a hasher for a process that hashes no passwords. Each of the functions below throws
    /// std::logic_error.
    static PasswordHasher withheld() { return PasswordHasher{}; }

    /// Returns a hash with a new random salt. Throws std::bad_alloc if there is not enough memory.
    std::string hash(std::string_view password) const;

    /// Returns true if `encoded` is a hash of the password. It may also be in one of Django's formats. A
    /// damaged hash matches no password. Throws std::runtime_error if the hash has a pepper and this hasher
    /// has none.
    bool verify(std::string_view password, std::string_view encoded) const;

    /// Returns true if hash() would use other parameters today: another format, another cost, or the pepper.
    bool is_outdated(std::string_view encoded) const;

    /// Returns a hash at the present cost that no known password matches. Verifying it makes a sign-in
    /// without an account cost what one with an account costs.
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
