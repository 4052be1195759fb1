#include <boost/test/unit_test.hpp>

#include "crypto/jws.h"
#include "fakes/world.h"
#include "json/object.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(authentication)

struct Fixture : fakes::World {};

BOOST_FIXTURE_TEST_CASE(the_right_password_opens_a_session, Fixture) {
    const auto ann = this->ann();
    const auto admitted = sign_in("ANN@example.com", "correct horse");
    BOOST_REQUIRE(admitted);
    BOOST_CHECK(admitted->user.id == ann.id);
    BOOST_TEST(admitted->user.is_online);
    BOOST_TEST(admitted->session.ip == "192.0.2.1");
    BOOST_CHECK(gate.authenticate(admitted->tokens.access)->holder.id == ann.id);
    BOOST_TEST(audit.count(audit::Action::login_succeeded) == 2);  // registering is one too
}

BOOST_FIXTURE_TEST_CASE(every_refusal_is_the_same_error, Fixture) {
    ann();
    const auto before = sessions.rows.size();
    const struct {
        const char *why, *email, *password;
    } cases[] = {{"wrong password", "ann@example.com", "wrong horse"},
                 {"unknown address", "nobody@example.com", "correct horse"}};
    for (const auto& c : cases)
        BOOST_TEST_CONTEXT(c.why) {
            const auto refused = sign_in(c.email, c.password);
            BOOST_REQUIRE(!refused);
            BOOST_CHECK(refused.error().code == ErrorCode::invalid_credentials);
            BOOST_TEST(refused.error().detail.empty());
        }
    BOOST_TEST(sessions.rows.size() == before);
    BOOST_TEST(audit.count(audit::Action::login_failed) == 2);
}

BOOST_FIXTURE_TEST_CASE(a_username_signs_in_too, Fixture) {
    ann();
    const auto admitted =
        authentication.sign_in(std::string{"ANNIE"}, *users::Password::parse("correct horse"), {}, origin);
    BOOST_TEST(!!admitted);
    const auto unknown =
        authentication.sign_in(std::string{"\xff"}, *users::Password::parse("correct horse"), {}, origin);
    BOOST_REQUIRE(!unknown);
    BOOST_CHECK(unknown.error().code == ErrorCode::invalid_credentials);
}

BOOST_FIXTURE_TEST_CASE(a_ban_or_an_unconfirmed_address_shows_only_to_the_right_password, Fixture) {
    const auto id = ann().id;
    const auto code = [&](const char* password) { return sign_in("ann@example.com", password).error().code; };
    users.rows.at(id).user.is_verified = false;
    BOOST_CHECK(code("wrong horse") == ErrorCode::invalid_credentials);
    BOOST_CHECK(code("correct horse") == ErrorCode::email_unverified);
    users.rows.at(id).user.is_verified = true;
    users.rows.at(id).user.ban = users::Ban{clock.now() + 1h, "spam"};
    BOOST_CHECK(code("wrong horse") == ErrorCode::invalid_credentials);
    BOOST_CHECK(code("correct horse") == ErrorCode::account_banned);
    BOOST_TEST(sign_in("ann@example.com", "correct horse").error().detail ==
               "The account is banned until 2026-11-23T09:00:00Z: spam");
    clock.advance(1h);
    BOOST_TEST(!!sign_in("ann@example.com", "correct horse"));
}

