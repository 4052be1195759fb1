#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/key_ring.h"

namespace csauth::crypto {

/// The most characters of a token. A longer one is refused before anything of it is read.
inline constexpr std::size_t kLongestJws = 4096;

/// A token that a key of the ring has signed, with its payload decoded.
struct VerifiedJws {
    std::string type;     ///< the `typ` of the header; empty if it has none
    std::string payload;  ///< exactly what was signed; nothing in it has been checked
};

/// Returns a JSON Web Signature (RFC 7515) in compact form: HS256 under the active key of the ring, typ
/// "JWT".
std::string sign_jws(std::string_view payload, const KeyRing& ring);

/// Returns type and payload if a key of the ring signed the token. Returns nullopt without a reason if not,
/// or if the payload is empty.
///
/// The header can only choose a key of the ring (RFC 8725 section 3.1). `alg` must be HS256. A header with
/// `crit` or with a key of its own is refused. base64url must be in its canonical form.
std::optional<VerifiedJws> verify_jws(std::string_view token, const KeyRing& ring);

/// A token that a key of the ring has signed. Its payload has not been decoded yet.
struct SignedJws {
    std::string type;
    std::string_view encoded_payload;  ///< a part of the token that was passed, which must live on
    Sha256Digest signature;

    /// Decodes the payload. Returns nullopt if it is empty or not base64url.
    std::optional<std::string> payload() const;
};

/// Verifies as verify_jws() does, but does not decode the payload. For callers that recognize a token by its
/// signature.
std::optional<SignedJws> check_signature(std::string_view token, const KeyRing& ring);

}  // namespace csauth::crypto
