#pragma once

#include <chrono>
#include <optional>

#include "audit/ledger.h"
#include "base/clock.h"
#include "base/transactions.h"
#include "crypto/key_ring.h"

namespace csauth::audit {

/// Seals new entries, and drops batches that were kept long enough. If several sealers run at once, the
/// database lets one of them succeed. The keeper uses it; csauthctl seals with it, too.
class Sealer {
public:
    Sealer(Ledger& ledger, Transactions& transactions, const crypto::KeyRing& keys, const Clock& clock)
        : ledger_{ledger}, transactions_{transactions}, keys_{keys}, clock_{clock} {}

    /// Seals the oldest entries without a seal as one batch, in a transaction of its own. Returns the batch.
    /// A batch of kMostEntriesOfBatch entries says that there may be more to seal. Returns nullopt if there
    /// is no such entry, or another sealer was faster.
    std::optional<Batch> seal();

    /// Returns true, once, if the last batch has a lower number than when this sealer last sealed or looked.
    /// The end of the log was then removed.
    bool notice_shortening();

    /// What became of the oldest batch. It is kept if it is not as it was sealed, or is not where the log
    /// begins. Dropping it would make a forgery look genuine.
    enum class Dropped { yes, no, not_genuine };

    /// Drops the oldest batch if it was sealed more than `retention` ago, in a transaction of its own. Never
    /// drops the only batch.
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
