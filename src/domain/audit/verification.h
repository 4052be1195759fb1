#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "audit/ledger.h"
#include "crypto/key_ring.h"

namespace csauth::audit {

/// What is wrong with the log, and from which batch on.
struct Tampering {
    std::optional<BatchNumber> batch;  ///< the first bad one; nothing where it is about no batch
    std::string what;                  ///< a sentence
};

/// What was looked at.
struct Verified {
    std::size_t batches = 0;
    std::size_t entries = 0;
    std::size_t erased = 0;    ///< entries that have lost what is personal, as their user has gone
    std::size_t unsealed = 0;  ///< entries that wait for their seal, up to a batch; nothing is known of these
    std::optional<Head> head;  ///< the last batch's
};

/// Looks whether each sealed entry stands as it was sealed, and none is missing or was put in later.
/// `expected`: a head that was noted before, which must be part of the chain. Sealers and keepers may go on
/// meanwhile. Clocks of nodes may differ by less than ten minutes.
Result<Verified, Tampering> verify(Ledger& ledger, const crypto::KeyRing& keys,
                                   const std::optional<Head>& expected, TimePoint now);

}  // namespace csauth::audit
