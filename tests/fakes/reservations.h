#pragma once

#include <algorithm>
#include <map>

#include "base/transactions.h"
#include "base/unavailable.h"
#include "fakes/transactions.h"
#include "users/reservations.h"
#include "users/users.h"

namespace csauth::fakes {

class Reservations final : public users::Reservations, public Remembering {
public:
    std::function<void()> remember() override { return restorer(rows); }

    struct Row {
        UserId holder;
        std::optional<TimePoint> until;
    };
    std::map<std::pair<users::Identifier, std::string>, Row> rows;

    void hold(users::Identifier kind, std::string_view key, UserId holder,
              std::optional<TimePoint> until) override {
        rows[{kind, std::string{key}}] = {holder, until};
    }
    void release(users::Identifier kind, std::string_view key, UserId holder) override {
        std::erase_if(rows, [&](const auto& row) {
            return row.first == std::pair{kind, std::string{key}} && row.second.holder == holder;
        });
    }
    bool is_held_from(UserId holder, users::Identifier kind, std::string_view key, TimePoint now) override {
        const auto row = rows.find({kind, std::string{key}});
        return row != rows.end() && row->second.holder != holder &&
               (!row->second.until || *row->second.until > now);
    }
    Held held_by(UserId holder, users::Identifier kind, TimePoint now) override {
        Held held;
        for (const auto& [key, row] : rows) {
            if (key.first != kind || row.holder != holder || !row.until || *row.until <= now) continue;
            ++held.count;
            held.next_end = std::min(held.next_end.value_or(*row.until), *row.until);
        }
        return held;
    }
};

}  // namespace csauth::fakes
