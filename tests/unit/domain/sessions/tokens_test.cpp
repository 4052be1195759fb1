#include "sessions/tokens.h"

#include <boost/test/unit_test.hpp>

#include "crypto/jws.h"
#include "fakes/world.h"
#include "json/object.h"
#include "unit/domain/sessions/session_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;

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
    clock.advance(-40 * 24h);  // a clock that is far too slow: a token from the future
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

BOOST_FIXTURE_TEST_CASE(no_token_outlives_its_session, SessionFixture) {
    auto session = admitted.session;
    session.expires_at = clock.now() + 60s;
    const auto holder = sessions::holder_of(user);
    const auto pair = tokens.issue_pair({holder, admitted.roles, session}, 0);
    clock.advance(60s);
    BOOST_CHECK(tokens.read_access(pair.access).error().code == ErrorCode::token_expired);
    BOOST_CHECK(tokens.read_refresh(pair.refresh).error().code == ErrorCode::token_expired);
}

BOOST_FIXTURE_TEST_CASE(a_token_that_says_it_lives_long_does_not, SessionFixture) {
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
