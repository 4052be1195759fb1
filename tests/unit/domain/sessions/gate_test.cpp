#include "sessions/gate.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "json/object.h"
#include "unit/domain/sessions/session_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(gate)

BOOST_FIXTURE_TEST_CASE(a_silent_board_needs_no_database, SessionFixture) {
    sessions.is_away = true;
    const auto caller = gate.authenticate(token);
    BOOST_REQUIRE(caller);
    BOOST_CHECK(caller->holder.id == user.id);
    BOOST_TEST(caller->holder.username == "annie");
    BOOST_TEST(caller->holder.email == "ann@example.com");
    BOOST_TEST(caller->holder.is_verified);
    BOOST_CHECK(caller->session == admitted.session.id);
    BOOST_TEST(caller->roles.size() == 1U);
    BOOST_CHECK(activity.find(caller->session)->at == clock.now());
}

BOOST_FIXTURE_TEST_CASE(where_the_board_speaks_the_database_says_what_is_true, SessionFixture) {
    users.change_profile(user.id, {.username = *users::Username::parse("renamed"),
                                   .full_name = *users::FullName::parse("Ann Other")});
    roles.give(user.id, {{.name = "moderator", .flags = {.can_moderate = true}}});
    const auto caller = gate.authenticate(token);
    BOOST_REQUIRE(caller);
    BOOST_TEST(caller->holder.username == "renamed");
    BOOST_TEST(caller->holder.full_name == "Ann Other");
    BOOST_TEST(caller->roles == std::vector<std::string>{"moderator"});
    BOOST_TEST(caller->permissions == std::vector<std::string>{"can_moderate"});

    sessions.is_away = true;
    BOOST_CHECK_THROW(gate.authenticate(token), Unavailable);  // something is known against it
}

BOOST_FIXTURE_TEST_CASE(a_role_that_was_edited_sends_its_holders_to_the_database, SessionFixture) {
    roles.give(user.id, {{.name = "member", .flags = {.can_moderate = true}}});
    BOOST_TEST(gate.authenticate(token)->permissions.empty());
    recalls.post(recall::Recall::of_role("member"));
    BOOST_TEST(gate.authenticate(token)->permissions == std::vector<std::string>{"can_moderate"});
}

BOOST_FIXTURE_TEST_CASE(rights_that_have_no_room_in_a_token_are_looked_up, SessionFixture) {
    const auto custom = [](std::size_t count) {
        roles::Custom entries;
        for (std::size_t i = 0; i < count; ++i)
            entries.emplace("p" + std::to_string(100 + i) + std::string(13, 'x'), "true");
        return entries;
    };
    // ["member"] takes 11 bytes, [] 2, and each name of 17 characters 20: 50 of them fit exactly with 9 more.
    for (const std::size_t count : {50U, 51U}) {
        roles.give(user.id, {{.name = "member", .custom = custom(count)}});
        const auto fresh = sign_in("ann@example.com", "correct horse")->tokens.access;
        BOOST_TEST(tokens.read_access(fresh)->is_abridged == (count > 50));
        BOOST_TEST(tokens.read_access(fresh)->permissions.size() == (count > 50 ? 0U : count));
        BOOST_TEST(gate.authenticate(fresh)->permissions.size() == count);
        BOOST_TEST(gate.authenticate(fresh)->roles.size() == 1U);
        BOOST_TEST(fresh.size() < 4096U - 600U);  // with the longest name and address, and the cookie's own
        sessions.is_away = true;
        if (count > 50)
            BOOST_CHECK_THROW(gate.authenticate(fresh), Unavailable);
        else
            BOOST_TEST(!!gate.authenticate(fresh));
        sessions.is_away = false;
    }
}

BOOST_FIXTURE_TEST_CASE(a_stale_board_asks_and_only_without_an_answer_the_configuration_decides,
                        SessionFixture) {
    sessions::Gate strict{ports(), tokens, memory(), sessions::OnStale::refuse, log, unchecked};
    clock.advance(5s + 1ms);
    BOOST_TEST(!!gate.authenticate(token));
    BOOST_TEST(board.figures().trusted_while_stale == 0U);
    sessions.is_away = true;
    BOOST_TEST(!!gate.authenticate(token));
    BOOST_TEST(board.figures().trusted_while_stale == 1U);
    BOOST_CHECK_THROW(strict.authenticate(token), Unavailable);

    // What is known against a token counts, however stale.
    recalls.post(recall::Recall::of(admitted.session.id));
    BOOST_CHECK_THROW(gate.authenticate(token), Unavailable);
    sessions.is_away = false;
    BOOST_TEST(!!gate.authenticate(token));
}

