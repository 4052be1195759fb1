#include "sessions/refresh.h"

#include <boost/test/unit_test.hpp>

#include "crypto/jws.h"
#include "fakes/world.h"
#include "json/object.h"
#include "sessions/gate.h"
#include "unit/domain/sessions/session_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(refresh)

BOOST_FIXTURE_TEST_CASE(what_only_memory_has_seen_confirms_too, SessionFixture) {
    const auto second = refresh.refresh(admitted.tokens.refresh, "", origin);
    BOOST_REQUIRE(second);
    clock.advance(10s);
    BOOST_TEST(!!refresh.refresh(admitted.tokens.refresh, "", origin));  // nobody has used the second
    board.fed(clock.uptime());
    BOOST_TEST(!!gate.authenticate(second->tokens.access));
    BOOST_TEST(sessions.rows.at(admitted.session.id).session.seen_counter == 0U);  // not written yet
    clock.advance(10s);
    BOOST_TEST(!refresh.refresh(admitted.tokens.refresh, "", origin));
    BOOST_TEST(audit.count(audit::Action::token_reused) == 1);
}

BOOST_FIXTURE_TEST_CASE(strictly_a_token_is_answered_once, SessionFixture) {
    sessions::Refresh strict{ports(), tokens, activity, {.parents = sessions::ParentTokens::refused}};
    BOOST_TEST(!!strict.refresh(admitted.tokens.refresh, "", origin));
    BOOST_CHECK(strict.refresh(admitted.tokens.refresh, "", origin).error().code == ErrorCode::session_ended);
    BOOST_TEST(audit.count(audit::Action::token_reused) == 1);
}

BOOST_FIXTURE_TEST_CASE(a_token_for_an_outside_audience_is_for_nobody_else, SessionFixture) {
    BOOST_TEST(tokens.has_audience("billing"));
    BOOST_TEST(!tokens.has_audience("csauth"));
    BOOST_TEST(!tokens.has_audience(""));
    const auto outside = refresh.refresh(admitted.tokens.refresh, "billing", origin);
    BOOST_REQUIRE(outside);
    BOOST_CHECK(gate.authenticate(outside->tokens.access).error().code == ErrorCode::invalid_token);
    BOOST_CHECK(gate.authenticate_site(outside->tokens.access).error().code == ErrorCode::invalid_token);
    const auto verified = crypto::verify_jws(outside->tokens.access, *audiences.find("billing"));
    BOOST_REQUIRE(verified);
    const auto claims = json::Object::parse(verified->payload, {.bytes = 4096});
    BOOST_TEST(claims->string("aud").value() == "billing");
    BOOST_TEST(claims->string("sub").value() == user.id.text());
    BOOST_TEST(!!gate.check(outside->tokens.access));  // its service may ask
    BOOST_TEST(!!refresh.refresh(outside->tokens.refresh, "", origin));
    BOOST_REQUIRE(session_list.end(admitted.session.id, user.id, origin));
    BOOST_TEST(!gate.check(outside->tokens.access));
}

BOOST_FIXTURE_TEST_CASE(unverified_account_gets_no_token_for_a_service, SessionFixture) {
    users.rows.at(user.id).user.is_verified = false;
    const auto refused = refresh.refresh(admitted.tokens.refresh, "billing", origin);
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.error().code == ErrorCode::email_unverified);
    // The refusal has cost nothing: the same token still makes the first step.
    const auto own = refresh.refresh(admitted.tokens.refresh, "", origin);
    BOOST_REQUIRE(!!own);
    BOOST_TEST(own->counter == 1U);
    // A service that is configured for it gets such accounts, too.
    const auto allowed = refresh.refresh(own->tokens.refresh, "newsletter", origin);
    BOOST_REQUIRE(!!allowed);
    users.rows.at(user.id).user.is_verified = true;
    BOOST_TEST(!!refresh.refresh(allowed->tokens.refresh, "billing", origin));
}

BOOST_FIXTURE_TEST_CASE(a_clock_that_is_set_back_throws_nobody_out_and_forgives_no_theft, SessionFixture) {
    clock.advance(1h);
    const auto second = refresh.refresh(admitted.tokens.refresh, "", origin);
    board.fed(clock.uptime());
    BOOST_REQUIRE(gate.authenticate(second->tokens.access));
    clock.advance(-1h);
    const auto stolen = refresh.refresh(admitted.tokens.refresh, "", origin);
    BOOST_TEST(!stolen);  // its step is no matter of the last 10 s
    const auto other = sign_in("ann@example.com", "correct horse");
    clock.advance(-1h);
    BOOST_TEST(!!refresh.refresh(other->tokens.refresh, "", origin));
}

struct Fixture : fakes::World {
    users::User user = ann();
    sessions::TokenPair first = sign_in("ann@example.com", "correct horse")->tokens;

