#include "audit/verification.h"

#include <algorithm>
#include <chrono>

#include "base/encoding.h"
#include "base/timestamps.h"

namespace csauth::audit {
namespace {

constexpr std::size_t kBatchesATime = 100;
constexpr std::size_t kTimeOfId = 6;  // bytes, of its beginning

// The longest time between the moment that an act is dated and its commit.
constexpr std::chrono::minutes kLongestRequest{10};

std::string of(const Entry& entry) { return "entry " + entry.id.text() + " (" + entry.action + ")"; }

class Verifier {
public:
    Verifier(Ledger& ledger, const crypto::KeyRing& keys, const std::optional<Head>& expected, TimePoint now)
        : ledger_{ledger}, keys_{keys}, expected_{expected}, now_{now} {}

    Result<Verified, Tampering> run() {
        if (auto begun = begin(); !begun) return begun.error();
        for (auto some = ledger_.batches(next_, kBatchesATime); !some.empty();
             some = ledger_.batches(next_, kBatchesATime))
            for (const Batch& batch : some) {
                const auto entries = ledger_.entries_of(batch.number);
                if (auto good = check(batch, entries); !good) return good.error();
                if (auto good = check_erasures(batch, entries); !good) return good.error();
                advance(batch, entries);
            }
        return end();
    }

    /// Returns true if old batches were dropped since begin(). They may be what run() has missed.
    bool was_overtaken() {
        const auto beginning = ledger_.beginning();
        return beginning && beginning->first_batch > began_with_;
    }

private:
    /// The first batch is number 1, or what the sealed beginning says.
    Result<void, Tampering> begin() {
        const auto beginning = ledger_.beginning();
        began_with_ = beginning ? beginning->first_batch : kFirstBatch;
        const auto first = ledger_.batches(0, 1);
        next_ = kFirstBatch;
        if (beginning) {
            const auto* key = keys_.find(beginning->key_id);
            if (key == nullptr || !same(seal_of(*beginning, *key), beginning->seal))
                return Tampering{std::nullopt, "what the log says of its own beginning is not genuine"};
            next_ = beginning->first_batch;
        }
        previous_is_known_ = next_ == kFirstBatch;
        first_ = next_;
        if (!first.empty() && first.front().number != next_)
            return Tampering{next_, "the log begins with batch " + std::to_string(first.front().number) +
                                        " instead of " + std::to_string(next_)};
        if (expected_ && expected_->number < first_)
            return Tampering{std::nullopt, "the head that was noted is of batch " +
                                               std::to_string(expected_->number) +
                                               ", and the log begins with " + std::to_string(first_)};
        return {};
    }

    Result<void, Tampering> check(const Batch& batch, const std::vector<SealedEntry>& entries) {
        const auto bad = [&](std::string what) { return Tampering{batch.number, std::move(what)}; };
        if (batch.number != next_) return Tampering{next_, "the batch is missing"};
        if (!same(batch.previous, previous_) && previous_is_known_)
            return bad("it is not chained to the batch before it");
        if (batch.entries != entries.size())
            return bad("it was sealed with " + std::to_string(batch.entries) + " entries, and has " +
                       std::to_string(entries.size()));
        const auto* key = keys_.find(batch.key_id);
        if (key == nullptr) return bad("the key " + batch.key_id + ", which sealed it, is not there");
        if (!same(seal_of(batch, entries, *key), batch.seal)) return bad("its seal is broken");
        if (expected_ && expected_->number == batch.number && !same(expected_->seal, batch.seal))
            return bad("it has another seal than the one that was noted");
        for (const auto& [entry, ip_salt, ip_hash, detail_salt, detail_hash] : entries) {
            if ((ip_salt && hash_of(*ip_salt, entry.ip) != ip_hash) || (!ip_salt && !entry.ip.empty()))
                return bad("the address of " + of(entry) + " was changed");
            if ((detail_salt && hash_of(*detail_salt, entry.detail) != detail_hash) ||
                (!detail_salt && !entry.detail.empty()))
                return bad("the detail of " + of(entry) + " was changed");
            if (!std::equal(entry.id.uuid.bytes.begin(), entry.id.uuid.bytes.begin() + kTimeOfId,
                            Uuid::first_of(entry.at).bytes.begin()))
                return bad("the id of " + of(entry) + " is of another time");
            if (entry.at > batch.sealed_at + kLongestRequest)
                return bad(of(entry) + " is newer than its seal");
            if (drained_at_ && entry.at < *drained_at_ - kLongestRequest)
                return bad(of(entry) + " is older than the batch before, which had left none behind");
        }
        return {};
    }

