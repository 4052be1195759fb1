#include "handlers/cookies.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "fakes/browser.h"

using namespace csauth;
using namespace std::chrono_literals;

namespace {

using Fixture = fakes::Browser;

const std::string kOrigin = "https://auth.example.com";

}  // namespace

BOOST_AUTO_TEST_SUITE(cookies)

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

BOOST_FIXTURE_TEST_CASE(cookie_speaks_for_its_user_on_pages_of_trusted_origins, Fixture) {
    cookies.trusted_origins = {"https://app.example.com", "http://localhost:3000"};
    const auto access = cookie(login(), "__Host-csauth");
    const auto patch = [&](const char* page) {
        const auto response =
            call("PATCH", "/api/me", {{"cookie", access}, {"origin", page}, {"sec-fetch-site", "same-site"}},
                 R"({"bio":"x"})");
        return response.status == 200 ? "" : code(response);
    };
    for (const auto* good : {"https://app.example.com", "http://localhost:3000", kOrigin.c_str()})
        BOOST_TEST(patch(good).empty(), good);
    for (const auto* bad : {"http://app.example.com", "https://app.example.com:8443",
                            "https://APP.example.com", "https://app.example.com.evil.example", "null", ""})
        BOOST_TEST(patch(bad) == "cross_site_request", bad);
}

BOOST_FIXTURE_TEST_CASE(good_cookie_counts_beside_bad_ones_of_its_name, Fixture) {
    const auto access = cookie(login(), "__Host-csauth");
    const auto with = [&](const std::string& sent) { return call("GET", "/api/me", {{"cookie", sent}}); };
    BOOST_TEST(with(access + "; __Host-csauth=x").status == 200);
    BOOST_TEST(with("__Host-csauth=x; __Host-csauth=; " + access).status == 200);
    BOOST_TEST(code(with("__Host-csauth=x; __Host-csauth=y")) == "invalid_token");
    BOOST_TEST(code(with("__Host-csauth=")) == "authentication_required");

    std::string many;
    for (int i = 0; i < 60; ++i)
        many += "__Host-csauth=" + std::to_string(i) + "; ";
    BOOST_TEST(with(many + access).status == 200);
}

BOOST_FIXTURE_TEST_CASE(refusal_of_several_cookies_is_the_most_helpful_one, Fixture) {
    const auto old = cookie(login(), "__Host-csauth");
    clock.advance(1h);
    const auto ended = cookie(login(), "__Host-csauth");
    users.raise_epoch(user.id);
    const auto with = [&](const std::string& sent) { return call("GET", "/api/me", {{"cookie", sent}}); };
    for (const auto& sent : {old + "; " + ended, ended + "; " + old}) {
        BOOST_TEST(code(with(sent)) == "token_expired");  // a refresh may help
        BOOST_TEST(jar(with(sent)).empty());
    }
    BOOST_TEST(code(with("__Host-csauth=x; " + ended)) == "session_ended");
    BOOST_TEST(!jar(with("__Host-csauth=x; " + ended)).empty());
}

BOOST_FIXTURE_TEST_CASE(refused_genuine_cookies_are_tried_four_times, Fixture) {
    std::string ended;
    for (int i = 0; i < 4; ++i)
        ended += cookie(login(), "__Host-csauth") + "; ";
    users.raise_epoch(user.id);
    const auto good = cookie(login(), "__Host-csauth");
    BOOST_TEST(code(call("GET", "/api/me", {{"cookie", ended + good}})) == "session_ended");
    const auto three = ended.substr(ended.find("; ") + 2);
    BOOST_TEST(call("GET", "/api/me", {{"cookie", three + good}}).status == 200);
}

