#include "handlers/cookies.h"

#include <boost/test/unit_test.hpp>

#include "fakes/browser.h"

using namespace csauth;
using namespace std::chrono_literals;

namespace {

using Fixture = fakes::Browser;

const std::string kOrigin = "https://auth.example.com";

}  // namespace

BOOST_AUTO_TEST_SUITE(cookie_mode)

BOOST_FIXTURE_TEST_CASE(signing_in_gives_cookies_that_no_script_reads_and_nothing_of_them_in_the_body,
                        Fixture) {
    const auto response = login();
    BOOST_TEST(response.status == 200);
    const auto given = jar(response);
    BOOST_REQUIRE(given.size() == 4U);
    BOOST_TEST(given.at("__Host-csauth").second == "Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax");
    BOOST_TEST(given.at("__Secure-csauth-refresh").second ==
               "Path=/api/token/; Max-Age=2592000; Secure; HttpOnly; SameSite=Strict");
    BOOST_TEST(given.at("__Secure-csauth-site").second ==
               "Path=/; Domain=example.com; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax");
    BOOST_TEST(given.at("__Secure-csauth-device").second ==
               "Path=/api/; Max-Age=34560000; Secure; HttpOnly; SameSite=Strict");
    for (const auto& [name, one] : given) {
        BOOST_TEST(response.body.find(one.first) == std::string::npos, name);
        BOOST_TEST(name.size() + one.first.size() + one.second.size() < 4096U, name);
    }
    BOOST_TEST(!json::Object::parse(response.body)->members().contains("tokens"));
}

BOOST_FIXTURE_TEST_CASE(without_the_word_they_come_in_the_body_alone, Fixture) {
    for (const auto& headers : {http::Headers{}, http::Headers{{"x-session-mode", "token"}}}) {
        const auto response = login(headers);
        BOOST_TEST(jar(response).empty());
        BOOST_TEST(json::Object::parse(response.body)->members().contains("tokens"));
    }
    const auto before = sessions.rows.size();
    BOOST_TEST(code(login({{"x-session-mode", "biscuit"}})) == "bad_request");
    BOOST_TEST(sessions.rows.size() == before);
}

BOOST_FIXTURE_TEST_CASE(no_site_cookie_without_a_domain, Fixture) {
    cookies.domain.clear();
    const auto response = login();
    BOOST_TEST(jar(response).size() == 3U);
    BOOST_TEST(!jar(response).contains("__Secure-csauth-site"));
}

BOOST_FIXTURE_TEST_CASE(a_cookie_speaks_for_its_user_where_nothing_changes_and_else_with_our_origin,
                        Fixture) {
    const auto access = cookie(login(), "__Host-csauth");
    BOOST_TEST(call("GET", "/api/me", {{"cookie", access}}).status == 200);
    BOOST_TEST(call("HEAD", "/api/me", {{"cookie", "other=1; " + access + "; other=2"}}).status == 200);
    const auto patch = [&](http::Headers headers) {
        headers["cookie"] = access;
        const auto response = call("PATCH", "/api/me", std::move(headers), R"({"bio":"x"})");
        return response.status == 200 ? "" : code(response);
    };
    BOOST_TEST(patch({}) == "cross_site_request");
    for (const auto* bad :
         {"https://evil.example", "null", "https://auth.example.com.evil.example", "http://auth.example.com",
          "https://auth.example.com:444", "https://AUTH.example.com/"})
        BOOST_TEST(patch({{"origin", bad}}) == "cross_site_request", bad);
    for (const auto* bad : {"cross-site", "same-site", "none", ""})
        BOOST_TEST(patch({{"sec-fetch-site", bad}}) == "cross_site_request", bad);
    BOOST_TEST(patch({{"origin", "https://evil.example"}, {"sec-fetch-site", "same-origin"}}) ==
               "cross_site_request");
    BOOST_TEST(patch({{"origin", kOrigin}}).empty());
    BOOST_TEST(patch({{"sec-fetch-site", "same-origin"}}).empty());
}

BOOST_FIXTURE_TEST_CASE(two_cookies_of_one_name_are_none, Fixture) {
    const auto access = cookie(login(), "__Host-csauth");
    BOOST_TEST(code(call("GET", "/api/me", {{"cookie", access + "; __Host-csauth=x"}})) ==
               "authentication_required");
    BOOST_TEST(code(call("GET", "/api/me", {{"cookie", "__Host-csauth="}})) == "authentication_required");
}

BOOST_FIXTURE_TEST_CASE(no_cookie_stands_for_another, Fixture) {
    const auto response = login();
    const auto value = [&](const char* name) { return jar(response).at(name).first; };
    for (const auto* wrong : {"__Secure-csauth-refresh", "__Secure-csauth-site", "__Secure-csauth-device"})
        BOOST_TEST(code(call("GET", "/api/me", {{"cookie", std::string{"__Host-csauth="} + value(wrong)}})) ==
                       "invalid_token",
                   wrong);
    for (const auto* wrong : {"__Host-csauth", "__Secure-csauth-site", "__Secure-csauth-device"})
        BOOST_TEST(code(call("POST", "/api/token/refresh",
                             {{"cookie", std::string{"__Secure-csauth-refresh="} + value(wrong)},
                              {"origin", kOrigin}})) == "invalid_token",
                   wrong);
}

