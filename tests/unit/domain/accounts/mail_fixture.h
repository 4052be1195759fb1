#pragma once

#include <boost/test/unit_test.hpp>
#include <random>

#include "fakes/world.h"

namespace csauth::tests {

using namespace std::chrono_literals;
using outbox::RequestKind;
using outbox::Template;

using outbox::RequestKind;
using outbox::Template;

struct MailFixture : fakes::World {
    users::User user = ann();
    UserId id = user.id;

    users::NewPassword chosen(std::string_view text) { return std::move(*users::NewPassword::parse(text)); }
    void ask(RequestKind kind) {
        mail_requests.add(kind, "ann@example.com", clock.now(), "");
        requested_mail.handle_open(10);
        // The mailer keeps these for two days; without them the simulations are fast.
        std::erase_if(mail_requests.rows, [](const auto& row) { return !row.is_open && !row.is_sent; });
    }
    std::size_t count(Template which) const {
        return static_cast<std::size_t>(std::count_if(outbox.letters.begin(), outbox.letters.end(),
                                                      [&](const auto& l) { return l.which == which; }));
    }
    accounts::PresentedToken newest(Template which) const {
        const auto* letter = outbox.last(which, "ann@example.com");
        BOOST_REQUIRE(letter != nullptr);
        return *accounts::PresentedToken::parse(letter->secret);
    }
    /// Asks for a mail, and returns the token in it.
    accounts::PresentedToken asked(RequestKind kind, Template which) {
        const auto before = count(which);
        ask(kind);
        BOOST_REQUIRE(count(which) == before + 1);
        clock.advance(1s);
        return newest(which);
    }
    accounts::PresentedToken asked_for_reset() {
        return asked(RequestKind::reset_password, Template::reset_password);
    }
    std::string detail(const Result<void>& outcome) {
        BOOST_REQUIRE(!outcome);
        const auto& error = outcome.error();
        const bool newer_works = error.detail.ends_with("A newer mail was sent: use the link in that one.");
        BOOST_CHECK(error.code ==
                    (newer_works ? ErrorCode::link_superseded : ErrorCode::one_time_token_invalid));
        return error.detail;
    }
    std::string reset_detail(const accounts::PresentedToken& token) {
        return detail(password_reset.reset(token, chosen("battery staple"), origin));
    }
    const accounts::OneTimeToken* live_since(accounts::Purpose purpose, TimePoint since) {
        for (const auto& [hash, row] : one_time_tokens.rows)
            if (row.purpose == purpose && row.created_at > since &&
                accounts::is_live(row, users.rows.at(id).user, clock.now()))
                return &row;
        return nullptr;
    }
    /// Plays a stranger that asks whenever `asks(minute)`, and looks at every minute whether the owner has a
    /// link from within `window` that works for another `left`, or gets a new one by asking.
    template <class Asks>
    void owner_always_has_a_link(RequestKind kind, accounts::Purpose purpose, std::chrono::minutes time,
                                 std::chrono::minutes window, std::chrono::minutes left, Asks asks) {
        for (int minute = 0; minute < time.count(); ++minute, clock.advance(1min)) {
            if (asks(minute)) ask(kind);
            const auto restore = transactions.checkpoint();
            const auto* link = live_since(purpose, clock.now() - window);
            if (link == nullptr) {
                ask(kind);
                link = live_since(purpose, clock.now() - window);
            }
            BOOST_REQUIRE_MESSAGE(link != nullptr, "no link at minute " << minute);
            BOOST_REQUIRE_MESSAGE(newest_end(purpose) - clock.now() >= left,
                                  "too short at minute " << minute);
            restore();
        }
    }
    TimePoint newest_end(accounts::Purpose purpose) {
        TimePoint end{};
        for (const auto& [hash, row] : one_time_tokens.rows)
            if (row.purpose == purpose && !row.is_consumed) end = std::max(end, row.expires_at);
        return end;
    }
};

/// Ways of asking: at every minute, at a few, and at random ones.
template <class Play>
inline void for_each_stranger(Play play) {
    play([](int) { return true; });
    play([](int minute) { return minute % 7 == 0; });
    play([](int minute) { return minute % 61 < 3; });
    play([](int) { return false; });
    for (unsigned seed = 1; seed <= 3; ++seed)
        play([random = std::mt19937{seed}](int) mutable { return random() % 23 == 0; });
}

}  // namespace csauth::tests
