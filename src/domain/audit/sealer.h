#pragma once

#include <chrono>
#include <optional>

#include "audit/ledger.h"
#include "base/clock.h"
#include "base/transactions.h"
#include "crypto/key_ring.h"

namespace csauth::audit {

/// Seals what was written, and lets go what was kept long enough. Of several sealers at once, one has its
/// way.
class Sealer {
public:
    Sealer(Ledger& ledger, Transactions& transactions, const crypto::KeyRing& keys, const Clock& clock)
        : ledger_{ledger}, transactions_{transactions}, keys_{keys}, clock_{clock} {}

    /// Seals one batch; nothing when there was nothing to seal, or another was faster. A full batch says that
    /// there may be more.
    std::optional<Batch> seal();

    /// Says, once, when the chain is shorter than this sealer has left it.
    bool notice_shortening();

    /// What became of the oldest batch. It is kept, too, when it is not as it was sealed, or not where the
    /// log begins: to drop it would make somebody else's doing genuine.
    enum class Dropped { yes, no, not_genuine };

    /// Drops the oldest batch if it was sealed more than `retention` ago.
    Dropped drop_oldest(std::chrono::seconds retention);

private:
    bool is_genuine(const Batch& batch);

    Ledger& ledger_;
    Transactions& transactions_;
    const crypto::KeyRing& keys_;
    const Clock& clock_;
    BatchNumber left_at_ = 0;
};

}  // namespace csauth::audit