    sessions::TokenPair refreshed(const sessions::TokenPair& pair) {
        auto next = refresh.refresh(pair.refresh, "", origin);
        BOOST_REQUIRE(next);
        return std::move(next->tokens);
    }
    std::optional<ErrorCode> refusal(const sessions::TokenPair& pair) {
        const auto next = refresh.refresh(pair.refresh, "", origin);
        return next ? std::nullopt : std::optional{next.error().code};
    }
    sessions::Counter counter(const sessions::TokenPair& pair) {
        return tokens.read_refresh(pair.refresh)->counter;
    }
};

BOOST_FIXTURE_TEST_CASE(each_refresh_steps_on, Fixture) {
    const auto second = refreshed(first);
    BOOST_TEST(counter(second) == 1U);
    BOOST_TEST(!!gate.authenticate(second.access));
    BOOST_TEST(counter(refreshed(second)) == 2U);
}

BOOST_FIXTURE_TEST_CASE(racing_tabs_get_the_same_step, Fixture) {
    const auto second = refreshed(first);
    BOOST_TEST(!!gate.authenticate(second.access));  // it is confirmed
    clock.advance(10s - 1us);
    BOOST_TEST(counter(refreshed(first)) == 1U);
    BOOST_TEST(counter(refreshed(first)) == 1U);
    BOOST_TEST(outbox.letters.size() == 1U);  // the verification mail of registering
}

BOOST_FIXTURE_TEST_CASE(a_lost_answer_may_be_asked_for_again_however_late, Fixture) {
    refreshed(first);
    clock.advance(20 * 24h);
    BOOST_TEST(counter(refreshed(first)) == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_copied_token_ends_the_session_and_its_owner_is_told, Fixture) {
    const auto second = refreshed(first);
    BOOST_TEST(!!gate.authenticate(second.access));
    clock.advance(10s);
    BOOST_CHECK(refusal(first) == ErrorCode::session_ended);
    BOOST_CHECK(refusal(second) == ErrorCode::session_ended);
    BOOST_CHECK(gate.authenticate(second.access).error().code == ErrorCode::session_ended);
    BOOST_TEST(audit.count(audit::Action::token_reused) == 1);
    BOOST_REQUIRE(outbox.letters.size() == 2);
    BOOST_CHECK(outbox.letters.back().which == outbox::Template::session_ended);
    BOOST_CHECK(refusal(first) == ErrorCode::session_ended);
    BOOST_TEST(outbox.letters.size() == 2U);  // once is enough
}

BOOST_FIXTURE_TEST_CASE(a_token_two_steps_behind_is_theft_at_any_time, Fixture) {
    const auto second = refreshed(first);
    refreshed(second);
    BOOST_CHECK(refusal(first) == ErrorCode::session_ended);
    BOOST_TEST(audit.count(audit::Action::token_reused) == 1);
}

BOOST_FIXTURE_TEST_CASE(a_token_ahead_of_the_row_raises_no_alarm, Fixture) {
    const auto session = tokens.read_refresh(first.refresh)->session;
    const auto second = refreshed(first);
    sessions.rows.at(session).session.counter = 0;  // as a replica that lags would have it
    sessions.rows.at(session).session.epoch = 7;    // and the step can't be taken
    BOOST_CHECK(refusal(second) == ErrorCode::session_ended);
    BOOST_TEST(audit.count(audit::Action::token_reused) == 0);
}

BOOST_FIXTURE_TEST_CASE(a_token_ahead_of_a_live_row_does_the_session_no_harm, Fixture) {
    const auto session = tokens.read_refresh(first.refresh)->session;
    const auto third = refreshed(refreshed(first));
    sessions.rows.at(session).session.counter = 0;
    BOOST_CHECK(refusal(third) == ErrorCode::invalid_token);
    sessions.rows.at(session).session.counter = 2;
    BOOST_CHECK(refusal(third) == std::nullopt);
}

BOOST_FIXTURE_TEST_CASE(nothing_refreshes_an_ended_session, Fixture) {
    const auto caller = gate.authenticate(first.access);
    sign_out.sign_out(caller->holder.id, caller->session, sessions::Scope::this_one, origin);
    BOOST_CHECK(refusal(first) == ErrorCode::session_ended);
    const auto other = sign_in("ann@example.com", "correct horse")->tokens;
    users.rows.at(user.id).user.ban = users::Ban{};
    BOOST_CHECK(refusal(other) == ErrorCode::session_ended);
}

BOOST_FIXTURE_TEST_CASE(no_refresh_passes_the_absolute_end, Fixture) {
    auto pair = first;
    for (int day = 0; day < 80; day += 20) {
        clock.advance(20 * 24h);
        pair = refreshed(pair);
    }
    clock.advance(10 * 24h);
    BOOST_CHECK(refusal(pair) == ErrorCode::token_expired);
}

BOOST_AUTO_TEST_SUITE_END()
