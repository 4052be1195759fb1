#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "audit/ledger.h"
#include "base/transactions.h"
#include "base/unavailable.h"

namespace csauth::fakes {

/// The log as it is sealed, without anything in it.
class Ledger final : public audit::Ledger {
public:
    struct Row {
        audit::SealedEntry entry;
        std::optional<audit::BatchNumber> batch = {};
    };
    std::vector<Row> rows;  ///< in the order of their ids
    std::map<audit::BatchNumber, audit::Batch> sealed;
    std::optional<audit::Beginning> begins;
    std::set<UserId> users;  ///< who exists

    std::vector<audit::SealedEntry> unsealed(std::size_t most) override {
        return some(most, [](const Row& row) { return !row.batch; });
    }
    std::optional<audit::Batch> last_batch() override {
        return sealed.empty() ? std::nullopt : std::optional{sealed.rbegin()->second};
    }
    bool add(const audit::Batch& batch, const std::vector<audit::SealedEntry>& entries) override {
        if (!sealed.emplace(batch.number, batch).second) return false;
        for (Row& row : rows)
            for (const auto& entry : entries)
                if (row.entry.entry.id == entry.entry.id) row.batch = batch.number;
        return true;
    }
    std::vector<audit::Batch> batches(audit::BatchNumber from, std::size_t most) override {
        std::vector<audit::Batch> found;
        for (auto batch = sealed.lower_bound(from); batch != sealed.end() && found.size() < most; ++batch)
            found.push_back(batch->second);
        return found;
    }
    std::vector<audit::SealedEntry> entries_of(audit::BatchNumber number) override {
        return some(rows.size(), [&](const Row& row) { return row.batch == number; });
    }
    std::vector<audit::SealedEntry> entries(std::optional<EntryId> after, std::size_t most) override {
        return some(most, [&](const Row& row) {
            return !after || row.entry.entry.id.uuid.bytes > after->uuid.bytes;
        });
    }
    bool has_strays(audit::BatchNumber first, audit::BatchNumber last) override {
        return std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
            return row.batch && (*row.batch < first || *row.batch > last) && !sealed.contains(*row.batch);
        });
    }
    std::vector<UserId> not_deleted(const std::vector<UserId>& asked) override {
        std::vector<UserId> found;
        for (const UserId id : asked) {
            const bool is_deleted = std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
                return row.entry.entry.action == "user_deleted" && row.entry.entry.subject == id;
            });
            if (users.contains(id) || !is_deleted) found.push_back(id);
        }
        return found;
    }
    std::optional<audit::Beginning> beginning() override { return begins; }
    void drop(audit::BatchNumber number, const audit::Beginning& beginning) override {
        begins = beginning;
        sealed.erase(number);
        std::erase_if(rows, [&](const Row& row) { return row.batch == number; });
    }

private:
    template <class Fits>
    std::vector<audit::SealedEntry> some(std::size_t most, Fits fits) {
        std::vector<audit::SealedEntry> found;
        for (const Row& row : rows)
            if (fits(row) && found.size() < most) found.push_back(row.entry);
        return found;
    }
};

}  // namespace csauth::fakes
