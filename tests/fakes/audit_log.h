#pragma once

#include <algorithm>
#include <set>
#include <vector>

#include "audit/audit_log.h"
#include "audit/ledger.h"
#include "base/unavailable.h"
#include "fakes/transactions.h"

namespace csauth::fakes {

class AuditLog final : public audit::AuditLog, public Remembering {
public:
    std::function<void()> remember() override { return restorer(acts, erased, entries); }

    std::vector<audit::Act> acts;

    std::set<UserId> erased;

    std::vector<audit::Entry> entries;

    using audit::AuditLog::record;
    void record(std::span<const audit::Act> all, const Origin& origin, TimePoint now) override {
        for (const auto& act : all) {
            acts.push_back(act);
            EntryId id{Uuid::first_of(now)};
            id.uuid.bytes.back() = static_cast<std::uint8_t>(entries.size());
            entries.push_back({.id = id,
                               .at = now,
                               .action = std::string{name_of(act.action)},
                               .outcome = std::string{name_of(act.outcome)},
                               .actor = act.actor,
                               .subject = act.subject,
                               .ip = origin.ip,
                               .request_id = origin.request_id,
                               .detail = act.detail.substr(0, audit::kLongestDetail)});
        }
    }
    std::vector<audit::Entry> page(const audit::Filter& filter, std::optional<EntryId> before,
                                   std::size_t most) override {
        return newest(before, most, [&](const audit::Entry& entry) {
            return (!filter.user || entry.actor == filter.user || entry.subject == filter.user) &&
                   (!filter.action || entry.action == name_of(*filter.action)) &&
                   (!filter.since || entry.at >= *filter.since);
        });
    }
    std::vector<audit::Entry> about(UserId subject, std::optional<EntryId> before,
                                    std::size_t most) override {
        return newest(before, most, [&](const audit::Entry& entry) { return entry.subject == subject; });
    }
    void request_erasure(UserId user, TimePoint) override { erased.insert(user); }
    long count(audit::Action action) const {
        return std::count_if(acts.begin(), acts.end(), [&](const auto& act) { return act.action == action; });
    }

private:
    template <class Fits>
    std::vector<audit::Entry> newest(std::optional<EntryId> before, std::size_t most, Fits fits) {
        std::vector<audit::Entry> found;
        for (auto entry = entries.rbegin(); entry != entries.rend() && found.size() < most; ++entry)
            if (fits(*entry) && (!before || entry->id.uuid.bytes < before->uuid.bytes))
                found.push_back(*entry);
        return found;
    }
};

}  // namespace csauth::fakes