BOOST_FIXTURE_TEST_CASE(a_page_refreshes_without_seeing_a_token, Fixture) {
    const auto first = cookie(login(), "__Secure-csauth-refresh");
    BOOST_TEST(code(call("POST", "/api/token/refresh", {{"cookie", first}})) == "cross_site_request");
    BOOST_TEST(code(call("POST", "/api/token/refresh", {})) == "validation_failed");
    const auto nobody = call("POST", "/api/token/refresh", {{"x-session-mode", "cookie"}});
    BOOST_TEST(nobody.status == 204);  // an answer, so that no console shows an error at each visit
    BOOST_TEST(jar(nobody).empty());
    BOOST_TEST(code(call("POST", "/api/token/refresh", {{"x-session-mode", "cookie"}, {"cookie", first}})) ==
               "cross_site_request");
    const auto response = call("POST", "/api/token/refresh", {{"cookie", first}, {"origin", kOrigin}});
    BOOST_TEST(response.status == 200);
    BOOST_TEST(response.body == "{}");
    BOOST_TEST(jar(response).size() == 3U);
    BOOST_TEST(call("GET", "/api/me", {{"cookie", cookie(response, "__Host-csauth")}}).status == 200);
    BOOST_TEST(code(call("POST", "/api/token/refresh", {{"cookie", first}, {"origin", kOrigin}},
                         R"({"audience":"billing"})")) == "validation_failed");

    // When the session is over, so are its cookies.
    users.raise_epoch(user.id);
    const auto refused = call("POST", "/api/token/refresh", {{"cookie", first}, {"origin", kOrigin}});
    BOOST_TEST(code(refused) == "session_ended");
    BOOST_TEST(jar(refused).at("__Secure-csauth-refresh").first.empty());
}

BOOST_FIXTURE_TEST_CASE(signing_out_takes_the_cookies_back_but_for_the_devices, Fixture) {
    const auto access = cookie(login(), "__Host-csauth");
    const auto others = call("POST", "/api/logout?scope=others", {{"cookie", access}, {"origin", kOrigin}});
    BOOST_TEST(others.status == 204);
    BOOST_TEST(jar(others).empty());
    clock.advance(1h);  // an expired cookie is enough to leave
    BOOST_TEST(code(call("POST", "/api/logout?scope=all", {{"cookie", access}, {"origin", kOrigin}})) ==
               "token_expired");
    const auto response = call("POST", "/api/logout", {{"cookie", access}, {"origin", kOrigin}});
    BOOST_TEST(response.status == 204);
    const auto given = jar(response);
    BOOST_TEST(given.size() == 3U);
    for (const auto& [name, one] : given) {
        BOOST_TEST(one.first.empty(), name);
        BOOST_TEST(one.second.find("Max-Age=0") != std::string::npos, name);
    }
    BOOST_TEST(header(response, "Clear-Site-Data") == R"("cache", "storage")");
}

BOOST_FIXTURE_TEST_CASE(a_stale_cookie_does_not_keep_anybody_from_what_is_open_to_all, Fixture) {
    const auto access = cookie(login(), "__Host-csauth");
    clock.advance(1h);
    const auto with = [&](const std::string& token) {
        return code(call("POST", "/api/verify-email", {{"cookie", token}, {"origin", kOrigin}},
                         R"({"token":"x"})", handlers::Pool::hash));
    };
    BOOST_TEST(with(access) == with(""));
}

BOOST_FIXTURE_TEST_CASE(a_browser_is_known_by_its_device_cookie, Fixture) {
    const auto first = login();
    const auto again =
        login({{"x-session-mode", "cookie"}, {"cookie", cookie(first, "__Secure-csauth-device")}});
    const auto device = [&](const http::Response& response) {
        const auto text = json::Object::parse(response.body)->members().at("session");
        return text.substr(text.find("\"device\""), 60);
    };
    BOOST_TEST(device(first) == device(again));
    BOOST_TEST(device(first) != device(login()));
}

BOOST_FIXTURE_TEST_CASE(whoami_names_the_account_of_a_good_cookie_only, Fixture) {
    const auto access = cookie(login(), "__Host-csauth");
    const auto user_of = [&](const http::Response& response) {
        BOOST_TEST(response.status == 200);
        return json::Object::parse(response.body)->members().at("user");
    };
    BOOST_TEST(user_of(call("GET", "/api/whoami", {{"cookie", access}})) ==
               R"({"id":")" + user.id.text() + R"(","username":"annie"})");
    BOOST_TEST(user_of(call("GET", "/api/whoami", {})) == "null");
    BOOST_TEST(user_of(call("GET", "/api/whoami", {{"cookie", "__Host-csauth=x"}})) == "null");
    clock.advance(1h);
    BOOST_TEST(user_of(call("GET", "/api/whoami", {{"cookie", access}})) == "null");
    BOOST_TEST(code(call("GET", "/api/whoami", {{"authorization", "Bearer x"}})) == "invalid_token");
}

BOOST_AUTO_TEST_SUITE_END()
