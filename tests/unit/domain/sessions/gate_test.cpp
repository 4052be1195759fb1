#include "sessions/gate.h"

#include <boost/test/unit_test.hpp>

#include "crypto/jws.h"
#include "fakes/world.h"
#include "json/object.h"

using namespace csauth;
using namespace std::chrono_literals;

namespace {

struct Fixture : fakes::World {
    users::User user = ann();
    sessions::OpenedSession admitted = *sign_in("ann@example.com", "correct horse");
    const std::string& token = admitted.tokens.access;

    Fixture() {
        // Of registering and signing in nothing is left that would concern the token.
        clock.advance(5min);
        board.fed(clock.uptime());
        admitted = *sign_in("ann@example.com", "correct horse");
    }
    std::optional<ErrorCode> refusal(sessions::Gate& by) {
        const auto caller = by.authenticate(token);
        return caller ? std::nullopt : std::optional{caller.error().code};
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(gate_suite)

BOOST_FIXTURE_TEST_CASE(a_silent_board_needs_no_database, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(where_the_board_speaks_the_database_says_what_is_true, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(a_role_that_was_edited_sends_its_holders_to_the_database, Fixture) {
    roles.give(user.id, {{.name = "member", .flags = {.can_moderate = true}}});
    BOOST_TEST(gate.authenticate(token)->permissions.empty());
    recalls.post(recall::Recall::of_role("member"));
    BOOST_TEST(gate.authenticate(token)->permissions == std::vector<std::string>{"can_moderate"});
}

BOOST_FIXTURE_TEST_CASE(rights_that_have_no_room_in_a_token_are_looked_up, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(a_stale_board_asks_and_only_without_an_answer_the_configuration_decides, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(a_board_that_was_never_filled_believes_nothing, Fixture) {
    recall::Board empty{64};
    sessions::Gate after_restart{ports(), tokens,   {empty, activity, presence}, sessions::OnStale::allow,
                                 log,     unchecked};
    BOOST_TEST(!!after_restart.authenticate(token));
    sessions.is_away = true;
    BOOST_CHECK_THROW(after_restart.authenticate(token), Unavailable);
}

BOOST_FIXTURE_TEST_CASE(an_ended_session_is_refused_on_the_very_next_request, Fixture) {
    BOOST_TEST(!!gate.authenticate(token));
    BOOST_REQUIRE(session_list.end(admitted.session.id, user.id, origin));
    BOOST_CHECK(refusal(gate) == ErrorCode::session_ended);
}

BOOST_FIXTURE_TEST_CASE(an_expired_token_goes_to_the_database, Fixture) {
    clock.advance(11min);
    board.fed(clock.uptime());
    BOOST_CHECK(refusal(gate) == ErrorCode::token_expired);
    BOOST_TEST(!!gate.authenticate(token, sessions::Expired::accepted));
    sessions.is_away = true;
    BOOST_CHECK_THROW(gate.authenticate(token, sessions::Expired::accepted), Unavailable);
}

BOOST_FIXTURE_TEST_CASE(a_site_token_is_taken_as_that_and_as_nothing_else, Fixture) {
    const auto site = tokens.issue_ticket(sessions::Ticket::site,
                                          {sessions::holder_of(user), admitted.roles, admitted.session}, 0);
    BOOST_CHECK(gate.authenticate_site(site)->holder.id == user.id);
    BOOST_CHECK(gate.authenticate(site).error().code == ErrorCode::invalid_token);
    BOOST_CHECK(gate.authenticate_site(token).error().code == ErrorCode::invalid_token);
    BOOST_TEST(!gate.check(site));
    BOOST_REQUIRE(session_list.end(admitted.session.id, user.id, origin));
    BOOST_CHECK(gate.authenticate_site(site).error().code == ErrorCode::session_ended);
}

BOOST_FIXTURE_TEST_CASE(a_renewed_token_says_what_is_true_now, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(a_full_activity_table_writes_through, Fixture) {
    for (int i = 0; i < 5000; ++i)  // for 128 places
        (void)activity.note({SessionId::make(clock.now(), random), 1, clock.now()});
    clock.advance(1s);
    BOOST_TEST(!!gate.authenticate(token));
    BOOST_TEST(!activity.find(admitted.session.id).has_value());
    BOOST_CHECK(sessions.rows.at(admitted.session.id).session.last_active_at == clock.now());
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(refresh_modes)

BOOST_FIXTURE_TEST_CASE(what_only_memory_has_seen_confirms_too, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(strictly_a_token_is_answered_once, Fixture) {
    sessions::Refresh strict{ports(), tokens, activity, {.parents = sessions::ParentTokens::refused}};
    BOOST_TEST(!!strict.refresh(admitted.tokens.refresh, "", origin));
    BOOST_CHECK(strict.refresh(admitted.tokens.refresh, "", origin).error().code == ErrorCode::session_ended);
    BOOST_TEST(audit.count(audit::Action::token_reused) == 1);
}

BOOST_FIXTURE_TEST_CASE(a_token_for_an_outside_audience_is_for_nobody_else, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(unverified_account_gets_no_token_for_a_service, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(no_token_outlives_its_session, Fixture) {
    auto session = admitted.session;
    session.expires_at = clock.now() + 60s;
    const auto holder = sessions::holder_of(user);
    const auto pair = tokens.issue_pair({holder, admitted.roles, session}, 0);
    clock.advance(60s);
    BOOST_CHECK(tokens.read_access(pair.access).error().code == ErrorCode::token_expired);
    BOOST_CHECK(tokens.read_refresh(pair.refresh).error().code == ErrorCode::token_expired);
}

BOOST_FIXTURE_TEST_CASE(a_clock_that_is_set_back_throws_nobody_out_and_forgives_no_theft, Fixture) {
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

BOOST_FIXTURE_TEST_CASE(signing_in_again_on_a_device_ends_what_was_there, Fixture) {
    const auto key = device_keys.issue({admitted.session.device.id, user.id});
    const auto again = sign_in("ann@example.com", "correct horse", {.key = key});
    BOOST_REQUIRE(again);
    BOOST_CHECK(refusal(gate) == ErrorCode::session_ended);
    BOOST_TEST(!!gate.authenticate(again->tokens.access));
}

BOOST_FIXTURE_TEST_CASE(of_devices_without_a_session_the_last_hundred_are_known, Fixture) {
    for (int i = 0; i < 200; ++i) {
        clock.advance(1s);
        BOOST_REQUIRE(sign_in("ann@example.com", "correct horse"));
    }
    BOOST_TEST(devices.page_of(user.id, {}, 1000).size() ==
               sessions::kMostIdleDevices + sessions::kMostSessions);
}

BOOST_FIXTURE_TEST_CASE(a_token_that_says_it_lives_long_does_not, Fixture) {
    const sessions::Tokens generous{{.issuer = "csauth", .audience = "csauth", .access_lifetime = 10h},
                                    {access_keys, refresh_keys, site_keys, audiences},
                                    clock,
                                    random};
    const auto holder = sessions::holder_of(user);
    const auto long_lived = generous.issue_pair({holder, admitted.roles, admitted.session}, 0).access;
    BOOST_TEST(!!tokens.read_access(long_lived));
    clock.advance(10min);
    BOOST_TEST(!!generous.read_access(long_lived));
    BOOST_CHECK(tokens.read_access(long_lived).error().code == ErrorCode::token_expired);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(own_lists)

BOOST_FIXTURE_TEST_CASE(people_see_and_end_their_own_sessions_and_no_others, Fixture) {
    const auto bob = register_account("bob@example.com", "bobby");
    BOOST_TEST(session_list.of(user.id).size() == 3U);
    const auto code = [&](const Result<void>& result) {
        return result ? std::nullopt : std::optional{result.error().code};
    };
    BOOST_CHECK(code(session_list.end(bob->session.id, user.id, origin)) == ErrorCode::not_found);
    BOOST_CHECK(code(session_list.end(admitted.session.id, user.id, origin)) == std::nullopt);
    BOOST_CHECK(code(session_list.end(admitted.session.id, user.id, origin)) == ErrorCode::not_found);
    BOOST_TEST(session_list.of(user.id).size() == 2U);
    BOOST_TEST(audit.count(audit::Action::logout) == 1);
    // The last use is what memory knows.
    const auto oldest = session_list.of(user.id).back().id;
    activity.note({oldest, 0, clock.now() + 1s});
    BOOST_CHECK(session_list.of(user.id).front().id == oldest);
}

BOOST_FIXTURE_TEST_CASE(a_device_key_proves_a_device_to_its_user_alone, Fixture) {
    const auto key = device_keys.issue({admitted.session.device.id, user.id});
    const auto letters = outbox.letters.size();
    const auto again = sign_in("ann@example.com", "correct horse", {.key = key});
    BOOST_CHECK(again->session.device.id == admitted.session.device.id);
    BOOST_TEST(outbox.letters.size() == letters);

    BOOST_REQUIRE(register_account("bob@example.com", "bobby"));
    for (auto& [id, row] : users.rows)
        row.user.is_verified = true;
    BOOST_CHECK(sign_in("bob@example.com", "correct horse", {.key = key})->session.device.id !=
                admitted.session.device.id);
    BOOST_CHECK(sign_in("ann@example.com", "correct horse", {.key = "nonsense"})->session.device.id !=
                admitted.session.device.id);
    BOOST_CHECK(
        sign_in("ann@example.com", "correct horse", {.key = admitted.tokens.refresh})->session.device.id !=
        admitted.session.device.id);
    BOOST_TEST(!!device_list.remove(admitted.session.device.id, user.id, origin));
    BOOST_CHECK(sign_in("ann@example.com", "correct horse", {.key = key})->session.device.id !=
                admitted.session.device.id);
}

BOOST_FIXTURE_TEST_CASE(strangers_guesses_do_not_delay_a_known_device, Fixture) {
    const auto key = device_keys.issue({admitted.session.device.id, user.id});
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(!sign_in("ann@example.com", "wrong horse"));
    const auto code = [&](std::string_view password, const std::string& with) {
        const auto result = sign_in("ann@example.com", password, {.key = with});
        return result ? std::nullopt : std::optional{result.error().code};
    };
    BOOST_CHECK(code("correct horse", "") == ErrorCode::too_many_requests);
    BOOST_CHECK(code("correct horse", key) == std::nullopt);
    // Its own guesses do.
    for (int i = 0; i < 5; ++i)
        BOOST_CHECK(code("wrong horse", key) == ErrorCode::invalid_credentials);
    BOOST_CHECK(code("correct horse", key) == ErrorCode::too_many_requests);
    // And strangers' keep nobody from changing what is theirs.
    BOOST_TEST(
        !!authentication.check_password_of_caller(user.id, *users::Password::parse("correct horse"), origin));
}

BOOST_FIXTURE_TEST_CASE(a_removed_device_takes_its_sessions_along, Fixture) {
    const auto bob = register_account("bob@example.com", "bobby");
    BOOST_CHECK(device_list.remove(bob->session.device.id, user.id, origin).error().code ==
                ErrorCode::not_found);
    BOOST_CHECK(device_list.change(bob->session.device.id, user.id, {}).error().code == ErrorCode::not_found);
    BOOST_TEST(!!gate.authenticate(token));
    BOOST_TEST(!!device_list.remove(admitted.session.device.id, user.id, origin));
    BOOST_CHECK(refusal(gate) == ErrorCode::session_ended);
    BOOST_TEST(!refresh.refresh(admitted.tokens.refresh, "", origin));
    BOOST_CHECK(device_list.device_of(admitted.session.id).error().code == ErrorCode::session_ended);
}

BOOST_AUTO_TEST_SUITE_END()
