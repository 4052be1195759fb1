#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "audit/ledger.h"
#include "crypto/key_ring.h"

namespace csauth::audit {

/// What is wrong with the log.
struct Tampering {
    std::optional<BatchNumber> batch;  ///< the first bad batch; nullopt if the fault is in none
    std::string what;                  ///< what is wrong, for a person: a clause without a capital letter
};

/// What a verification has covered.
struct Verified {
    std::size_t batches = 0;
    std::size_t entries = 0;
    std::size_t erased = 0;    ///< entries that have lost what is personal, because their user was deleted
    std::size_t unsealed = 0;  ///< entries that wait for their seal and are not verified; at most a batch
    std::optional<Head> head;  ///< of the last batch; nullopt if there is none
};

/// Checks that each sealed entry is as it was sealed, and that none is missing or was inserted later. Returns
/// the first fault that it finds. It reads the whole log, outside a transaction; sealers and keepers may run
/// meanwhile.
///
/// `keys`: the audit ring. A batch whose key the ring has lost counts as a fault.
/// `expected`: a head that was noted before, which must be part of the chain; nullopt if there is none.
/// `now`: entries that have waited for their seal for more than ten minutes are a fault. Clocks of nodes may
/// differ by less than that.
Result<Verified, Tampering> verify(Ledger& ledger, const crypto::KeyRing& keys,
                                   const std::optional<Head>& expected, TimePoint now);

}  // namespace csauth::audit