BOOST_FIXTURE_TEST_CASE(an_outdated_hash_is_replaced, Fixture) {
    const auto id = ann().id;
    const crypto::PasswordHasher old{{.memory_kib = 16, .passes = 1}, Secret{}};
    users.rows.at(id).password_hash = old.hash("correct horse");
    BOOST_REQUIRE(sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(!hasher.is_outdated(users.rows.at(id).password_hash));
    BOOST_TEST(hasher.verify("correct horse", users.rows.at(id).password_hash));
}

BOOST_FIXTURE_TEST_CASE(a_user_has_at_most_fifty_sessions_and_the_oldest_gives_way, Fixture) {
    ann();
    std::vector<std::string> opened;
    for (std::size_t i = 0; i < sessions::kMostSessions; ++i) {
        clock.advance(1ms);
        opened.push_back(sign_in("ann@example.com", "correct horse")->tokens.access);
    }
    BOOST_TEST(!!gate.authenticate(opened[0]));  // the one of registering gave way
    clock.advance(1ms);
    BOOST_REQUIRE(sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(!gate.authenticate(opened[0]));
    BOOST_TEST(!!gate.authenticate(opened[1]));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(tokens)

struct Fixture : fakes::World {
    json::Object claims_of(const std::string& token, const crypto::KeyRing& ring) {
        return std::move(*json::Object::parse(crypto::verify_jws(token, ring)->payload, {.bytes = 4096}));
    }
};

BOOST_FIXTURE_TEST_CASE(an_access_token_carries_what_services_need, Fixture) {
    const auto id = ann().id;
    roles.give(id, {{.name = "moderator",
                     .priority = 50,
                     .flags = {.can_moderate = true},
                     .custom = {{"wiki:edit", "true"}, {"quota", "5"}}},
                    {.name = "member"}});
    const auto admitted = sign_in("ann@example.com", "correct horse");
    const auto claims = claims_of(admitted->tokens.access, access_keys);
    BOOST_TEST(claims.string("iss").value() == "csauth");
    BOOST_TEST(claims.string("aud").value() == "csauth");
    BOOST_TEST(claims.string("sub").value() == id.text());
    BOOST_TEST(claims.string("user_id").value() == id.text());
    BOOST_TEST(claims.string("token_type").value() == "access");
    BOOST_TEST(claims.string("sid").value() == admitted->session.id.text());
    BOOST_TEST(claims.integer("ctr").value() == 0);
    BOOST_TEST(claims.string("username").value() == "annie");
    BOOST_TEST(claims.string("email").value() == "ann@example.com");
    BOOST_TEST(claims.boolean("email_verified").value());
    BOOST_TEST(claims.members().at("roles") == R"(["moderator","member"])");
    BOOST_TEST(claims.members().at("permissions") == R"(["can_moderate","wiki:edit"])");
    const auto lifetime = claims.integer("exp").value() - claims.integer("iat").value();
    BOOST_TEST(lifetime <= 600);
    BOOST_TEST(lifetime >= 570);
}

BOOST_FIXTURE_TEST_CASE(an_unverified_user_has_no_permissions, Fixture) {
    roles.rows.at("member").flags.can_moderate = true;
    const auto admitted = register_account("ann@example.com", "annie");
    BOOST_TEST(claims_of(admitted->tokens.access, access_keys).members().at("permissions") == "[]");
    BOOST_TEST(!claims_of(admitted->tokens.access, access_keys).boolean("email_verified").value());
}

BOOST_FIXTURE_TEST_CASE(a_token_of_one_type_is_none_of_the_other, Fixture) {
    ann();
    const auto pair = sign_in("ann@example.com", "correct horse")->tokens;
    BOOST_TEST(!!tokens.read_access(pair.access));
    BOOST_TEST(!!tokens.read_refresh(pair.refresh));
    BOOST_CHECK(tokens.read_access(pair.refresh).error().code == ErrorCode::invalid_token);
    BOOST_CHECK(tokens.read_refresh(pair.access).error().code == ErrorCode::invalid_token);
    // Not even where one key had got into both rings.
    const sessions::Tokens confused{{.issuer = "csauth", .audience = "csauth"},
                                    {access_keys, access_keys, access_keys, audiences},
                                    clock,
                                    random};
    BOOST_TEST(!confused.read_refresh(pair.access));
}

BOOST_FIXTURE_TEST_CASE(a_token_that_was_read_before_is_judged_anew, Fixture) {
    ann();
    const auto pair = sign_in("ann@example.com", "correct horse")->tokens;
    const auto first = tokens.read_access(pair.access);
    const auto second = tokens.read_access(pair.access);
    BOOST_REQUIRE((first && second));
    BOOST_CHECK(second->session == first->session);
    BOOST_TEST(second->holder.email == "ann@example.com");
    BOOST_TEST(second->roles == first->roles);
    BOOST_CHECK(second->expires_at == first->expires_at);

    // By its signature it is known, but nothing else has that.
    auto forged = pair.access;
    forged[forged.find('.') + 5] ^= 1;
    BOOST_TEST(!tokens.read_access(forged));

    // One key in all rings: what is known of a token of one audience is none of another's.
    const sessions::Tokens confused{{.issuer = "csauth", .audience = "csauth"},
                                    {access_keys, access_keys, access_keys, audiences},
                                    clock,
                                    random};
    BOOST_TEST(!!confused.read_access(pair.access));
    BOOST_TEST(!confused.read_site(pair.access));
    BOOST_TEST(!!confused.read_access(pair.access));

    // The key is retired.
    access_keys = fakes::key_ring("access-2", 'b');
    BOOST_CHECK(tokens.read_access(pair.access).error().code == ErrorCode::invalid_token);
}

BOOST_FIXTURE_TEST_CASE(a_token_is_good_until_its_end_and_not_a_second_longer, Fixture) {
    ann();
    const auto pair = sign_in("ann@example.com", "correct horse")->tokens;
    const auto exp = claims_of(pair.access, access_keys).integer("exp").value();
    clock.advance(from_unix_seconds(exp) - clock.now() - 1us);
    BOOST_TEST(!!tokens.read_access(pair.access));
    clock.advance(1us);
    BOOST_CHECK(tokens.read_access(pair.access).error().code == ErrorCode::token_expired);
    BOOST_TEST(!!tokens.read_access(pair.access, sessions::Expired::accepted));
    clock.advance(30 * 24h);
    BOOST_CHECK(tokens.read_refresh(pair.refresh).error().code == ErrorCode::token_expired);
    clock.advance(-40 * 24h);  // a clock that runs far behind: a token from the future
    BOOST_CHECK(tokens.read_access(pair.access).error().code == ErrorCode::invalid_token);
}

BOOST_FIXTURE_TEST_CASE(every_claim_is_looked_at, Fixture) {
    const auto now = std::to_string(unix_seconds(clock.now()));
    const auto later = std::to_string(unix_seconds(clock.now() + 60s));
    const std::string id = "01a2077f-f7e3-770e-82c5-3b481186709f";
    const auto claims = [&](std::map<std::string, std::string> changes) {
        std::map<std::string, std::string> all{{"iss", "\"csauth\""},
                                               {"aud", "\"csauth\""},
                                               {"sub", "\"" + id + "\""},
                                               {"sid", "\"" + id + "\""},
                                               {"token_type", "\"access\""},
                                               {"ctr", "0"},
                                               {"username", "\"annie\""},
                                               {"email", "\"ann@example.com\""},
                                               {"name", "\"\""},
                                               {"email_verified", "true"},
                                               {"roles", "[\"member\"]"},
                                               {"permissions", "[]"},
                                               {"iat", now},
                                               {"nbf", now},
                                               {"exp", later}};
        for (auto& [name, value] : changes)
            all[name] = value;
        std::string text;
        for (const auto& [name, value] : all)
            if (!value.empty()) text += (text.empty() ? "{\"" : ",\"") + name + "\":" + value;
        return crypto::sign_jws(text + "}", access_keys);
    };
    BOOST_TEST(!!tokens.read_access(claims({})));
    const std::map<std::string, std::vector<std::string>> bad{
        {"iss", {"", "\"other\"", "\"csauth \"", "1", "null"}},
        {"aud", {"", "\"other\"", "[\"csauth\"]"}},
        {"username", {"", "1", "null"}},
        {"email", {"", "1"}},
        {"name", {"", "1"}},
        {"email_verified", {"", "1", "\"true\""}},
        {"roles", {"", "\"member\"", "[1]", "[[]]", "{}"}},
        {"permissions", {"", "\"all\"", "[true]"}},
        {"sub", {"", "\"\"", "\"x\"", "1"}},
        {"sid", {"", "\"x\""}},
        {"token_type", {"", "\"refresh\"", "\"Access\"", "true"}},
        {"ctr", {"", "-1", "4294967296", "\"0\"", "0.5"}},
        {"iat", {"", "\"" + now + "\"", std::to_string(unix_seconds(clock.now() + 31s)), "1e9"}},
        {"nbf", {"", std::to_string(unix_seconds(clock.now() + 31s))}},
        {"exp", {"", "\"" + later + "\"", now, "-1", "1e30", "null"}}};
    for (const auto& [name, values] : bad)
        for (const auto& value : values)
            BOOST_TEST(!tokens.read_access(claims({{name, value}})), name << " = " << value);
}

BOOST_FIXTURE_TEST_CASE(a_long_name_is_cut_between_characters, Fixture) {
    const auto id = ann().id;
    for (int i = 0; i < 100; ++i)
        users.rows.at(id).user.full_name += "\xf0\x9f\x90\xa3";
    const auto admitted = sign_in("ann@example.com", "correct horse");
    BOOST_TEST(claims_of(admitted->tokens.access, access_keys).string("name")->size() == 64U * 4);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(refresh)

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
BOOST_AUTO_TEST_SUITE(sign_out)

struct Fixture : fakes::World {
    users::User user = ann();
    std::string phone = sign_in("ann@example.com", "correct horse")->tokens.access;
    std::string laptop = sign_in("ann@example.com", "correct horse")->tokens.access;

    void leave(const std::string& token, sessions::Scope scope) {
        const auto caller = gate.authenticate(token);
        BOOST_REQUIRE(caller);
        sign_out.sign_out(caller->holder.id, caller->session, scope, origin);
    }
};

BOOST_FIXTURE_TEST_CASE(one_session_ends_at_once, Fixture) {
    leave(phone, sessions::Scope::this_one);
    BOOST_CHECK(gate.authenticate(phone).error().code == ErrorCode::session_ended);
    BOOST_TEST(!!gate.authenticate(laptop));
    BOOST_TEST(audit.count(audit::Action::logout) == 1);
}

BOOST_FIXTURE_TEST_CASE(the_others_end_and_this_one_stays, Fixture) {
    leave(phone, sessions::Scope::others);
    BOOST_TEST(!!gate.authenticate(phone));
    BOOST_TEST(!gate.authenticate(laptop));
}

BOOST_FIXTURE_TEST_CASE(all_end_and_so_does_a_sign_in_that_is_under_way, Fixture) {
    const auto read_before = users.rows.at(user.id).user;
    leave(phone, sessions::Scope::all);
    BOOST_TEST(!gate.authenticate(phone));
    BOOST_TEST(!gate.authenticate(laptop));
    BOOST_TEST(!session_opener.open(read_before, {}, origin).has_value());
    BOOST_TEST(!!sign_in("ann@example.com", "correct horse"));
}

BOOST_FIXTURE_TEST_CASE(a_gate_checks_both_types_of_token, Fixture) {
    const auto pair = sign_in("ann@example.com", "correct horse")->tokens;
    BOOST_TEST(!!gate.check(pair.access));
    BOOST_TEST(!!gate.check(pair.refresh));
    BOOST_TEST(!gate.check("nonsense"));
    BOOST_REQUIRE(refresh.refresh(pair.refresh, "", origin));
    BOOST_TEST(!gate.check(pair.refresh));
    leave(pair.access, sessions::Scope::this_one);
    BOOST_TEST(!gate.check(pair.access));
}

BOOST_AUTO_TEST_SUITE_END()
