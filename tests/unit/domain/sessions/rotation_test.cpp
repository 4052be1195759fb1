#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(rotation)

/// Ann, signed in on a client that keeps her tokens itself.
struct Client : fakes::World {
    explicit Client(sessions::Rotation chosen) : World{chosen} {}

    users::User user = ann();
    sessions::OpenedSession admitted = *sign_in("ann@example.com", "correct horse");
    std::string first = admitted.tokens.refresh;

    sessions::Bearer bearer(sessions::SessionMode mode) {
        return {holder, admitted.roles, admitted.session, mode};
    }
    sessions::TokenPair refreshed(const std::string& token) {
        auto next = refresh.refresh(token, "", origin);
        BOOST_REQUIRE_MESSAGE(next, "refused");
        return std::move(next->tokens);
    }
    /// The same by a client that uses its access token.
    std::string used(const std::string& token) {
        const auto pair = refreshed(token);
        BOOST_TEST(!!gate.authenticate(pair.access));
        return pair.refresh;
    }
    std::optional<ErrorCode> refusal(const std::string& token) {
        const auto next = refresh.refresh(token, "", origin);
        return next ? std::nullopt : std::optional{next.error().code};
    }
    sessions::Counter counter(const std::string& token) { return tokens.read_refresh(token)->counter; }
    sessions::Session& row() { return sessions.rows.at(admitted.session.id).session; }
    bool is_stolen() { return audit.count(audit::Action::token_reused) == 1; }

private:
    sessions::Holder holder = sessions::holder_of(user);
};
struct Compatible : Client {
    Compatible() : Client{sessions::Rotation::compatible} {}
};
struct Off : Client {
    Off() : Client{sessions::Rotation::off} {}
};

/// What becomes of a token of step `shown` when the session is at step `at`, whose access token was used.
/// "step": it is traded for the next pair, "keep": for the present one, "theft": the session ends.
BOOST_AUTO_TEST_CASE(each_mode_step_and_age_has_one_answer) {
    using sessions::Rotation;
    using sessions::SessionMode;
    const struct {
        const char* what;
        SessionMode mode;
        sessions::Counter shown, at;
        std::chrono::microseconds age;
        const char *on, *off, *compatible;
    } cases[] = {
        {"the first token, new", SessionMode::token, 0, 0, 0s, "step", "keep", "step"},
        {"the first token, 29 days old", SessionMode::token, 0, 0, 29 * 24h, "step", "keep", "step"},
        {"the first token again, in 10 s", SessionMode::token, 0, 1, 10s - 1us, "keep", "keep", "keep"},
        {"the first token again, after 10 s", SessionMode::token, 0, 1, 10s, "theft", "keep", "keep"},
        {"the first token again, 29 days later", SessionMode::token, 0, 1, 29 * 24h, "theft", "keep", "keep"},
        {"the second token", SessionMode::token, 1, 1, 1h, "step", "keep", "step"},
        {"the first token after the second", SessionMode::token, 0, 2, 0s, "theft", "theft", "theft"},
        {"the first token long after the second", SessionMode::token, 0, 2, 1h, "theft", "theft", "theft"},
        {"the second token again, in 10 s", SessionMode::token, 1, 2, 10s - 1us, "keep", "keep", "keep"},
        {"the second token again, after 10 s", SessionMode::token, 1, 2, 10s, "theft", "theft", "theft"},
        {"the seventh token", SessionMode::token, 6, 6, 1h, "step", "keep", "step"},
        {"the sixth token after it", SessionMode::token, 5, 6, 10s, "theft", "theft", "theft"},
        {"the first cookie, new", SessionMode::cookie, 0, 0, 0s, "step", "step", "step"},
        {"the first cookie again, in 10 s", SessionMode::cookie, 0, 1, 10s - 1us, "keep", "keep", "keep"},
        {"the first cookie again, after 10 s", SessionMode::cookie, 0, 1, 10s, "theft", "theft", "theft"},
        {"the second cookie", SessionMode::cookie, 1, 1, 1h, "step", "step", "step"},
    };
    for (const auto& c : cases)
        for (const auto& [rotation, expected] :
             {std::pair{Rotation::on, c.on}, {Rotation::off, c.off}, {Rotation::compatible, c.compatible}})
            BOOST_TEST_CONTEXT(c.what << ", mode " << static_cast<int>(rotation)) {
                Client client{rotation};
                const auto token = client.tokens.issue_refresh(client.bearer(c.mode), c.shown);
                client.row().counter = c.at;
                client.row().seen_counter = c.at;
                client.clock.advance(c.age);
                const auto answer = client.refresh.refresh(token, "", client.origin);
                const std::string got = !answer ? "theft" : answer->counter == c.at ? "keep" : "step";
                BOOST_TEST(got == expected);
                BOOST_TEST(client.is_stolen() == (got == "theft"));
                BOOST_TEST(client.row().counter == c.at + (got == "step" ? 1 : 0));
            }
}

BOOST_FIXTURE_TEST_CASE(client_that_keeps_its_first_token_stays_signed_in, Compatible) {
    for (int day = 0; day < 80; day += 20) {
        clock.advance(20 * 24h);
        const auto next = refreshed(first);
        BOOST_TEST(!!gate.authenticate(next.access));
        BOOST_TEST(!!gate.check(first));
    }
    clock.advance(10 * 24h);
    BOOST_CHECK(refusal(first) == ErrorCode::token_expired);  // the session's absolute end
}

BOOST_FIXTURE_TEST_CASE(kept_token_that_rests_too_long_ends_the_session, Compatible) {
    refreshed(first);
    clock.advance(kIdle);
    BOOST_CHECK(refusal(first) == ErrorCode::session_ended);
    BOOST_TEST(!is_stolen());
}

