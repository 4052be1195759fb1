#include "handlers/oauth.h"

#include <boost/test/unit_test.hpp>

#include "base/encoding.h"
#include "fakes/dispatching.h"
#include "json/object.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(oauth)

struct Fixture : fakes::Dispatching {
    users::User user = ann();
    sessions::TokenPair pair = sign_in("ann@example.com", "correct horse")->tokens;
    std::string secret = sessions::client_secret_of(audiences.find("billing")->active());

    std::string outside(const std::string& audience) {
        auto next = refresh.refresh(pair.refresh, audience, origin);
        BOOST_REQUIRE(next);
        pair = next->tokens;
        return next->tokens.access;
    }
    http::Response post(const std::string& body, const std::string& credentials) {
        http::Request request{
            .method = "POST", .path = "/oauth/introspect", .remote_ip = "192.0.2.1", .id = "r1"};
        request.content_type = "application/x-www-form-urlencoded";
        request.body = body;
        if (!credentials.empty()) request.headers["authorization"] = credentials;
        return handlers::dispatch(services, request, handlers::Pool::api).response;
    }
    http::Response ask(const std::string& token) {
        return post("token=" + token, "Basic " + base64("billing:" + secret));
    }
    std::string error_of(const http::Response& response) {
        return std::string{json::Object::parse(response.body)->string("error").value_or("")};
    }
};

BOOST_FIXTURE_TEST_CASE(token_of_the_asking_audience_is_described, Fixture) {
    roles.give(user.id,
               {{.name = "moderator", .flags = {.can_moderate = true}, .custom = {{"wiki:edit", "true"}}}});
    const auto response = ask(outside("billing"));
    BOOST_REQUIRE(response.status == 200);
    const auto claims = json::Object::parse(response.body);
    BOOST_TEST(claims->boolean("active").value());
    BOOST_TEST(claims->string("sub").value() == user.id.text());
    BOOST_TEST(claims->string("username").value() == "annie");
    BOOST_TEST(claims->string("iss").value() == "csauth");
    BOOST_TEST(claims->string("aud").value() == "billing");
    BOOST_TEST(claims->string("token_type").value() == "Bearer");
    BOOST_TEST(claims->string("scope").value() == "can_moderate wiki:edit");
    BOOST_TEST(claims->members().at("permissions") == R"(["can_moderate","wiki:edit"])");
    BOOST_TEST(claims->boolean("email_verified").value());
    BOOST_TEST(claims->integer("exp").value() > unix_seconds(clock.now()));
    BOOST_TEST(claims->integer("iat").value() == unix_seconds(clock.now()));
}

BOOST_FIXTURE_TEST_CASE(every_other_token_is_inactive, Fixture) {
    const auto own = outside("billing");
    const auto inactive = [&](const std::string& token) { return ask(token).body == R"({"active":false})"; };
    BOOST_TEST(!inactive(own));
    BOOST_TEST(inactive(outside("newsletter")));
    BOOST_TEST(inactive(pair.refresh));
    BOOST_TEST(inactive(sign_in("ann@example.com", "correct horse")->tokens.access));
    BOOST_TEST(inactive("nonsense"));
    BOOST_TEST(inactive(own + "x"));
    clock.advance(10min);
    BOOST_TEST(inactive(own));
}

BOOST_FIXTURE_TEST_CASE(token_of_an_ended_session_is_inactive, Fixture) {
    const auto token = outside("billing");
    const auto session = tokens.read_refresh(pair.refresh)->session;
    sign_out.sign_out(user.id, session, sessions::Scope::this_one, origin);
    BOOST_TEST(ask(token).body == R"({"active":false})");
}

BOOST_FIXTURE_TEST_CASE(wrong_credentials_are_refused_as_oauth_has_it, Fixture) {
    const auto token = outside("billing");
    const auto newsletter = sessions::client_secret_of(audiences.find("newsletter")->active());
    const std::string key{audiences.find("billing")->active().bytes.reveal()};
    const std::string wrong[] = {"",
                                 "Basic",
                                 "Basic " + base64("billing"),
                                 "Basic " + base64("billing:"),
                                 "Basic " + base64("billing:" + newsletter),
                                 "Basic " + base64("billing:" + base64url(key)),
                                 "Basic " + base64("nothing:" + secret),
                                 "Basic " + base64(":" + secret),
                                 "Basic !" + base64("billing:" + secret),
                                 "Bearer " + secret};
    for (const auto& credentials : wrong) {
        const auto refused = post("token=" + token, credentials);
        BOOST_TEST(refused.status == 401, credentials);
        BOOST_TEST(error_of(refused) == "invalid_client");
        BOOST_TEST(header(refused, "WWW-Authenticate").starts_with("Basic "));
        BOOST_TEST(refused.content_type == "application/json; charset=utf-8");
    }
    const auto limited = post("token=" + token, "");
    BOOST_TEST(limited.status == 429);
    BOOST_TEST(error_of(limited) == "temporarily_unavailable");
    BOOST_TEST(!header(limited, "Retry-After").empty());
    BOOST_TEST(ask(token).status == 200);  // a client with the secret is never limited
    clock.advance(6s);
    BOOST_TEST(post("token=" + token, "").status == 401);
}

