#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/key_ring.h"

namespace csauth::crypto {

/// The longest token that is looked at.
inline constexpr std::size_t kLongestJws = 4096;

struct VerifiedJws {
    std::string type;     ///< the header's `typ`; empty where it has none
    std::string payload;  ///< as signed, not yet looked at
};

/// A JSON Web Signature (RFC 7515) in compact form, HS256 under the ring's active key, typ "JWT".
std::string sign_jws(std::string_view payload, const KeyRing& ring);

/// The payload when a key of the ring signed it; otherwise nothing, and no reason. The header chooses
/// nothing but a key of the ring (RFC 8725 section 3.1): `alg` must be HS256, a header with `crit` or with
/// a key of its own is refused, and base64url is taken in its canonical form only.
std::optional<VerifiedJws> verify_jws(std::string_view token, const KeyRing& ring);

/// A token that a key of the ring has signed, with a payload that has not been decoded.
struct SignedJws {
    std::string type;
    std::string_view encoded_payload;  ///< of the token that was given
    Sha256Digest signature;

    /// Nothing where it is empty, or not base64url.
    std::optional<std::string> payload() const;
};

/// As verify_jws(), for who may know the payload by its signature.
std::optional<SignedJws> check_signature(std::string_view token, const KeyRing& ring);

}  // namespace csauth::crypto