BOOST_FIXTURE_TEST_CASE(a_board_that_was_never_filled_believes_nothing, SessionFixture) {
    recall::Board empty{64};
    sessions::Gate after_restart{ports(), tokens,   {empty, activity, presence}, sessions::OnStale::allow,
                                 log,     unchecked};
    BOOST_TEST(!!after_restart.authenticate(token));
    sessions.is_away = true;
    BOOST_CHECK_THROW(after_restart.authenticate(token), Unavailable);
}

BOOST_FIXTURE_TEST_CASE(an_ended_session_is_refused_on_the_very_next_request, SessionFixture) {
    BOOST_TEST(!!gate.authenticate(token));
    BOOST_REQUIRE(session_list.end(admitted.session.id, user.id, origin));
    BOOST_CHECK(refusal(gate) == ErrorCode::session_ended);
}

BOOST_FIXTURE_TEST_CASE(an_expired_token_goes_to_the_database, SessionFixture) {
    clock.advance(11min);
    board.fed(clock.uptime());
    BOOST_CHECK(refusal(gate) == ErrorCode::token_expired);
    BOOST_TEST(!!gate.authenticate(token, sessions::Expired::accepted));
    sessions.is_away = true;
    BOOST_CHECK_THROW(gate.authenticate(token, sessions::Expired::accepted), Unavailable);
}

BOOST_FIXTURE_TEST_CASE(a_site_token_is_taken_as_that_and_as_nothing_else, SessionFixture) {
    const auto site = tokens.issue_ticket(sessions::Ticket::site,
                                          {sessions::holder_of(user), admitted.roles, admitted.session}, 0);
    BOOST_CHECK(gate.authenticate_site(site)->holder.id == user.id);
    BOOST_CHECK(gate.authenticate(site).error().code == ErrorCode::invalid_token);
    BOOST_CHECK(gate.authenticate_site(token).error().code == ErrorCode::invalid_token);
    BOOST_TEST(!gate.check(site));
    BOOST_REQUIRE(session_list.end(admitted.session.id, user.id, origin));
    BOOST_CHECK(gate.authenticate_site(site).error().code == ErrorCode::session_ended);
}

BOOST_FIXTURE_TEST_CASE(a_renewed_token_says_what_is_true_now, SessionFixture) {
    const auto cookie = tokens.issue_ticket(sessions::Ticket::access,
                                            {sessions::holder_of(user), admitted.roles, admitted.session}, 0);
    const auto caller = gate.authenticate(cookie);
    BOOST_TEST(
        !gate.renew(*gate.authenticate(token), sessions::Ticket::access)->has_value());  // of no cookie
    users.change_profile(user.id, {.username = *users::Username::parse("renamed")});
    clock.advance(6min);
    const auto renewed = gate.renew(*caller, sessions::Ticket::access);
    BOOST_REQUIRE(renewed);
    BOOST_REQUIRE(renewed->has_value());
    const auto& fresh = *renewed;
    BOOST_TEST(tokens.read_access(*fresh)->holder.username == "renamed");
    BOOST_CHECK(tokens.read_access(*fresh)->issued_at ==
                std::chrono::floor<std::chrono::seconds>(clock.now()));
    BOOST_TEST(!!gate.authenticate_site(**gate.renew(*caller, sessions::Ticket::site)));
    // A copy from before the last refresh does not live on.
    BOOST_REQUIRE(refresh.refresh(admitted.tokens.refresh, "", origin));
    BOOST_TEST(!gate.renew(*caller, sessions::Ticket::access)->has_value());
    BOOST_REQUIRE(session_list.end(admitted.session.id, user.id, origin));
    BOOST_CHECK(gate.renew(*caller, sessions::Ticket::access).error().code == ErrorCode::session_ended);
}

BOOST_FIXTURE_TEST_CASE(a_full_activity_table_writes_through, SessionFixture) {
    for (int i = 0; i < 5000; ++i)  // for 128 places
        (void)activity.note({SessionId::make(clock.now(), random), 1, clock.now()});
    clock.advance(1s);
    BOOST_TEST(!!gate.authenticate(token));
    BOOST_TEST(!activity.find(admitted.session.id).has_value());
    BOOST_CHECK(sessions.rows.at(admitted.session.id).session.last_active_at == clock.now());
}

BOOST_AUTO_TEST_SUITE_END()
