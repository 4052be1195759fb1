#include "accounts/deletion.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "unit/domain/accounts/account_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(deletion)

BOOST_FIXTURE_TEST_CASE(an_account_ends_with_all_that_belongs_to_it, AccountFixture) {
    const auto session = signed_in();
    const auto wrong = deletion.delete_account(id, typed("wrong horse"), origin);
    BOOST_CHECK(refusal(wrong) == ErrorCode::validation_failed);
    BOOST_TEST(works(session));
    mail_requests.add(outbox::RequestKind::verify_email, "ann@example.com", clock.now(), "");

    BOOST_TEST(!!deletion.delete_account(id, typed("correct horse"), origin));
    BOOST_TEST(!works(session));
    BOOST_TEST(!refresh.refresh(session.tokens.refresh, "", origin));
    BOOST_TEST(!sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(users.rows.empty());
    BOOST_TEST(mail_requests.open(10).empty());
    BOOST_REQUIRE(outbox.letters.size() == 1);
    BOOST_CHECK(outbox.letters[0].which == outbox::Template::account_deleted);
    BOOST_TEST(audit.count(audit::Action::user_deleted) == 1);
    BOOST_TEST(audit.erased.contains(id));
    // The name is nobody's for good; the address may come back with its owner.
    clock.advance(24h * 3650);
    BOOST_CHECK(register_account("new@example.com", "annie").error().code == ErrorCode::username_taken);
    BOOST_TEST(!!register_account("ann@example.com", "ann-again"));
}

BOOST_FIXTURE_TEST_CASE(a_thief_can_not_delete_what_the_former_mailbox_may_take_back, AccountFixture) {
    BOOST_REQUIRE(!!email_change.request(id, *users::Email::parse("thief@example.org"),
                                         typed("correct horse"), origin));
    BOOST_REQUIRE(!!email_change.confirm(mailed(outbox::Template::change_email, "thief@example.org"),
                                         {.caller = id, .password = {}}, origin));
    const auto refused = deletion.delete_account(id, typed("correct horse"), origin);
    BOOST_CHECK(refusal(refused) == ErrorCode::too_many_requests);
    BOOST_CHECK(refused.error().retry_after == 72h);
    clock.advance(72h);
    BOOST_TEST(!!deletion.delete_account(id, typed("correct horse"), origin));
    BOOST_TEST(!!register_account("ann@example.com", "ann-again"));
}

BOOST_FIXTURE_TEST_CASE(an_account_that_nobody_confirmed_leaves_nothing_taken, AccountFixture) {
    const auto squatter = register_account("victim@example.com", "squatted")->user.id;
    outbox.letters.clear();
    BOOST_TEST(!!deletion.delete_account(squatter, typed("correct horse"), origin));
    BOOST_TEST(outbox.letters.empty());
    BOOST_TEST(!!register_account("victim@example.com", "squatted"));
}

BOOST_FIXTURE_TEST_CASE(an_address_that_nobody_confirmed_gets_five_mails_a_day, AccountFixture) {
    const auto count = [&] {
        return std::count_if(outbox.letters.begin(), outbox.letters.end(),
                             [](const auto& letter) { return letter.recipient == "victim@example.com"; });
    };
    long before = 0;
    for (int round = 0; round < 8; ++round) {
        const auto squatter = register_account("victim@example.com", "squatter")->user.id;
        before += count();
        BOOST_TEST(!!deletion.delete_account(squatter, typed("correct horse"), origin));
        outbox.letters.clear();
    }
    BOOST_TEST(before == 5);
    // Neither do changes of address get around that, however many accounts ask.
    for (int account = 0; account < 8; ++account) {
        const auto name = "changer-" + std::to_string(account);
        const auto changer = register_account(name + "@example.com", name)->user.id;
        BOOST_TEST(!!email_change.request(changer, *users::Email::parse("victim@example.com"),
                                          typed("correct horse"), origin));
    }
    BOOST_TEST(count() == 5);
    clock.advance(24h);
    BOOST_TEST(!!register_account("victim@example.com", "squatter"));
    BOOST_TEST(count() == 6);
}

BOOST_FIXTURE_TEST_CASE(who_does_not_confirm_within_seven_days_is_gone, AccountFixture) {
    const auto late = register_account("late@example.com", "latecomer")->user.id;
    clock.advance(7 * 24h);
    BOOST_TEST(accounts::delete_unverified(users, erasure, transactions, 10, clock.now()) == 0U);
    clock.advance(1us);
    BOOST_TEST(accounts::delete_unverified(users, erasure, transactions, 10, clock.now()) == 1U);
    BOOST_TEST(!users.rows.contains(late));
    BOOST_TEST(users.rows.contains(id));
    BOOST_TEST(!!register_account("late@example.com", "latecomer"));
}

BOOST_AUTO_TEST_SUITE_END()
