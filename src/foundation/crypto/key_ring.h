#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
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

/// The `typ` of what its keys sign.
inline constexpr std::string_view kJwsType = "JWT";

struct Key {
    std::string id;  ///< `kid`: letters, digits, - and _; 1 to 64 characters
    Secret bytes;
    HmacSha256 hmac;
    std::string jws_header;  ///< of what it signs, in base64url (RFC 7515, section 4)
};

Key make_key(std::string id, std::span<const std::uint8_t> bytes);

/// Whether it is on the list of secrets that the world knows (src/foundation/crypto/known_secrets.txt,
/// compiled in).
bool is_known_secret(std::string_view secret);

/// Keys for one purpose: one of them signs or seals, all of them verify or open.
///
/// On disk a ring is a directory: `<kid>.key` holds a key as base64url on one line, `active` holds the
/// kid of the one that signs. Nobody but owner and group may read them.
class KeyRing {
public:
    /// A ring that stands on no disk.
    KeyRing(std::vector<Key> keys, std::string_view active_id);

    /// A ring that this process does not hold. Every use of it throws std::logic_error, so that a missing key
    /// is never taken for an empty one. follow() leaves it as it is.
    static KeyRing withheld(std::string name);

    /// The ring, or a sentence that says what is wrong with the directory.
    static Result<KeyRing, std::string> load(const std::filesystem::path& directory);

    /// Reads the directory again where it has changed since, and says whether it did. When it can't be used
    /// any more the keys stay as they were, and a sentence says why, once.
    Result<bool, std::string> follow();

    const Key& active() const {
        require_held();
        return *active_;
    }
    const Key* find(std::string_view id) const;  ///< nullptr: no such key
    const Key* find_by_header(std::string_view jws_header) const;

    /// Returns every key of the ring, the active one included. The pointers are valid until follow() changes
    /// the ring.
    std::vector<const Key*> all() const;

private:
    KeyRing() = default;
    void require_held() const;

    /// What the directory looked like.
    struct Stamp {
        std::int64_t changed_at = 0;  ///< nanoseconds
        std::int64_t read_at = 0;
    };
    static std::optional<Stamp> stamp_of(const std::filesystem::path& directory);

    std::vector<std::unique_ptr<Key>> keys_;
    const Key* active_ = nullptr;  ///< nullptr: withheld
    std::string withheld_name_;
    std::filesystem::path directory_;
    Stamp stamp_;
    std::string complaint_;  ///< what follow() has said last
};

}  // namespace csauth::crypto
