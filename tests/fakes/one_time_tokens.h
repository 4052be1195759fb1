#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "accounts/one_time_tokens.h"
#include "base/transactions.h"
#include "base/unavailable.h"
#include "fakes/transactions.h"

namespace csauth::fakes {

class OneTimeTokens final : public accounts::OneTimeTokens, public Remembering {
public:
    std::function<void()> remember() override { return restorer(rows, code_tries); }

    std::map<accounts::TokenHash, accounts::OneTimeToken> rows;
    std::map<accounts::TokenHash, unsigned> code_tries;

    void add(const accounts::OneTimeToken& token) override { rows.emplace(token.hash, token); }
    void drop_oldest(UserId user, accounts::Purpose purpose, std::size_t most) override {
        std::vector<std::pair<TimePoint, accounts::TokenHash>> unconsumed;
        for (const auto& [hash, row] : rows)
            if (row.user == user && row.purpose == purpose && !row.is_consumed)
                unconsumed.emplace_back(row.created_at, hash);
        std::sort(unconsumed.rbegin(), unconsumed.rend());
        for (std::size_t i = most; i < unconsumed.size(); ++i)
            rows.erase(unconsumed[i].second);
    }
    std::vector<accounts::OneTimeToken> take_code_tries(UserId user, accounts::Purpose purpose, unsigned most,
                                                        TimePoint now) override {
        std::vector<accounts::OneTimeToken> live;
        for (const auto& [hash, row] : rows)
            if (row.user == user && row.purpose == purpose && row.code && now < row.code->expires_at &&
                code_tries[hash] < most) {
                ++code_tries[hash];
                live.push_back(row);
            }
        std::sort(live.begin(), live.end(),
                  [](const auto& a, const auto& b) { return a.created_at > b.created_at; });
        return live;
    }
    void drop_issued_after(UserId user, accounts::Purpose purpose, TimePoint moment) override {
        std::erase_if(rows, [&](const auto& row) {
            return row.second.user == user && row.second.purpose == purpose && row.second.created_at > moment;
        });
    }
    std::vector<accounts::OneTimeToken> newest_of(UserId user, std::size_t most) override {
        auto found = all_of(user);
        std::stable_sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
            return one.created_at > other.created_at;
        });
        if (found.size() > most) found.erase(found.begin() + static_cast<std::ptrdiff_t>(most), found.end());
        return found;
    }
    std::vector<accounts::OneTimeToken> all_of(UserId user) override {
        std::vector<accounts::OneTimeToken> found;
        for (const auto& [hash, row] : rows)
            if (row.user == user) found.push_back(row);
        std::stable_sort(found.begin(), found.end(),
                         [](const auto& a, const auto& b) { return a.created_at < b.created_at; });
        return found;
    }
    void issue(const accounts::OneTimeToken& token) override {
        for (auto& [hash, row] : rows) {
            if (row.user != token.user || row.purpose != token.purpose || row.is_consumed) continue;
            row.expires_at = std::min(row.expires_at, token.created_at);
            if (row.code) row.code->expires_at = std::min(row.code->expires_at, token.created_at);
        }
        rows.emplace(token.hash, token);
    }
    std::optional<accounts::OneTimeToken> find(const accounts::TokenHash& hash) override {
        const auto row = rows.find(hash);
        return row == rows.end() ? std::nullopt : std::optional{row->second};
    }
    bool consume(const accounts::TokenHash& hash, TimePoint now) override {
        const auto row = rows.find(hash);
        if (row == rows.end() || now >= row->second.expires_at) return false;
        return !std::exchange(row->second.is_consumed, true);
    }
    std::optional<TimePoint> last_issued(UserId user, accounts::Purpose purpose) override {
        std::optional<TimePoint> last;
        for (const auto& [hash, row] : rows)
            if (row.user == user && row.purpose == purpose && (!last || *last < row.created_at))
                last = row.created_at;
        return last;
    }
};

}  // namespace csauth::fakes
