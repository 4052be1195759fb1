#pragma once

#include "contracts/fixture.h"

namespace csauth::contracts {

inline void a_reservation_keeps_others_away_until_its_end(Ports& p) {
    const auto holder = UserId::make(kNow, p.random);
    const auto other = UserId::make(kNow, p.random);
    using users::Identifier;
    p.reservations.hold(Identifier::username, "annie", holder, kNow + 1h);
    p.reservations.hold(Identifier::email, "ann@example.com", holder, std::nullopt);
    BOOST_TEST(p.reservations.is_held_from(other, Identifier::username, "annie", kNow));
    BOOST_TEST(!p.reservations.is_held_from(holder, Identifier::username, "annie", kNow));
    BOOST_TEST(!p.reservations.is_held_from(other, Identifier::email, "annie", kNow));
    BOOST_TEST(!p.reservations.is_held_from(other, Identifier::username, "annie", kNow + 1h));
    BOOST_TEST(p.reservations.is_held_from(other, Identifier::email, "ann@example.com", kNow + 24h * 9999));
    BOOST_TEST(p.reservations.held_by(holder, Identifier::username, kNow).count == 1U);
    BOOST_CHECK(p.reservations.held_by(holder, Identifier::username, kNow).next_end == kNow + 1h);
    BOOST_TEST(p.reservations.held_by(holder, Identifier::username, kNow + 1h).count == 0U);

    const auto taken = p.users.taken("ann@example.com", "annie", kNow);
    BOOST_TEST(taken.email);
    BOOST_TEST(taken.username);
    BOOST_TEST(p.users.add(new_user(p, "bob@example.com", "Annie")).username);
    BOOST_TEST(p.users.add(new_user(p, "ANN@example.com", "annabel")).email);
    p.reservations.release(Identifier::username, "annie", other);
    BOOST_TEST(p.reservations.is_held_from(other, Identifier::username, "annie", kNow));
    p.reservations.release(Identifier::username, "annie", holder);
    BOOST_TEST(!p.reservations.is_held_from(other, Identifier::username, "annie", kNow));
}

inline constexpr Contract kReservations[] = {
    {"a_reservation_keeps_others_away_until_its_end", a_reservation_keeps_others_away_until_its_end},
};

}  // namespace csauth::contracts
