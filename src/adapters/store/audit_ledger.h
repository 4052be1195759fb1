#pragma once

#include "audit/ledger.h"
#include "db/database.h"

namespace csauth::store {

/// Implements audit::Ledger over the tables `audit_log`, `audit_batches` and `audit_beginning`. add() and
/// drop() need the database account of the keeper.
class AuditLedger final : public audit::Ledger {
public:
    explicit AuditLedger(db::Database& database) : db_{database} {}

    std::vector<audit::SealedEntry> unsealed(std::size_t most) override;
    std::optional<audit::Batch> last_batch() override;
    bool add(const audit::Batch& batch, const std::vector<audit::SealedEntry>& entries) override;
    std::vector<audit::Batch> batches(audit::BatchNumber from, std::size_t most) override;
    std::vector<audit::SealedEntry> entries_of(audit::BatchNumber number) override;
    std::vector<audit::SealedEntry> entries(std::optional<EntryId> after, std::size_t most) override;
    bool has_strays(audit::BatchNumber first, audit::BatchNumber last) override;
    std::vector<UserId> not_deleted(const std::vector<UserId>& users) override;
    std::optional<audit::Beginning> beginning() override;
    void drop(audit::BatchNumber number, const audit::Beginning& beginning) override;

    /// Returns true if a batch, or the beginning of the chain, was sealed with the key of this id. The key
    /// must then stay in the ring.
    bool needs_key(std::string_view id);

private:
    db::Database& db_;
};

}  // namespace csauth::store