BOOST_FIXTURE_TEST_CASE(refresh_takes_the_cookie_of_the_session_that_is_here, Fixture) {
    const auto mine = login();
    const auto others = login();  // of a later session, as another host could have set it
    const auto trade = [&](const std::string& sent) {
        return call("POST", "/api/token/refresh", {{"cookie", sent}, {"origin", kOrigin}});
    };
    const auto session_of = [&](const http::Response& response) {
        return tokens.read_access(jar(response).at("__Host-csauth").first)->session;
    };
    const auto own = cookie(mine, "__Secure-csauth-refresh");
    const auto foreign = cookie(others, "__Secure-csauth-refresh");
    const auto access = cookie(mine, "__Host-csauth");
    BOOST_TEST(code(trade("__Secure-csauth-refresh=x")) == "invalid_token");
    const auto answer = trade("__Secure-csauth-refresh=x; " + foreign + "; " + own + "; " + access);
    BOOST_REQUIRE(answer.status == 200);
    BOOST_CHECK(session_of(answer) == session_of(mine));
    // Without the access cookie the later sign-in counts.
    const auto newer = cookie(answer, "__Secure-csauth-refresh");
    BOOST_CHECK(session_of(trade(newer + "; " + foreign)) == session_of(others));
}

BOOST_FIXTURE_TEST_CASE(older_refresh_cookie_of_a_session_is_no_theft, Fixture) {
    const auto first = login();
    auto response = first;
    for (int step = 0; step < 3; ++step)
        response = call("POST", "/api/token/refresh",
                        {{"cookie", cookie(response, "__Secure-csauth-refresh")}, {"origin", kOrigin}});
    const auto old = cookie(first, "__Secure-csauth-refresh");
    const auto present = cookie(response, "__Secure-csauth-refresh");
    const auto both =
        call("POST", "/api/token/refresh", {{"cookie", old + "; " + present}, {"origin", kOrigin}});
    BOOST_TEST(both.status == 200);
    BOOST_TEST(audit.count(audit::Action::token_reused) == 0);
}

BOOST_FIXTURE_TEST_CASE(ended_session_among_refresh_cookies_does_no_harm, Fixture) {
    const auto live = login();
    const auto ended = login();  // later, so it is tried first
    sign_out.sign_out(user.id, tokens.read_access(jar(ended).at("__Host-csauth").first)->session,
                      sessions::Scope::this_one, origin);
    const auto trade = [&](const std::string& sent) {
        return call("POST", "/api/token/refresh", {{"cookie", sent}, {"origin", kOrigin}});
    };
    const auto both =
        cookie(ended, "__Secure-csauth-refresh") + "; " + cookie(live, "__Secure-csauth-refresh");
    BOOST_TEST(trade(both).status == 200);
    // A browser that was in the ended session goes on in no other one, which a sibling host could have
    // planted.
    BOOST_TEST(code(trade(both + "; " + cookie(ended, "__Host-csauth"))) == "session_ended");
}

BOOST_FIXTURE_TEST_CASE(site_cookies_of_two_users_admit_nobody, Fixture) {
    const auto own = cookie(login(), "__Secure-csauth-site");
    const auto bob = register_account("bob@example.com", "bobby")->user;
    users.rows.at(bob.id).user.is_verified = true;
    const auto planted =
        cookie(call("POST", "/api/login", {{"x-session-mode", "cookie"}},
                    R"({"email":"bob@example.com","password":"correct horse"})", handlers::Pool::hash),
               "__Secure-csauth-site");
    const auto check = [&](const std::string& sent) {
        return call("GET", "/auth/verify", {{"cookie", sent}}, "", handlers::Pool::edge, "any").status;
    };
    BOOST_TEST(check(own) == 204);
    BOOST_TEST(check(planted) == 204);
    BOOST_TEST(check(planted + "; " + own) == 401);
    BOOST_TEST(check(own + "; " + planted) == 401);
    BOOST_TEST(check(own + "; __Secure-csauth-site=x") == 204);
}

BOOST_FIXTURE_TEST_CASE(expired_refresh_cookie_is_named_before_a_bad_one, Fixture) {
    const auto old = cookie(login(), "__Secure-csauth-refresh");
    clock.advance(kIdle);
    for (const auto& sent : {"__Secure-csauth-refresh=x; " + old, old + "; __Secure-csauth-refresh=x"}) {
        const auto refused = call("POST", "/api/token/refresh", {{"cookie", sent}, {"origin", kOrigin}});
        BOOST_TEST(code(refused) == "token_expired");
        BOOST_TEST(!jar(refused).empty());
    }
}

BOOST_FIXTURE_TEST_CASE(site_cookie_of_a_former_domain_locks_nobody_out, Fixture) {
    const auto before = cookie(login(), "__Secure-csauth-site");
    clock.advance(1h);
    cookies.domain = "auth.example.com";
    const auto after = cookie(login(), "__Secure-csauth-site");
    for (const auto& sent : {before + "; " + after, after + "; " + before})
        BOOST_TEST(call("GET", "/auth/verify", {{"cookie", sent}}, "", handlers::Pool::edge, "any").status ==
                   204);
}

