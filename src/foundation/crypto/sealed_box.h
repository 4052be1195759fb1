#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/secret.h"
#include "crypto/key_ring.h"

namespace csauth::crypto {

/// Returns `plain` encrypted with AES-256-GCM (NIST SP 800-38D) under the active key of the ring, with a
/// random nonce. The box is binary. `context` is authenticated, but not stored: a box opens only with the
/// context that it was sealed with.
///
/// seal() and open() throw Failure if OpenSSL fails.
std::string seal(std::string_view plain, std::string_view context, const KeyRing& ring, Random& random);

/// Returns the plain text, or nullopt if the box or the context was changed, or if the key is no longer in
/// the ring.
std::optional<Secret> open(std::string_view box, std::string_view context, const KeyRing& ring);

}  // namespace csauth::crypto
