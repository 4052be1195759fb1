#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/digest.h"

namespace csauth::crypto {

/// The fewest bytes that a key may have: as many as the digest (RFC 7518 section 3.2).
inline constexpr std::size_t kLeastKeyBytes = 32;

struct Key {
    std::string id;  ///< `kid`: letters, digits, - and _; 1 to 64 characters
    Secret bytes;
    HmacSha256 hmac;
};

/// Keys for one purpose: one of them signs or seals, all of them verify or open.
///
/// On disk a ring is a directory: `<kid>.key` holds a key as base64url on one line, `active` holds the
/// kid of the one that signs. Nobody but owner and group may read them.
class KeyRing {
public:
    KeyRing(std::vector<Key> keys, std::string_view active_id);

    /// The ring, or a sentence that says what is wrong with the directory.
    static Result<KeyRing, std::string> load(const std::filesystem::path& directory);

    /// Makes the directory with one fresh key where it has no active key yet; says whether it did.
    static bool create(const std::filesystem::path& directory, Random& random);

    const Key& active() const { return *active_; }
    const Key* find(std::string_view id) const;  ///< nullptr: no such key

private:
    std::vector<std::unique_ptr<Key>> keys_;
    const Key* active_ = nullptr;
};

Key make_key(std::string id, std::span<const std::uint8_t> bytes);

}  // namespace csauth::crypto