BOOST_FIXTURE_TEST_CASE(sign_in_and_refresh_take_former_site_cookies_back, Fixture) {
    const auto cleared = [](const http::Response& response) {
        std::vector<std::string> found;
        for (const auto& [name, value] : response.headers)
            if (name == "Set-Cookie" && value.starts_with("__Secure-csauth-site=;")) found.push_back(value);
        return found;
    };
    const auto first = login();
    BOOST_TEST(cleared(first).empty());
    const auto first_refresh = cookie(first, "__Secure-csauth-refresh");
    const auto site = cookie(first, "__Secure-csauth-site");
    const auto clean =
        call("POST", "/api/token/refresh", {{"cookie", first_refresh + "; " + site}, {"origin", kOrigin}});
    BOOST_TEST(cleared(clean).empty());

    const auto two = "__Secure-csauth-site=old; " + site;
    for (const auto& answer :
         {call("POST", "/api/token/refresh",
               {{"cookie", cookie(clean, "__Secure-csauth-refresh") + "; " + two}, {"origin", kOrigin}}),
          login({{"x-session-mode", "cookie"}, {"cookie", two}})}) {
        BOOST_TEST(answer.status == 200);
        const auto gone = cleared(answer);
        BOOST_REQUIRE(gone.size() == 2U);
        BOOST_TEST(gone[0] == "__Secure-csauth-site=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
        BOOST_TEST(gone[1] ==
                   "__Secure-csauth-site=; Path=/; Domain=auth.example.com; Max-Age=0; Secure; HttpOnly; "
                   "SameSite=Lax");
        BOOST_TEST(!jar(answer).at("__Secure-csauth-refresh").first.empty());
    }

    cookies.domain.clear();  // then every one is a former one
    const auto without = login({{"x-session-mode", "cookie"}, {"cookie", site}});
    BOOST_TEST(cleared(without).size() == 3U);
}

BOOST_FIXTURE_TEST_CASE(signing_out_takes_every_form_of_the_site_cookie_back, Fixture) {
    for (const char* domain : {"example.com", "auth.example.com", ""}) {
        const auto access = cookie(login(), "__Host-csauth");
        cookies.domain = domain;
        const auto response = call("POST", "/api/logout", {{"cookie", access}, {"origin", kOrigin}});
        std::multiset<std::string> domains;
        for (const auto& [name, value] : response.headers) {
            if (name != "Set-Cookie" || !value.starts_with("__Secure-csauth-site=;")) continue;
            const auto at = value.find("Domain=");
            domains.insert(at == std::string::npos ? "" : value.substr(at + 7, value.find(';', at) - at - 7));
        }
        BOOST_CHECK((domains == std::multiset<std::string>{"", "auth.example.com", "example.com"}));
    }
}

BOOST_FIXTURE_TEST_CASE(no_more_than_eight_forms_of_a_cookie_are_taken_back, Fixture) {
    const auto forms = [&](const std::string& url) {
        cookies.origin = url;
        cookies.domain.clear();
        http::Response response;
        handlers::cookies::forget(response, cookies);
        return response.headers.size() - 2;  // access and refresh
    };
    BOOST_TEST(forms("http://localhost:8080") == 1U);
    BOOST_TEST(forms("https://192.0.2.1") == 1U);
    BOOST_TEST(forms("https://[2001:db8::1]:444") == 1U);
    BOOST_TEST(forms("https://example.com:8443") == 2U);
    BOOST_TEST(forms("https://a.b.c.d.e.f.g.example.com") == 8U);
    BOOST_TEST(forms("https://a.b.c.d.e.f.example.com") == 8U);
}

BOOST_FIXTURE_TEST_CASE(browser_is_known_beside_a_bad_device_cookie, Fixture) {
    const auto first = login();
    const auto devices_before = devices.rows.size();
    login({{"x-session-mode", "cookie"},
           {"cookie", "__Secure-csauth-device=x; " + cookie(first, "__Secure-csauth-device")}});
    BOOST_TEST(devices.rows.size() == devices_before);
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
