// Links and codes from several mails to one mailbox, and what strangers can do to them by asking for more.
#include <boost/test/unit_test.hpp>
#include <random>

#include "fakes/world.h"

using namespace csauth;
using namespace std::chrono_literals;

namespace {

using outbox::RequestKind;
using outbox::Template;

struct Fixture : fakes::World {
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
void for_each_stranger(Play play) {
    play([](int) { return true; });
    play([](int minute) { return minute % 7 == 0; });
    play([](int minute) { return minute % 61 < 3; });
    play([](int) { return false; });
    for (unsigned seed = 1; seed <= 3; ++seed)
        play([random = std::mt19937{seed}](int) mutable { return random() % 23 == 0; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(links)

BOOST_AUTO_TEST_CASE(strangers_requests_leave_the_owner_a_reset_link) {
    for_each_stranger([](auto asks) {
        Fixture f;
        f.owner_always_has_a_link(RequestKind::reset_password, accounts::Purpose::reset_password, 48h,
                                  accounts::kResetWindow, accounts::kResetTimeLeft, asks);
        BOOST_TEST(f.count(Template::reset_password) <= 48 * accounts::kMostResetsAnHour);
    });
}

BOOST_AUTO_TEST_CASE(strangers_requests_leave_the_owner_a_verification_link) {
    for_each_stranger([](auto asks) {
        Fixture f;
        f.users.rows.at(f.id).user.is_verified = f.users.rows.at(f.id).user.was_ever_verified = false;
        f.owner_always_has_a_link(RequestKind::verify_email, accounts::Purpose::verify_email, 4 * 24h,
                                  accounts::kConfirmationWindow, 24h, asks);
        BOOST_TEST(f.count(Template::verify_email) <= 4 * accounts::kMostConfirmationsADay);
    });
}

BOOST_FIXTURE_TEST_CASE(earlier_reset_link_works_after_newer_mail, Fixture) {
    const auto earlier = asked_for_reset();
    asked_for_reset();
    BOOST_TEST(!!password_reset.reset(earlier, chosen("battery staple"), origin));
    BOOST_TEST(!!sign_in("ann@example.com", "battery staple"));
}

BOOST_FIXTURE_TEST_CASE(used_reset_link_voids_the_others, Fixture) {
    const auto first = asked_for_reset();
    const auto second = asked_for_reset();
    const auto third = asked_for_reset();
    BOOST_TEST(!!password_reset.reset(second, chosen("battery staple"), origin));
    BOOST_TEST(reset_detail(first) == "A newer mail was sent, and the link in that one was used.");
    BOOST_TEST(reset_detail(second) == "This link was used already.");
    BOOST_TEST(reset_detail(third) == "The link in an earlier mail was used.");
    BOOST_TEST(!sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(audit.count(audit::Action::password_reset) == 1);
}

BOOST_FIXTURE_TEST_CASE(spent_link_names_the_newer_mail, Fixture) {
    const auto lapsed = asked_for_reset();
    clock.advance(accounts::kResetWindow);
    const auto used = asked_for_reset();
    clock.advance(accounts::kResetLifetime - accounts::kResetWindow - 2s);
    BOOST_TEST(reset_detail(lapsed) == "A newer mail was sent: use the link in that one.");
    BOOST_TEST(!!password_reset.reset(used, chosen("battery staple"), origin));
    BOOST_TEST(reset_detail(used) == "This link was used already.");
    const auto newer = asked_for_reset();
    BOOST_TEST(reset_detail(used) ==
               "This link was used already. A newer mail was sent: use the link in that one.");
    BOOST_TEST(reset_detail(lapsed) == "A newer mail was sent: use the link in that one.");
    users.raise_epoch(id);
    BOOST_TEST(reset_detail(newer) ==
               "The account has changed since this mail was sent. Ask for a new mail.");
    clock.advance(accounts::kResetLifetime);
    BOOST_TEST(reset_detail(newer) == "This link has expired. Ask for a new mail.");
}

BOOST_FIXTURE_TEST_CASE(unknown_or_foreign_token_learns_nothing, Fixture) {
    const auto reset = asked_for_reset();
    const auto unknown = *accounts::PresentedToken::parse(accounts::make_one_time_token(random).reveal());
    BOOST_TEST(reset_detail(unknown).empty());
    verification_mail.send(user);
    BOOST_TEST(reset_detail(newest(Template::verify_email)).empty());
    BOOST_TEST(detail(email_change.revert(reset, origin)).empty());
    const auto confirmed = verification.confirm(reset, {.caller = id}, origin);
    BOOST_REQUIRE(!confirmed);
    BOOST_TEST(confirmed.error().detail.empty());
    const auto changed = email_change.confirm(reset, {.caller = id}, origin);
    BOOST_REQUIRE(!changed);
    BOOST_TEST(changed.error().detail.empty());
}

BOOST_FIXTURE_TEST_CASE(replaced_email_change_link_names_the_newer, Fixture) {
    const auto request = [&](const char* address) {
        BOOST_REQUIRE(!!email_change.request(id, *users::Email::parse(address),
                                             *users::Password::parse("correct horse"), origin));
        clock.advance(accounts::kEmailChangeInterval);
        return *accounts::PresentedToken::parse(outbox.last(Template::change_email, address)->secret);
    };
    const auto replaced = request("first@example.org");
    const auto newer = request("second@example.org");
    const auto refused = email_change.confirm(replaced, {.caller = id}, origin);
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.error().code == ErrorCode::link_superseded);
    BOOST_TEST(refused.error().detail == "A newer mail was sent: use the link in that one.");
    BOOST_TEST(!!email_change.confirm(newer, {.caller = id}, origin));
    BOOST_TEST(users.rows.at(id).user.email == "second@example.org");
    const auto revert = newest(Template::email_changed);
    BOOST_TEST(!!email_change.revert(revert, origin));
    BOOST_TEST(detail(email_change.revert(revert, origin)) == "This link was used already.");
}

BOOST_FIXTURE_TEST_CASE(dead_revert_link_asks_nobody_to_ask_again, Fixture) {
    BOOST_REQUIRE(!!email_change.request(id, *users::Email::parse("new@example.org"),
                                         *users::Password::parse("correct horse"), origin));
    const auto change =
        *accounts::PresentedToken::parse(outbox.last(Template::change_email, "new@example.org")->secret);
    BOOST_REQUIRE(!!email_change.confirm(change, {.caller = id}, origin));
    const auto revert = newest(Template::email_changed);
    clock.advance(accounts::kRevertLifetime);
    BOOST_TEST(detail(email_change.revert(revert, origin)) ==
               "This link has expired: a change of address can be taken back for 72 hours.");
}

BOOST_FIXTURE_TEST_CASE(cap_on_resets_counts_only_while_a_link_works, Fixture) {
    using accounts::kMostResetsAnHour, accounts::kMostResetsInAnyCase;
    const auto sent = [&] { return count(Template::reset_password); };
    for (std::size_t i = 0; i < kMostResetsAnHour + 2; ++i)
        ask(RequestKind::reset_password);
    BOOST_TEST(sent() == kMostResetsAnHour);
    // The owner uses a link and forgets the new password too: the cap must not shut them out.
    BOOST_TEST(!!password_reset.reset(newest(Template::reset_password), chosen("battery staple"), origin));
    ask(RequestKind::reset_password);
    BOOST_TEST(sent() == kMostResetsAnHour + 1);
    ask(RequestKind::reset_password);
    BOOST_TEST(sent() == kMostResetsAnHour + 1);
    for (std::size_t i = sent(); i < kMostResetsInAnyCase + 2; ++i) {
        users.raise_epoch(id);
        ask(RequestKind::reset_password);
    }
    BOOST_TEST(sent() == kMostResetsInAnyCase);
    clock.advance(accounts::kResetWindow);
    ask(RequestKind::reset_password);
    BOOST_TEST(sent() == kMostResetsInAnyCase + 1);
}

BOOST_FIXTURE_TEST_CASE(unconfirmed_address_gets_three_resets_an_hour, Fixture) {
    users.rows.at(id).user.is_verified = users.rows.at(id).user.was_ever_verified = false;
    for (int i = 0; i < 6; ++i) {
        users.raise_epoch(id);
        ask(RequestKind::reset_password);
    }
    BOOST_TEST(count(Template::reset_password) == accounts::kMostResetsAnHour);
}

BOOST_FIXTURE_TEST_CASE(earlier_verification_link_works_after_newer_mail, Fixture) {
    users.rows.at(id).user.is_verified = false;
    const auto earlier = newest(Template::verify_email);
    clock.advance(accounts::kResendInterval);
    asked(RequestKind::verify_email, Template::verify_email);
    BOOST_TEST(!!verification.confirm(earlier, {.caller = id}, origin));
    BOOST_TEST(users.rows.at(id).user.is_verified);
}

BOOST_FIXTURE_TEST_CASE(expired_verification_link_names_the_newer, Fixture) {
    users.rows.at(id).user.is_verified = false;
    const auto earlier = newest(Template::verify_email);
    clock.advance(accounts::kVerificationLifetime);
    asked(RequestKind::verify_email, Template::verify_email);
    const auto refused = verification.confirm(earlier, {.caller = id}, origin);
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.error().code == ErrorCode::link_superseded);
    BOOST_TEST(refused.error().detail == "A newer mail was sent: use the link in that one.");
}

BOOST_FIXTURE_TEST_CASE(links_beyond_the_most_push_the_oldest_out, Fixture) {
    const auto refused = [&](const accounts::PresentedToken& token) {
        return !password_reset.reset(token, chosen("battery staple"), origin);
    };
    reset_mail.send(user);
    const auto first = newest(Template::reset_password);
    clock.advance(1s);
    reset_mail.send(user);
    const auto second = newest(Template::reset_password);
    for (std::size_t i = 2; i < accounts::kMostLinks; ++i) {
        clock.advance(1s);
        reset_mail.send(user);
    }
    BOOST_TEST(one_time_tokens.find(first.hash).has_value());
    clock.advance(1s);
    reset_mail.send(user);
    BOOST_TEST(!one_time_tokens.find(first.hash).has_value());
    BOOST_TEST(refused(first));
    BOOST_TEST(!refused(second));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(typed_codes)

struct Codes : Fixture {
    Codes() { users.rows.at(id).user.is_verified = false; }
    std::string mailed() { return outbox.last(Template::verify_email, "ann@example.com")->code; }
    std::string mailed_anew() {
        clock.advance(accounts::kResendInterval);
        ask(RequestKind::verify_email);
        return mailed();
    }
    bool works(std::string_view code) {
        return !!verification.confirm(*accounts::TypedCode::parse(code), id, origin);
    }
};

BOOST_FIXTURE_TEST_CASE(earlier_code_works_after_newer_mail, Codes) {
    const auto earlier = mailed();
    BOOST_TEST(mailed_anew() != earlier);
    BOOST_TEST(works(earlier));
    BOOST_TEST(users.rows.at(id).user.is_verified);
}

BOOST_FIXTURE_TEST_CASE(more_live_codes_give_no_more_guesses, Codes) {
    const auto first = mailed();
    const auto second = mailed_anew();
    for (unsigned i = 0; i < accounts::kMostCodeTries; ++i)
        BOOST_TEST(!works("AAAAAAAA"));
    BOOST_TEST(!works(first));
    BOOST_TEST(!works(second));
    BOOST_TEST(works(mailed_anew()));
}

BOOST_FIXTURE_TEST_CASE(last_try_of_an_earlier_code_still_counts, Codes) {
    const auto first = mailed();
    for (unsigned i = 0; i + 1 < accounts::kMostCodeTries; ++i)
        BOOST_TEST(!works("AAAAAAAA"));
    mailed_anew();
    BOOST_TEST(works(first));
}

BOOST_FIXTURE_TEST_CASE(code_expires_after_an_hour, Codes) {
    const auto code = mailed();
    clock.advance(accounts::kCodeLifetime);
    BOOST_TEST(!works(code));
    clock.advance(-1us);
    BOOST_TEST(works(code));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(mail_links)

struct Looking : Fixture {
    Result<accounts::MailLink> look(const accounts::PresentedToken& token,
                                    std::optional<UserId> caller = {}) {
        const auto tokens_before = one_time_tokens.rows;
        const auto users_before = users.rows;
        auto link = mail_links.look_at(token, caller);
        for (const auto& [hash, row] : one_time_tokens.rows) {
            BOOST_TEST(row.is_consumed == tokens_before.at(hash).is_consumed);
            BOOST_CHECK(row.expires_at == tokens_before.at(hash).expires_at);
        }
        BOOST_TEST(users.rows.at(id).user.is_verified == users_before.at(id).user.is_verified);
        return link;
    }
    accounts::MailLink seen(const accounts::PresentedToken& token, std::optional<UserId> caller = {}) {
        auto link = look(token, caller);
        BOOST_REQUIRE(!!link);
        return std::move(*link);
    }
    accounts::PresentedToken change_link(const char* address) {
        BOOST_REQUIRE(!!email_change.request(id, *users::Email::parse(address),
                                             *users::Password::parse("correct horse"), origin));
        return *accounts::PresentedToken::parse(outbox.last(Template::change_email, address)->secret);
    }
};

BOOST_FIXTURE_TEST_CASE(looking_at_a_link_leaves_it_good, Looking) {
    users.rows.at(id).user.was_ever_verified = true;
    const auto token = asked_for_reset();
    for (int i = 0; i < 3; ++i) {
        const auto link = seen(token);
        BOOST_CHECK(link.purpose == accounts::Purpose::reset_password);
        BOOST_TEST(link.sent_to == "ann@example.com");
        BOOST_TEST(link.email.value_or("") == "ann@example.com");
        BOOST_TEST(link.username.value_or("") == "annie");
        BOOST_TEST(!link.is_done);
    }
    BOOST_TEST(!!password_reset.reset(token, chosen("battery staple"), origin));
    const auto spent = look(token);
    BOOST_REQUIRE(!spent);
    BOOST_CHECK(spent.error().code == ErrorCode::one_time_token_invalid);
    BOOST_TEST(spent.error().detail == "This link was used already.");
}

BOOST_FIXTURE_TEST_CASE(typed_name_is_hidden_from_an_unconfirmed_address, Looking) {
    users.rows.at(id).user.is_verified = users.rows.at(id).user.was_ever_verified = false;
    const auto token = newest(Template::verify_email);
    BOOST_TEST(seen(token).email.value_or("") == "ann@example.com");
    BOOST_TEST(!seen(token).username.has_value());
    BOOST_TEST(!seen(asked_for_reset()).username.has_value());
    BOOST_TEST(seen(token, id).username.value_or("") == "annie");
}

BOOST_FIXTURE_TEST_CASE(new_mailbox_learns_no_former_address, Looking) {
    users.rows.at(id).user.was_ever_verified = true;
    const auto token = change_link("new@example.org");
    const auto link = seen(token);
    BOOST_TEST(link.sent_to == "new@example.org");
    BOOST_TEST(!link.email.has_value());
    BOOST_TEST(!link.username.has_value());
    BOOST_TEST(seen(token, UserId::make(clock.now(), random)).email.has_value() == false);
    BOOST_TEST(seen(token, id).email.value_or("") == "ann@example.com");
}

BOOST_FIXTURE_TEST_CASE(link_that_did_its_work_says_so, Looking) {
    const auto verify = newest(Template::verify_email);
    users.rows.at(id).user.is_verified = false;
    BOOST_TEST(!seen(verify).is_done);
    BOOST_REQUIRE(!!verification.confirm(verify, {.caller = id}, origin));
    BOOST_TEST(seen(verify).is_done);
    const auto change = change_link("new@example.org");
    BOOST_TEST(!seen(change).is_done);
    BOOST_REQUIRE(!!email_change.confirm(change, {.caller = id}, origin));
    BOOST_TEST(seen(change).is_done);
    const auto revert = newest(Template::email_changed);
    BOOST_TEST(seen(revert).sent_to == "ann@example.com");
    BOOST_REQUIRE(!!email_change.revert(revert, origin));
    for (const auto& spent : {verify, change, revert}) {
        const auto link = look(spent);
        BOOST_REQUIRE(!link);
        BOOST_CHECK(link.error().code == ErrorCode::one_time_token_invalid);
    }
}

BOOST_FIXTURE_TEST_CASE(replaced_or_unknown_link_is_refused, Looking) {
    const auto replaced = change_link("first@example.org");
    clock.advance(accounts::kEmailChangeInterval);
    change_link("second@example.org");
    const auto link = look(replaced);
    BOOST_REQUIRE(!link);
    BOOST_CHECK(link.error().code == ErrorCode::link_superseded);
    const auto unknown =
        look(*accounts::PresentedToken::parse(accounts::make_one_time_token(random).reveal()));
    BOOST_REQUIRE(!unknown);
    BOOST_CHECK(unknown.error().code == ErrorCode::one_time_token_invalid);
    BOOST_TEST(unknown.error().detail.empty());
}

BOOST_FIXTURE_TEST_CASE(dead_exactly_when_its_use_would_fail, Looking) {
    const auto token = asked_for_reset();
    clock.advance(accounts::kResetLifetime - 1s - 1us);
    BOOST_TEST(!!look(token));
    clock.advance(1us);
    BOOST_TEST(!look(token));
}

BOOST_FIXTURE_TEST_CASE(way_back_survives_register_and_resend, Looking) {
    auto bob = applicant("bob@example.com", "bobby");
    bob.return_to = "https://wiki.example.com/maps";
    const auto admitted = registration.register_account(bob, origin);
    BOOST_REQUIRE(!!admitted);
    const auto newest_to_bob = [&] {
        return *accounts::PresentedToken::parse(
            outbox.last(Template::verify_email, "bob@example.com")->secret);
    };
    const auto ask_for_bob = [&](std::string_view return_to) {
        clock.advance(accounts::kResendInterval);
        mail_requests.add(RequestKind::verify_email, "bob@example.com", clock.now(), return_to);
        requested_mail.handle_open(10);
    };
    for (const auto& letter : outbox.letters)  // nothing typed may reach a stranger's mailbox
        for (const auto& [name, value] : letter.parameters)
            BOOST_TEST(value.find("wiki") == std::string::npos);
    BOOST_TEST(mail_links.look_at(newest_to_bob(), {})->return_to == "https://wiki.example.com/maps");
    ask_for_bob("");
    BOOST_TEST(mail_links.look_at(newest_to_bob(), {})->return_to == "https://wiki.example.com/maps");
    ask_for_bob("/account/");
    const auto confirmed = verification.confirm(newest_to_bob(), {.caller = admitted->user.id}, origin);
    BOOST_REQUIRE(!!confirmed);
    BOOST_TEST(confirmed->return_to == "/account/");
}

BOOST_FIXTURE_TEST_CASE(way_back_survives_a_forgotten_password, Looking) {
    mail_requests.add(RequestKind::reset_password, "ann@example.com", clock.now(), "/maps");
    requested_mail.handle_open(10);
    BOOST_TEST(seen(newest(Template::reset_password)).return_to == "/maps");
    clock.advance(1s);
    BOOST_TEST(seen(asked_for_reset()).return_to.empty());
}

BOOST_AUTO_TEST_SUITE_END()
