#include "accounts/email_change.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "unit/domain/accounts/account_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(email_change)

struct ChangeFixture : AccountFixture {
    std::optional<ErrorCode> ask(const char* fresh, const char* password = "correct horse") {
        return refusal(email_change.request(id, *users::Email::parse(fresh), typed(password), origin));
    }
    std::optional<ErrorCode> confirm(const accounts::PresentedToken& token,
                                     accounts::AccountProof proof = {}) {
        const auto outcome = email_change.confirm(token, proof, origin);
        return outcome ? std::nullopt : std::optional{outcome.error().code};
    }
    accounts::AccountProof mine() { return {.caller = id, .password = {}}; }
    void change_to(const char* fresh) {
        BOOST_REQUIRE(!ask(fresh));
        BOOST_REQUIRE(!confirm(mailed(outbox::Template::change_email, fresh), mine()));
        clock.advance(accounts::kEmailChangeInterval);
    }
    const users::User& now() { return users.rows.at(id).user; }
};

BOOST_FIXTURE_TEST_CASE(account_and_new_mailbox_together_change_the_address, ChangeFixture) {
    const auto session = signed_in();
    BOOST_TEST(!ask("Ann@Example.org"));
    BOOST_TEST(now().email == "ann@example.com");
    const auto token = mailed(outbox::Template::change_email, "Ann@example.org");
    BOOST_CHECK(confirm(token) == ErrorCode::authentication_required);
    const auto stranger = register_account("bob@example.com", "bobby")->user.id;
    BOOST_CHECK(confirm(token, {.caller = stranger, .password = {}}) == ErrorCode::permission_denied);
    BOOST_CHECK(confirm(token, {.caller = {}, .password = typed("wrong horse")}) ==
                ErrorCode::invalid_credentials);
    BOOST_TEST(now().email == "ann@example.com");
    BOOST_TEST(!confirm(token, {.caller = {}, .password = typed("correct horse")}));
    BOOST_TEST(now().email == "Ann@example.org");
    BOOST_TEST(!confirm(token, mine()));  // twice is fine
    BOOST_TEST(audit.count(audit::Action::email_changed) == 1);
    BOOST_TEST(works(session));
    BOOST_TEST(!!sign_in("ann@example.org", "correct horse"));
    BOOST_TEST(outbox.last(outbox::Template::email_changed, "ann@example.com") != nullptr);
    // Held for its owner: nobody else gets the former address, and the owner may have it back.
    BOOST_CHECK(register_account("ann@example.com", "somebody").error().code == ErrorCode::email_taken);
    clock.advance(accounts::kEmailChangeInterval);
    change_to("ann@example.com");
    BOOST_TEST(now().email == "ann@example.com");
    clock.advance(72h);
    BOOST_TEST(!!register_account("ann@example.org", "somebody"));
}

BOOST_FIXTURE_TEST_CASE(a_taken_address_gets_the_same_answer_and_its_owner_hears_of_it, ChangeFixture) {
    BOOST_REQUIRE(!!register_account("bob@example.com", "bobby"));
    BOOST_TEST(!ask("BOB@example.com"));
    BOOST_TEST(outbox.last(outbox::Template::change_email, "BOB@example.com") == nullptr);
    BOOST_REQUIRE(mail_requests.open(10).size() == 1);
    BOOST_CHECK(mail_requests.open(10)[0].kind == outbox::RequestKind::already_registered);
}

BOOST_FIXTURE_TEST_CASE(a_request_is_refused_for_password_address_and_haste, ChangeFixture) {
    BOOST_CHECK(ask("ann@example.org", "wrong horse") == ErrorCode::validation_failed);
    BOOST_CHECK(ask("ANN@example.com") == ErrorCode::validation_failed);
    BOOST_TEST(!ask("ann@example.org"));
    BOOST_CHECK(ask("ann@example.net") == ErrorCode::too_many_requests);
    clock.advance(accounts::kEmailChangeInterval - 1us);
    BOOST_CHECK(ask("ann@example.net") == ErrorCode::too_many_requests);
    clock.advance(1us);
    BOOST_TEST(!ask("ann@example.net"));
    // The newer mail has taken the place of the one before.
    BOOST_CHECK(confirm(mailed(outbox::Template::change_email, "ann@example.org"), mine()) ==
                ErrorCode::link_superseded);
    BOOST_TEST(!confirm(mailed(outbox::Template::change_email, "ann@example.net"), mine()));
}

BOOST_FIXTURE_TEST_CASE(a_token_confirms_only_while_nothing_has_changed, ChangeFixture) {
    BOOST_TEST(!ask("ann@example.org"));
    const auto token = mailed(outbox::Template::change_email, "ann@example.org");
    users.raise_epoch(id);
    BOOST_CHECK(confirm(token, mine()) == ErrorCode::one_time_token_invalid);
    users.rows.at(id).user.epoch = 0;
    clock.advance(24h);
    BOOST_CHECK(confirm(token, mine()) == ErrorCode::one_time_token_invalid);
    clock.advance(-1us);
    BOOST_REQUIRE(!!register_account("ann@example.org", "faster"));
    BOOST_CHECK(confirm(token, mine()) == ErrorCode::email_taken);
}

