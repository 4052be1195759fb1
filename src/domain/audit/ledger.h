#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "audit/chain.h"

namespace csauth::audit {

/// The audit log as it is sealed and verified. Calls that write belong into a transaction of the caller.
class Ledger {
public:
    virtual ~Ledger() = default;

    /// Returns at most `most` entries that are in no batch yet, in the order of their ids.
    virtual std::vector<SealedEntry> unsealed(std::size_t most) = 0;

    /// Returns the batch with the highest number, or nullopt if there is none.
    virtual std::optional<Batch> last_batch() = 0;

    /// Adds the batch and puts the entries into it. Returns false if a batch of that number exists or one of
    /// the entries is in a batch already; the caller then rolls back.
    virtual bool add(const Batch& batch, const std::vector<SealedEntry>& entries) = 0;

    /// Returns at most `most` batches from number `from` on, in order.
    virtual std::vector<Batch> batches(BatchNumber from, std::size_t most) = 0;

    /// Returns the entries of that batch, in the order of their ids.
    virtual std::vector<SealedEntry> entries_of(BatchNumber number) = 0;

    /// Returns at most `most` entries with higher ids than `after`, in order, sealed or not. nullopt begins
    /// with the oldest.
    virtual std::vector<SealedEntry> entries(std::optional<EntryId> after, std::size_t most) = 0;

    /// Returns true if an entry names a batch that does not exist, with a number below `first` or above
    /// `last`.
    virtual bool has_strays(BatchNumber first, BatchNumber last) = 0;

    /// Returns those of the users who still exist, or whose deletion the log does not contain.
    virtual std::vector<UserId> not_deleted(const std::vector<UserId>& users) = 0;

    /// Returns where the log begins, or nullopt if no batch was ever dropped.
    virtual std::optional<Beginning> beginning() = 0;

    /// Deletes the batch with its entries, and writes `beginning` as the beginning of the log.
    virtual void drop(BatchNumber number, const Beginning& beginning) = 0;
};

}  // namespace csauth::audit
