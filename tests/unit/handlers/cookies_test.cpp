#include "handlers/cookies.h"

#include <boost/test/unit_test.hpp>

#include "fakes/dispatching.h"

using namespace csauth;
using namespace std::chrono_literals;

namespace {

struct Fixture : fakes::Dispatching {
    users::User user = ann();

    http::Response call(const char* method, const std::string& path, http::Headers headers,
                        std::string body = "", handlers::Pool pool = handlers::Pool::api) {
        http::Request request{.method = method, .path = path, .headers = std::move(headers), .id = "r1"};
        if (const auto at = path.find('?'); at != std::string::npos) {
            request.query = path.substr(at + 1);
            request.path = path.substr(0, at);
        }
        if (!body.empty()) request.content_type = "application/json";
        request.body = std::move(body);
        return handlers::dispatch(services, request, pool).response;
    }

    /// The cookies that an answer sets: name to value, and all that stands behind it.
    std::map<std::string, std::pair<std::string, std::string>> jar(const http::Response& response) {
        std::map<std::string, std::pair<std::string, std::string>> found;
        for (const auto& [name, value] : response.headers) {
            if (name != "Set-Cookie") continue;
            const auto equals = value.find('=');
            const auto end = value.find("; ");
            found[value.substr(0, equals)] = {value.substr(equals + 1, end - equals - 1),
                                              value.substr(end + 2)};
        }
        return found;
    }