BOOST_FIXTURE_TEST_CASE(answer_to_a_kept_token_makes_a_rotating_client, Compatible) {
    refreshed(first);
    clock.advance(1h);
    const auto second = used(first);
    BOOST_TEST(counter(second) == 1U);
    const auto third = used(second);
    BOOST_TEST(counter(third) == 2U);
    clock.advance(1h);
    BOOST_TEST(counter(used(third)) == 3U);
}

BOOST_FIXTURE_TEST_CASE(newer_token_makes_the_first_one_stolen, Compatible) {
    const auto second = used(first);
    const auto third = used(second);
    BOOST_CHECK(refusal(first) == ErrorCode::session_ended);
    BOOST_TEST(is_stolen());
    BOOST_CHECK(refusal(third) == ErrorCode::session_ended);
    BOOST_TEST(!gate.check(first));
}

BOOST_FIXTURE_TEST_CASE(thief_who_rotates_is_found_by_the_kept_token, Compatible) {
    refreshed(first);
    clock.advance(1h);
    used(used(first));  // the thief
    clock.advance(1h);
    BOOST_CHECK(refusal(first) == ErrorCode::session_ended);
    BOOST_TEST(is_stolen());
}

BOOST_FIXTURE_TEST_CASE(thief_of_a_kept_token_is_not_found, Compatible) {
    const auto mine = used(first);
    clock.advance(1h);
    const auto thiefs = used(first);
    BOOST_TEST(counter(mine) == counter(thiefs));
    BOOST_TEST(!is_stolen());
    sign_out.sign_out(user.id, admitted.session.id, sessions::Scope::this_one, origin);
    BOOST_CHECK(refusal(first) == ErrorCode::session_ended);  // for the thief, too
}

BOOST_FIXTURE_TEST_CASE(lost_answer_of_a_rotating_client_is_given_again, Compatible) {
    const auto second = used(first);
    refreshed(second);  // lost
    clock.advance(20 * 24h);
    BOOST_TEST(counter(refreshed(second).refresh) == 2U);
}

BOOST_FIXTURE_TEST_CASE(kept_token_meets_a_row_that_has_moved_on, Compatible) {
    refreshed(first);
    // find_for_refresh() reads step 1 and touch() finds step 2, as on a node whose rows lag.
    sessions.held_by = [this](UserId id) {
        row().counter = 2;
        return roles.held_by(id);
    };
    BOOST_CHECK(refusal(first) == ErrorCode::session_ended);
    BOOST_TEST(is_stolen());
}

BOOST_FIXTURE_TEST_CASE(kept_token_of_a_session_that_ended_is_refused, Compatible) {
    refreshed(first);
    users.raise_epoch(user.id);
    BOOST_CHECK(refusal(first) == ErrorCode::session_ended);
    BOOST_TEST(!is_stolen());
}

BOOST_FIXTURE_TEST_CASE(kept_token_survives_a_ban_that_has_ended, Compatible) {
    refreshed(first);
    users.rows.at(user.id).user.ban = users::Ban{clock.now() + 1h, "spam"};
    BOOST_CHECK(refusal(first) == ErrorCode::session_ended);
    clock.advance(1h);
    BOOST_TEST(counter(refreshed(first).refresh) == 1U);
}

BOOST_FIXTURE_TEST_CASE(kept_token_is_good_for_a_service_too, Compatible) {
    refreshed(first);
    clock.advance(1h);
    const auto outside = refresh.refresh(first, "billing", origin);
    BOOST_REQUIRE(outside);
    BOOST_TEST(!!tokens.read_outside(outside->tokens.access));
}

BOOST_FIXTURE_TEST_CASE(session_in_cookie_mode_keeps_no_token, Compatible) {
    const auto cookie = tokens.issue_refresh(bearer(sessions::SessionMode::cookie), 0);
    const auto next = used(cookie);
    BOOST_CHECK(tokens.read_refresh(next)->mode == sessions::SessionMode::cookie);
    clock.advance(10s);
    BOOST_CHECK(refusal(cookie) == ErrorCode::session_ended);
    BOOST_TEST(is_stolen());
}

BOOST_FIXTURE_TEST_CASE(without_rotation_the_same_token_comes_back, Off) {
    for (int day = 0; day < 80; day += 20) {
        clock.advance(20 * 24h);
        const auto next = refreshed(first);
        BOOST_TEST(next.refresh == first);
        BOOST_TEST(!!gate.authenticate(next.access));
    }
    BOOST_TEST(row().counter == 0U);
}

BOOST_FIXTURE_TEST_CASE(without_rotation_an_end_is_still_an_end, Off) {
    refreshed(first);
    sign_out.sign_out(user.id, admitted.session.id, sessions::Scope::this_one, origin);
    BOOST_CHECK(refusal(first) == ErrorCode::session_ended);
}

BOOST_FIXTURE_TEST_CASE(answer_lost_before_rotation_went_off_is_given_again, Off) {
    const auto fourth = tokens.issue_refresh(bearer(sessions::SessionMode::token), 3);
    row().counter = 4;
    clock.advance(1h);
    const auto next = refreshed(fourth).refresh;
    BOOST_TEST(counter(next) == 4U);
    BOOST_TEST(refreshed(next).refresh == next);
}

BOOST_FIXTURE_TEST_CASE(without_rotation_a_ban_that_has_ended_takes_no_step, Off) {
    users.rows.at(user.id).user.ban = users::Ban{clock.now() + 1h, "spam"};
    clock.advance(1h);
    BOOST_TEST(refreshed(first).refresh == first);
    BOOST_TEST(row().counter == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
