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

/// The least number of bytes of a key: the size of the digest (RFC 7518 section 3.2).
inline constexpr std::size_t kLeastKeyBytes = 32;

/// The `typ` of the tokens that the keys of a ring sign.
inline constexpr std::string_view kJwsType = "JWT";

struct Key {
    std::string id;  ///< `kid`: letters, digits, - and _; 1 to 64 characters
    Secret bytes;
    HmacSha256 hmac;
    std::string jws_header;  ///< the header of the tokens that it signs, in base64url (RFC 7515, section 4)
};

/// Returns a key with a copy of `bytes`, ready for use. Neither `id` nor the number of bytes is checked.
Key make_key(std::string id, std::span<const std::uint8_t> bytes);

/// Returns true if the secret is on the list of widely known secrets, which is compiled in from
/// src/foundation/crypto/known_secrets.txt.
bool is_known_secret(std::string_view secret);

/// Keys for one purpose: one of them signs or seals, all of them verify or open.
///
/// On disk a ring is a directory. `<kid>.key` contains a key as base64url on one line. `active` contains the
/// kid of the key that signs. A key file that is open to others than its owner and group is refused.
class KeyRing {
public:
    /// Makes a ring that is not on disk. Throws std::invalid_argument if no key has the id `active_id`.
    KeyRing(std::vector<Key> keys, std::string_view active_id);

    /// Returns a ring that this process does not hold. active(), find() and find_by_header() throw
    /// std::logic_error, so that a ring that was not loaded is never taken for an empty one. follow() leaves
    /// it as it is. `name` is for the exception.
    static KeyRing withheld(std::string name);

    /// Returns the ring, or a sentence that says what is wrong with the directory.
    static Result<KeyRing, std::string> load(const std::filesystem::path& directory);

    /// Reads the directory again if it has changed, and returns whether it had. If the ring can't be loaded,
    /// the keys stay as they were. The sentence that says why is returned once; the same one is not repeated.
    Result<bool, std::string> follow();

    /// Returns the key that signs or seals. This pointer and those of the next two are valid until follow()
    /// changes the ring.
    const Key& active() const {
        require_held();
        return *active_;
    }

    /// Returns nullptr if there is no such key.
    const Key* find(std::string_view id) const;

    /// Returns the key whose Key::jws_header is equal, or nullptr.
    const Key* find_by_header(std::string_view jws_header) const;

    /// Returns every key of the ring, the active one included. The pointers are valid until follow() changes
    /// the ring.
    std::vector<const Key*> all() const;

private:
    KeyRing() = default;
    void require_held() const;

    /// When the directory was changed and read, in nanoseconds since 1970.
    struct Stamp {
        std::int64_t changed_at = 0;
        std::int64_t read_at = 0;
    };
    static std::optional<Stamp> stamp_of(const std::filesystem::path& directory);

    std::vector<std::unique_ptr<Key>> keys_;
    const Key* active_ = nullptr;  ///< nullptr: withheld
    std::string withheld_name_;
    std::filesystem::path directory_;
    Stamp stamp_;
    std::string complaint_;  ///< the last sentence that follow() returned
};

}  // namespace csauth::crypto