    http::Response login(http::Headers headers = {{"x-session-mode", "cookie"}}) {
        return call("POST", "/api/login", std::move(headers),
                    R"({"email":"ann@example.com","password":"correct horse"})", handlers::Pool::hash);
    }
    std::string cookie(const http::Response& signed_in, const std::string& name) {
        return name + "=" + jar(signed_in).at(name).first;
    }
};

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

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(verify_request)

struct VerifyFixture : Fixture {
    http::Response verify(http::Headers headers, const std::string& query = "") {
        return call("GET", "/auth/verify" + (query.empty() ? "" : "?" + query), std::move(headers), "",
                    handlers::Pool::edge);
    }
    std::string reason(const http::Response& response) { return header(response, "X-Auth-Reason"); }
    http::Headers bearer() {
        return {{"authorization", "Bearer " + sign_in("ann@example.com", "correct horse")->tokens.access}};
    }
};

BOOST_FIXTURE_TEST_CASE(who_is_signed_in_passes_with_their_identity, VerifyFixture) {
    roles.give(user.id, {{.name = "moderator",
                          .priority = 50,
                          .flags = {.can_moderate = true},
                          .custom = {{"wiki:edit", "true"}}},
                         {.name = "member"}});
    const auto passed = verify(bearer());
    BOOST_TEST(passed.status == 204);
    BOOST_TEST(passed.body.empty());
    BOOST_TEST(header(passed, "Remote-User") == "annie");
    BOOST_TEST(header(passed, "Remote-Id") == user.id.text());
    BOOST_TEST(header(passed, "Remote-Email") == "ann@example.com");
    BOOST_TEST(header(passed, "Remote-Name").empty());
    BOOST_TEST(header(passed, "Remote-Groups") == "moderator,member");
    BOOST_TEST(header(passed, "Remote-Permissions") == "can_moderate,wiki:edit");
    BOOST_TEST(!!SessionId::parse(header(passed, "X-Auth-Session")).has_value());
    BOOST_TEST(jar(passed).empty());
}

BOOST_FIXTURE_TEST_CASE(a_location_may_ask_for_more, VerifyFixture) {
    roles.give(user.id,
               {{.name = "moderator", .flags = {.can_moderate = true}, .custom = {{"wiki:edit", "true"}}}});
    const auto headers = bearer();
    for (const auto* good :
         {"permission=can_moderate", "permission=can_moderate,wiki:edit", "role=moderator",
          "role=admin,moderator", "role=moderator&permission=wiki:edit", "unverified=allow", "any", "any="})
        BOOST_TEST(verify(headers, good).status == 204, good);
    for (const auto* bad :
         {"permission=can_ban_users", "permission=can_moderate,can_ban_users", "role=admin",
          "role=moderator&permission=can_ban_users", "permission=CAN_MODERATE", "role=moder"}) {
        BOOST_TEST(verify(headers, bad).status == 403, bad);
        BOOST_TEST(reason(verify(headers, bad)) == "permission_denied", bad);
        BOOST_TEST(verify({}, bad).status == 401, bad);
    }
    // What is misspelt opens nothing.
    for (const auto* odd : {"permisson=can_moderate", "roles=moderator", "role=", "permission=",
                            "unverified=yes", "unverified=", "unset", "any=x", "role=a&role=b", "%zz", "x"}) {
        BOOST_TEST(verify(headers, odd).status == 403, odd);
        BOOST_TEST(reason(verify(headers, odd)) == "bad_request", odd);
    }
}

BOOST_FIXTURE_TEST_CASE(every_refusal_is_401_or_403_without_a_body, VerifyFixture) {
    const auto headers = bearer();
    const auto check = [&](const http::Response& response, int status, const std::string& why) {
        BOOST_TEST(response.status == status, why);
        BOOST_TEST(reason(response) == why);
        BOOST_TEST(response.body.empty());
        BOOST_TEST((header(response, "WWW-Authenticate").empty() == (status != 401)));
    };
    check(verify({}), 401, "authentication_required");
    check(verify({{"authorization", "Bearer nonsense"}}), 401, "invalid_token");
    check(verify({{"authorization", "Basic abc"}}), 401, "authentication_required");
    check(call("POST", "/auth/verify", headers, "", handlers::Pool::edge), 403, "method_not_allowed");
    check(call("GET", "/auth/verify/", headers, "", handlers::Pool::api), 403, "misdirected_request");
    users.rows.at(user.id).user.is_verified = false;
    recalls.post(recall::Recall::of(user.id));
    check(verify(headers), 403, "email_unverified");
    BOOST_TEST(verify(headers, "unverified=allow").status == 204);
    sessions.is_away = true;
    BOOST_CHECK_THROW(verify(headers), Unavailable);  // which the worker answers by:
    http::Request request{.method = "GET", .path = "/auth/verify"};
    check(handlers::refusal(request, {.code = ErrorCode::service_unavailable}), 403, "unavailable");
    check(handlers::refusal(request, {.code = ErrorCode::internal_error}), 403, "unavailable");
    sessions.is_away = false;
    users.raise_epoch(user.id);
    check(verify(headers), 401, "session_ended");
    clock.advance(1h);
    check(verify(headers), 401, "token_expired");
}

BOOST_FIXTURE_TEST_CASE(a_site_sees_its_own_cookie_only, VerifyFixture) {
    const auto signed_in = login();
    const auto access = cookie(signed_in, "__Host-csauth");
    const auto site = cookie(signed_in, "__Secure-csauth-site");
    BOOST_TEST(verify({{"cookie", access}}).status == 204);
    BOOST_TEST(verify({{"cookie", site}}).status == 204);
    BOOST_TEST(verify({{"cookie", "__Host-csauth=stale; " + site}}).status == 204);
    BOOST_TEST(verify({{"authorization", "Basic for-the-site"}, {"cookie", site}}).status == 204);
    BOOST_TEST(reason(verify({{"authorization", "Bearer stale"}, {"cookie", site}})) == "invalid_token");
    const auto crossed = "__Secure-csauth-site=" + jar(signed_in).at("__Host-csauth").first;
    BOOST_TEST(reason(verify({{"cookie", crossed}})) == "invalid_token");
}

BOOST_FIXTURE_TEST_CASE(past_half_of_its_life_a_cookie_is_renewed, VerifyFixture) {
    const auto signed_in = login();
    for (const auto* name : {"__Host-csauth", "__Secure-csauth-site"})
        BOOST_TEST(jar(verify({{"cookie", cookie(signed_in, name)}})).empty());
    clock.advance(301s);
    board.fed(clock.uptime());
    for (const auto* name : {"__Host-csauth", "__Secure-csauth-site"}) {
        const auto passed = verify({{"cookie", cookie(signed_in, name)}});
        BOOST_TEST(passed.status == 204);
        BOOST_REQUIRE(jar(passed).size() == 1U);
        clock.advance(1s);
        BOOST_TEST(jar(verify({{"cookie", cookie(passed, name)}})).empty());
    }
    // Not for who shows a header, and not while the database is away.
    const auto token = jar(signed_in).at("__Host-csauth").first;
    BOOST_TEST(jar(verify({{"authorization", "Bearer " + token}})).empty());
    sessions.is_away = true;
    const auto passed = verify({{"cookie", cookie(signed_in, "__Host-csauth")}});
    BOOST_TEST(passed.status == 204);
    BOOST_TEST(jar(passed).empty());
}

BOOST_AUTO_TEST_SUITE_END()
