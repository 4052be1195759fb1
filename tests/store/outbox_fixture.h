#pragma once

#include "store_database.h"

namespace csauth::tests {

using namespace std::chrono_literals;

inline const TimePoint kNow = *parse_sql_datetime("2026-11-23 08:00:00.123456");

/// A database with an outbox, and what its tests do to it.
struct OutboxFixture : StoreDatabase {
    void add(const std::string& recipient, TimePoint at = kNow) {
        outbox.add({.which = outbox::Template::verify_email,
                    .language = "de",
                    .recipient = recipient,
                    .parameters = {{"username", "Ann \"\xc3\xa4\""}},
                    .token = Secret{std::string_view{"the-token"}},
                    .code = Secret{std::string_view{"the-code"}},
                    .give_up_at = at + 24h},
                   at);
    }
    std::vector<outbox::QueuedLetter> lease(TimePoint now = kNow) {
        return outbox.lease_due(10, now, now + 60s);
    }
    std::int64_t count(const std::string& where) {
        return *database.find_one([](db::Row& row) { return row.integer("n"); },
                                  "SELECT COUNT(*) AS n FROM outbox WHERE " + where);
    }
};

}  // namespace csauth::tests