    /// What is personal may only be missing if its user was deleted.
    Result<void, Tampering> check_erasures(const Batch& batch, const std::vector<SealedEntry>& entries) {
        std::vector<UserId> gone;
        for (const auto& sealed : entries) {
            if (sealed.ip_salt && sealed.detail_salt) continue;
            ++verified_.erased;
            const auto& [actor, subject] = std::pair{sealed.entry.actor, sealed.entry.subject};
            // The address is the actor's, or the subject's if the actor is unknown.
            const auto& owner_of_ip = actor ? actor : subject;
            if (!sealed.detail_salt && subject) gone.push_back(*subject);
            if (!sealed.ip_salt && owner_of_ip) gone.push_back(*owner_of_ip);
            if ((!sealed.detail_salt && !subject) || (!sealed.ip_salt && !owner_of_ip))
                return Tampering{batch.number, of(sealed.entry) + " was erased without a reason"};
        }
        const auto not_gone = ledger_.not_deleted(gone);
        if (!not_gone.empty())
            return Tampering{batch.number, "it has lost what is personal of the user " +
                                               not_gone.front().text() + ", who has not gone"};
        return {};
    }

    void advance(const Batch& batch, const std::vector<SealedEntry>& entries) {
        ++verified_.batches;
        verified_.entries += entries.size();
        verified_.head = Head{batch.number, batch.seal};
        previous_ = batch.seal;
        previous_is_known_ = true;
        if (entries.size() < kMostEntriesOfBatch) drained_at_ = batch.sealed_at;
        next_ = batch.number + 1;
    }

    Result<Verified, Tampering> end() {
        if (expected_ && expected_->number >= next_)
            return Tampering{next_, "the log ends before batch " + std::to_string(expected_->number) +
                                        ", which was noted as its head"};
        if (ledger_.has_strays(first_, next_ - 1))
            return Tampering{std::nullopt, "an entry says that it is of a batch which there is not"};
        const auto unsealed = ledger_.unsealed(kMostEntriesOfBatch);
        if (!unsealed.empty() && unsealed.front().entry.at < now_ - kLongestRequest)
            return Tampering{std::nullopt, of(unsealed.front().entry) + " waits for its seal since " +
                                               rfc3339(unsealed.front().entry.at) + ": nobody seals"};
        verified_.unsealed = unsealed.size();
        return verified_;
    }

    static bool same(const crypto::Sha256Digest& a, const crypto::Sha256Digest& b) {
        return crypto::equal_in_constant_time(as_text(a), as_text(b));
    }

    Ledger& ledger_;
    const crypto::KeyRing& keys_;
    const std::optional<Head>& expected_;
    TimePoint now_;
    Verified verified_;
    BatchNumber began_with_ = kFirstBatch;  // what the log said at first, genuine or not
    BatchNumber first_ = kFirstBatch;
    BatchNumber next_ = kFirstBatch;
    crypto::Sha256Digest previous_{};
    bool previous_is_known_ = false;       // false before the first batch if older ones were dropped
    std::optional<TimePoint> drained_at_;  // when the last batch was sealed that was not full
};

}  // namespace

Result<Verified, Tampering> verify(Ledger& ledger, const crypto::KeyRing& keys,
                                   const std::optional<Head>& expected, TimePoint now) {
    for (;;) {
        Verifier verifier{ledger, keys, expected, now};
        auto verified = verifier.run();
        if (verified || !verifier.was_overtaken()) return verified;
    }
}

}  // namespace csauth::audit
