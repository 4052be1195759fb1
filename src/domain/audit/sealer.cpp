#include "audit/sealer.h"

namespace csauth::audit {
namespace {

/// A refusal that only rolls the transaction back.
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
            batch.number = beginning->first_batch;  // the log begins there
        batch.seal = seal_of(batch, entries, keys_.active());
        if (!ledger_.add(batch, entries)) return nothing_done();
        return batch;
    });
    if (!sealed) return std::nullopt;
    left_at_ = sealed->number;
    return std::move(*sealed);
}

bool Sealer::notice_shortening() {
    const auto last = ledger_.last_batch();
    const auto number = last ? last->number : 0;
    const bool is_shorter = number < left_at_;
    left_at_ = number;
    return is_shorter;
}

Sealer::Dropped Sealer::drop_oldest(std::chrono::seconds retention) {
    auto outcome = Dropped::no;
    (void)transactions_.run([&]() -> Result<void> {
        outcome = Dropped::no;
        const auto oldest = ledger_.batches(kFirstBatch, 2);
        // The newest stays, because the next one is chained to it.
        if (oldest.size() < 2 || oldest.front().sealed_at > clock_.now() - retention) return {};
        const Batch& batch = oldest.front();
        if (!is_genuine(batch) || oldest.back().number != batch.number + 1) {
            outcome = Dropped::not_genuine;
            return {};
        }
        Beginning beginning{.first_batch = batch.number + 1, .key_id = keys_.active().id};
        beginning.seal = seal_of(beginning, keys_.active());
        ledger_.drop(batch.number, beginning);
        outcome = Dropped::yes;
        return {};
    });
    return outcome;
}

/// Returns true if the log begins with the batch, and the batch is as it was sealed.
bool Sealer::is_genuine(const Batch& batch) {
    const auto beginning = ledger_.beginning();
    if (beginning) {
        const auto* key = keys_.find(beginning->key_id);
        if (key == nullptr || seal_of(*beginning, *key) != beginning->seal) return false;
    }
    if (batch.number != (beginning ? beginning->first_batch : kFirstBatch)) return false;
    const auto* key = keys_.find(batch.key_id);
    return key != nullptr && seal_of(batch, ledger_.entries_of(batch.number), *key) == batch.seal;
}

}  // namespace csauth::audit
