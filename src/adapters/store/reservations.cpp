#include "store/reservations.h"

#include "crypto/digest.h"

namespace csauth::store {

void Reservations::hold(users::Identifier kind, std::string_view key, UserId holder,
                        std::optional<TimePoint> until) {
    db_.execute(R"(
        INSERT INTO reservations (kind, key_hash, holder_id, held_until)
        VALUES (?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE holder_id = VALUES(holder_id), held_until = VALUES(held_until))",
                {name_of(kind), crypto::sha256(key), holder, until});
}

void Reservations::release(users::Identifier kind, std::string_view key, UserId holder) {
    db_.execute("DELETE FROM reservations WHERE kind = ? AND key_hash = ? AND holder_id = ?",
                {name_of(kind), crypto::sha256(key), holder});
}

bool Reservations::is_held_from(UserId holder, users::Identifier kind, std::string_view key, TimePoint now) {
    return db_
        .find_one([](db::Row& row) { return row.flag("held"); }, R"(
        SELECT EXISTS (SELECT 1
                         FROM reservations
                        WHERE kind = ? AND key_hash = ? AND holder_id <> ?
                          AND (held_until IS NULL OR held_until > ?)) AS held)",
                  {name_of(kind), crypto::sha256(key), holder, now})
        .value_or(true);
}

users::Reservations::Held Reservations::held_by(UserId holder, users::Identifier kind, TimePoint now) {
    return db_
        .find_one(
            [](db::Row& row) {
                return Held{static_cast<std::size_t>(row.integer("count")), row.optional_time("next_end")};
            },
            R"(
        SELECT COUNT(*) AS count, MIN(held_until) AS next_end
          FROM reservations
         WHERE holder_id = ? AND kind = ? AND held_until > ?)",
            {holder, name_of(kind), now})
        .value_or(Held{});
}

}  // namespace csauth::store
