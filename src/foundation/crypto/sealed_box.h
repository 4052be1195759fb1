#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/secret.h"
#include "crypto/key_ring.h"

namespace csauth::crypto {

/// AES-256-GCM (NIST SP 800-38D) under the ring's active key, with a random nonce. `context` is
/// authenticated, not stored: a box opens only for the context that it was sealed for.
std::string seal(std::string_view plain, std::string_view context, const KeyRing& ring, Random& random);

/// Nothing when box or context were changed, or the key is no longer in the ring.
std::optional<Secret> open(std::string_view box, std::string_view context, const KeyRing& ring);

}  // namespace csauth::crypto