BOOST_FIXTURE_TEST_CASE(every_key_of_the_ring_has_a_secret, Fixture) {
    std::vector<crypto::Key> keys;
    for (const char filling : {'b', 'c'})
        keys.push_back(
            crypto::make_key(std::string{"billing-"} + filling, as_bytes(std::string(32, filling))));
    const auto newer = sessions::client_secret_of(keys[1]);
    audiences = {};
    audiences.add("billing", {std::move(keys), "billing-b"});
    const auto token = outside("billing");
    BOOST_TEST(ask(token).status == 200);
    BOOST_TEST(post("token=" + token, "basic  " + base64("billing:" + newer)).status == 200);
    audiences = {};
    audiences.add("billing", fakes::key_ring("billing-c", 'c'));
    BOOST_TEST(ask(token).status == 401);
}

BOOST_FIXTURE_TEST_CASE(malformed_question_is_refused_as_oauth_has_it, Fixture) {
    const auto credentials = "Basic " + base64("billing:" + secret);
    for (const char* body : {"", "token=", "tokens=x", "token=a&token=b", "token=%zz", "token=%00"}) {
        const auto refused = post(body, credentials);
        BOOST_TEST(refused.status == 400, body);
        BOOST_TEST(error_of(refused) == "invalid_request", body);
    }
    BOOST_TEST(ask(outside("billing") + "&token_type_hint=access_token").status == 200);
    http::Request request{.method = "POST", .path = "/oauth/introspect", .id = "r1"};
    request.content_type = "application/json";
    request.body = R"({"token":"x"})";
    const auto refused = handlers::dispatch(services, request, handlers::Pool::api).response;
    BOOST_TEST(refused.status == 415);
    BOOST_TEST(error_of(refused) == "invalid_request");
}

BOOST_FIXTURE_TEST_CASE(verify_gives_the_claims_on_request, Fixture) {
    const auto verify = [&](const std::string& token, const std::string& more) {
        return send("POST", "/api/token/verify", "{\"token\":\"" + token + "\"" + more + "}");
    };
    const auto claims_of = [&](const http::Response& response) {
        BOOST_REQUIRE(response.status == 200);
        const auto members = json::Object::parse(response.body)->members();
        return std::move(*json::Object::parse(members.at("claims")));
    };
    const auto token = outside("billing");
    BOOST_TEST(verify(token, "").body == "{}");
    BOOST_TEST(verify(token, ",\"claims\":false").body == "{}");
    const auto access = claims_of(verify(token, ",\"claims\":true"));
    BOOST_TEST(access.string("token_type").value() == "access");
    BOOST_TEST(access.string("aud").value() == "billing");
    BOOST_TEST(access.string("sub").value() == user.id.text());
    BOOST_TEST(access.integer("exp").value() > unix_seconds(clock.now()));
    const auto own = sign_in("ann@example.com", "correct horse")->tokens;
    BOOST_TEST(claims_of(verify(own.access, ",\"claims\":true")).string("aud").value() == "csauth");
    const auto of_refresh = claims_of(verify(own.refresh, ",\"claims\":true"));
    BOOST_TEST(of_refresh.string("token_type").value() == "refresh");
    BOOST_TEST(of_refresh.integer("exp").value() > unix_seconds(clock.now()));
    BOOST_TEST(!of_refresh.string("username").has_value());
    BOOST_TEST(code(verify(token, ",\"claims\":\"yes\"")) == "validation_failed");
    BOOST_TEST(code(verify("nonsense", ",\"claims\":true")) == "invalid_token");
}

BOOST_AUTO_TEST_CASE(unknown_path_of_oauth_is_refused_in_its_form) {
    const http::Request request{.method = "GET", .path = "/oauth/nothing", .id = "r1"};
    const auto refused = handlers::refusal(request, {.code = ErrorCode::not_found});
    BOOST_TEST(refused.body.find("\"error\":\"invalid_request\"") != std::string::npos, refused.body);
}

BOOST_AUTO_TEST_SUITE_END()
