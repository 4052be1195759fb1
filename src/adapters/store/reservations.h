#pragma once

#include "db/database.h"
#include "users/reservations.h"

namespace csauth::store {

/// Implements users::Reservations over the table `reservations`, which has hashes of the names and addresses.
class Reservations final : public users::Reservations {
public:
    explicit Reservations(db::Database& database) : db_{database} {}

    void hold(users::Identifier kind, std::string_view key, UserId holder,
              std::optional<TimePoint> until) override;
    void release(users::Identifier kind, std::string_view key, UserId holder) override;
    bool is_held_from(UserId holder, users::Identifier kind, std::string_view key, TimePoint now) override;
    Held held_by(UserId holder, users::Identifier kind, TimePoint now) override;

private:
    db::Database& db_;
};

}  // namespace csauth::store
