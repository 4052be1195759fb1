#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "audit/chain.h"

namespace csauth::audit {

/// The audit log as it is sealed and verified. What writes belongs into a transaction of the caller's.
class Ledger {
public:
    virtual ~Ledger() = default;

    /// Entries that are in no batch yet, at most `most`, in the order of their ids.
    virtual std::vector<SealedEntry> unsealed(std::size_t most) = 0;

    virtual std::optional<Batch> last_batch() = 0;

    /// Adds the batch, and the entries to it; false when there is one of that number, or one of the entries
    /// is in a batch already.
    virtual bool add(const Batch& batch, const std::vector<SealedEntry>& entries) = 0;

    /// Batches from number `from` on, in order, at most `most`.
    virtual std::vector<Batch> batches(BatchNumber from, std::size_t most) = 0;

    /// The entries of that batch, in the order of their ids.
    virtual std::vector<SealedEntry> entries_of(BatchNumber number) = 0;

    /// Entries behind `after` in the order of their ids, at most `most`.
    virtual std::vector<SealedEntry> entries(std::optional<EntryId> after, std::size_t most) = 0;

    /// Whether an entry says that it belongs to a batch before `first` or behind `last` which there is not.
    virtual bool has_strays(BatchNumber first, BatchNumber last) = 0;

    /// Of these, the users who still exist, or whose deletion does not stand in the log.
    virtual std::vector<UserId> not_deleted(const std::vector<UserId>& users) = 0;

    virtual std::optional<Beginning> beginning() = 0;

    /// The batch is gone with its entries, and the log begins as `beginning` says.
    virtual void drop(BatchNumber number, const Beginning& beginning) = 0;
};

}  // namespace csauth::audit