BOOST_FIXTURE_TEST_CASE(the_former_mailbox_takes_a_change_back, ChangeFixture) {
    change_to("thief@example.org");
    const auto token = mailed(outbox::Template::email_changed);
    const auto thief = sign_in("thief@example.org", "correct horse");
    BOOST_REQUIRE(thief);
    // A thief who changes the password too does not get rid of it.
    BOOST_TEST(!!password_change.change(id, thief->session.id, typed("correct horse"), chosen("stolen goods"),
                                        origin));
    BOOST_TEST(!refusal(email_change.revert(token, origin)));
    BOOST_TEST(now().email == "ann@example.com");
    BOOST_TEST(!works(*thief));
    BOOST_TEST(!sign_in("ann@example.com", "stolen goods"));
    BOOST_TEST(!sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(!sign_in("ann@example.com", std::string{users::kNoPassword}));
    BOOST_CHECK(refusal(email_change.revert(token, origin)) == ErrorCode::one_time_token_invalid);
    BOOST_TEST(audit.count(audit::Action::email_reverted) == 1);
    BOOST_TEST(
        !!password_reset.reset(mailed(outbox::Template::reset_password), chosen("battery staple"), origin));
    BOOST_TEST(!!sign_in("ann@example.com", "battery staple"));
}

BOOST_FIXTURE_TEST_CASE(an_earlier_revert_voids_the_later_ones_and_not_the_other_way_round, ChangeFixture) {
    change_to("second@example.org");
    const auto to_first = mailed(outbox::Template::email_changed);
    change_to("third@example.org");
    const auto to_second = mailed(outbox::Template::email_changed, "second@example.org");
    // The owner of the second mailbox goes back to it. The first one keeps its right.
    BOOST_TEST(!refusal(email_change.revert(to_second, origin)));
    BOOST_TEST(now().email == "second@example.org");
    BOOST_TEST(!refusal(email_change.revert(to_first, origin)));
    BOOST_TEST(now().email == "ann@example.com");
}

BOOST_FIXTURE_TEST_CASE(a_later_revert_behind_an_earlier_one_is_refused, ChangeFixture) {
    change_to("second@example.org");
    const auto to_first = mailed(outbox::Template::email_changed);
    change_to("third@example.org");
    const auto to_second = mailed(outbox::Template::email_changed, "second@example.org");
    BOOST_TEST(!refusal(email_change.revert(to_first, origin)));
    BOOST_CHECK(refusal(email_change.revert(to_second, origin)) == ErrorCode::one_time_token_invalid);
    BOOST_TEST(now().email == "ann@example.com");
}

BOOST_FIXTURE_TEST_CASE(a_revert_lives_for_72_hours, ChangeFixture) {
    BOOST_REQUIRE(!ask("second@example.org"));
    BOOST_REQUIRE(!confirm(mailed(outbox::Template::change_email, "second@example.org"), mine()));
    const auto token = mailed(outbox::Template::email_changed);
    clock.advance(72h);
    BOOST_CHECK(refusal(email_change.revert(token, origin)) == ErrorCode::one_time_token_invalid);
    clock.advance(-1us);
    BOOST_TEST(!refusal(email_change.revert(token, origin)));
}

BOOST_FIXTURE_TEST_CASE(an_address_that_was_never_confirmed_has_no_right_to_revert, ChangeFixture) {
    users.rows.at(id).user.is_verified = false;
    change_to("second@example.org");
    BOOST_TEST(now().is_verified);
    BOOST_TEST(outbox.last(outbox::Template::email_changed, "ann@example.com") == nullptr);
    BOOST_TEST(!!register_account("ann@example.com", "true-ann"));
}

BOOST_FIXTURE_TEST_CASE(roles_that_were_meant_for_the_owner_of_an_address_stay_with_none_but_them,
                        ChangeFixture) {
    users.rows.at(id).user.is_verified = false;  // registered by a stranger, and given a role in good faith
    roles.give(id, {{.name = "admin", .priority = 100, .flags = {.can_manage_roles = true}},
                    {.name = "member", .is_default = true}});
    change_to("stranger@example.org");
    BOOST_TEST(now().is_verified);
    BOOST_TEST(roles::names_of(roles.held_by(id)) == std::vector<std::string>{"member"});
    BOOST_TEST(audit.count(audit::Action::roles_changed) == 1);

    // A user who had confirmed an address keeps what they have.
    roles.give(id, {{.name = "editor", .priority = 10}});
    users.rows.at(id).user.is_verified = false;
    users.rows.at(id).user.was_ever_verified = true;
    clock.advance(accounts::kEmailChangeInterval);
    change_to("moved@example.org");
    BOOST_TEST(roles.held_by(id).size() == 1U);
    BOOST_TEST(outbox.last(outbox::Template::email_changed, "stranger@example.org") != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
