#include "accounts/password_change.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "unit/domain/accounts/account_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(password_change)

BOOST_FIXTURE_TEST_CASE(the_callers_session_stays_and_all_others_end, AccountFixture) {
    const auto mine = signed_in();
    const auto other = signed_in("tablet");
    BOOST_TEST(!!password_change.change(id, mine.session.id, typed("correct horse"), chosen("battery staple"),
                                        origin));
    BOOST_TEST(works(mine));
    BOOST_TEST(!works(other));
    BOOST_TEST(!!refresh.refresh(mine.tokens.refresh, "", origin));
    BOOST_TEST(!sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(!!sign_in("ann@example.com", "battery staple"));
    BOOST_TEST(audit.count(audit::Action::password_changed) == 1);
    BOOST_TEST(outbox.last(outbox::Template::password_changed, "ann@example.com") != nullptr);
}

BOOST_FIXTURE_TEST_CASE(an_address_that_nobody_confirmed_is_told_of_nothing, AccountFixture) {
    users.rows.at(id).user.is_verified = false;
    BOOST_TEST(
        !!password_change.change(id, SessionId{}, typed("correct horse"), chosen("battery staple"), origin));
    BOOST_TEST(outbox.last(outbox::Template::password_changed, "ann@example.com") == nullptr);
}

BOOST_FIXTURE_TEST_CASE(a_wrong_or_resembling_password_changes_nothing, AccountFixture) {
    const auto mine = signed_in();
    const auto wrong =
        password_change.change(id, mine.session.id, typed("wrong horse"), chosen("battery staple"), origin);
    BOOST_CHECK(refusal(wrong) == ErrorCode::validation_failed);
    BOOST_TEST(wrong.error().fields.at(0).field == "current_password");
    BOOST_CHECK(wrong.error().fields.at(0).code == FieldCode::incorrect);
    const auto like =
        password_change.change(id, mine.session.id, typed("correct horse"), chosen("annie1234"), origin);
    BOOST_CHECK(refusal(like) == ErrorCode::validation_failed);
    BOOST_TEST(like.error().fields.at(0).field == "new_password");
    BOOST_TEST(works(mine));
    BOOST_TEST(users.rows.at(id).user.epoch == 0U);
    BOOST_TEST(!outbox.last(outbox::Template::password_changed, "ann@example.com"));
}

BOOST_FIXTURE_TEST_CASE(a_pending_reset_dies_with_the_change, AccountFixture) {
    ask_for_reset();
    const auto token = mailed(outbox::Template::reset_password);
    const auto mine = signed_in();
    BOOST_TEST(!!password_change.change(id, mine.session.id, typed("correct horse"), chosen("battery staple"),
                                        origin));
    BOOST_CHECK(refusal(password_reset.reset(token, chosen("somebody elses"), origin)) ==
                ErrorCode::one_time_token_invalid);
}

BOOST_AUTO_TEST_SUITE_END()
