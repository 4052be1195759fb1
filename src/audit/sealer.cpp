#include "audit/sealer.h"

#include <algorithm>

namespace csauth::audit {
namespace {

/// A refusal that rolls back; nobody sees it.
Error nothing_done() { return {.code = ErrorCode::not_found}; }

}  // namespace

std::optional<Batch> Sealer::seal() {
    auto sealed = transactions_.run([&]() -> Result<Batch> {
        const auto entries = ledger_.unsealed(kMostEntriesOfBatch);
        if (entries.empty()) return nothing_done();
        const auto last = ledger_.last_batch();
        Batch batch{.number = last ? last->number + 1 : kFirstBatch,
                    .sealed_at = clock_.now(),
                    .entries = entries.size(),
                    .key_id = keys_.active().id};
        if (last)
            batch.previous = last->seal;
        else if (const auto beginning = ledger_.beginning())
            batch.number = beginning->first_batch;  // all that there was had been kept long enough
        batch.seal = seal_of(batch, entries, keys_.active());
        if (!ledger_.add(batch, entries)) return nothing_done();
        return batch;
    });
    if (!sealed) return std::nullopt;
    left_at_ = sealed->number;
    return std::move(*sealed);
}

bool Sealer::is_shortened() {
    const auto last = ledger_.last_batch();
    const auto number = last ? last->number : 0;
    const bool shorter = number < left_at_;
    left_at_ = number;
    return shorter;
}

bool Sealer::drop_oldest(std::chrono::seconds retention) {
    const auto dropped = transactions_.run([&]() -> Result<void> {
        const auto oldest = ledger_.batches(kFirstBatch, 2);
        // The newest stays, as the next one is chained to it.
        if (oldest.size() < 2 || oldest.front().sealed_at > clock_.now() - retention) return nothing_done();
        Beginning beginning{.first_batch = oldest.front().number + 1, .key_id = keys_.active().id};
        beginning.seal = seal_of(beginning, keys_.active());
        ledger_.drop(oldest.front().number, beginning);
        return {};
    });
    return static_cast<bool>(dropped);
}

}  // namespace csauth::audit
