#include "accounts/mail_link.h"

#include <boost/test/unit_test.hpp>
#include <random>

#include "fakes/world.h"
#include "unit/domain/accounts/mail_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using outbox::RequestKind;
using outbox::Template;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(mail_link)

struct Looking : MailFixture {
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
