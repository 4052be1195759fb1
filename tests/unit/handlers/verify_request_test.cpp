#include "handlers/verify_request.h"

#include <boost/test/unit_test.hpp>

#include "fakes/browser.h"

using namespace csauth;
using namespace std::chrono_literals;

namespace {

struct Fixture : fakes::Browser {
    /// As nginx asks for a location of a protected site.
    http::Response verify(http::Headers headers, std::string requirement = "any") {
        return call("GET", "/auth/verify", std::move(headers), "", handlers::Pool::edge,
                    std::move(requirement));
    }
    /// As another program on this machine asks. `query` may be the visitor's.
    http::Response verify_directly(http::Headers headers, const std::string& query = "") {
        return call("GET", "/auth/verify" + (query.empty() ? "" : "?" + query), std::move(headers), "",
                    handlers::Pool::edge);
    }
    http::Response forward(http::Headers headers, const std::string& requirement = "any") {
        return call("GET", "/auth/forward/" + requirement, std::move(headers), "", handlers::Pool::edge);
    }
    std::string reason(const http::Response& response) { return header(response, "X-Auth-Reason"); }
    http::Headers bearer() {
        return {{"authorization", "Bearer " + sign_in("ann@example.com", "correct horse")->tokens.access}};
    }
    http::Headers site_cookie() { return {{"cookie", cookie(login(), "__Secure-csauth-site")}}; }

    void make_unverified() {
        users.rows.at(user.id).user.is_verified = false;
        recalls.post(recall::Recall::of(user.id));
    }
};

http::Headers with(http::Headers headers, std::initializer_list<std::pair<std::string, std::string>> more) {
    for (const auto& [name, value] : more)
        headers[name] = value;
    return headers;
}

/// What a browser's proxy says of a visit to https://wiki.example.com/page?x=1.
const std::initializer_list<std::pair<std::string, std::string>> kVisit{
    {"accept", "text/html"},
    {"x-forwarded-method", "GET"},
    {"x-forwarded-proto", "https"},
    {"x-forwarded-host", "wiki.example.com"},
    {"x-forwarded-uri", "/page?x=1"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(verify_request)

BOOST_FIXTURE_TEST_CASE(signed_in_visitor_passes_with_identity, Fixture) {
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
    BOOST_TEST(header(passed, "Remote-Email-Verified") == "true");
    BOOST_TEST(header(passed, "Remote-Name").empty());
    BOOST_TEST(header(passed, "Remote-Groups") == "moderator,member");
    BOOST_TEST(header(passed, "Remote-Permissions") == "can_moderate,wiki:edit");
    BOOST_TEST(!!SessionId::parse(header(passed, "X-Auth-Session")).has_value());
    BOOST_TEST(jar(passed).empty());
}

BOOST_FIXTURE_TEST_CASE(location_may_ask_for_more, Fixture) {
    roles.give(user.id,
               {{.name = "moderator", .flags = {.can_moderate = true}, .custom = {{"wiki:edit", "true"}}}});
    const auto headers = bearer();
    for (const auto* good : {"permission=can_moderate", "permission=can_moderate,wiki:edit", "role=moderator",
                             "role=admin,moderator", "role=moderator&permission=wiki:edit",
                             "unverified=allow", "basic=allow", "any", "any=", "any&unverified=allow"}) {
        BOOST_TEST(verify(headers, good).status == 204, good);
        BOOST_TEST(forward(headers, good).status == 204, good);
    }
    for (const auto* bad :
         {"permission=can_ban_users", "permission=can_moderate,can_ban_users", "role=admin",
          "role=moderator&permission=can_ban_users", "permission=CAN_MODERATE", "role=moder"}) {
        BOOST_TEST(verify(headers, bad).status == 403, bad);
        BOOST_TEST(reason(verify(headers, bad)) == "permission_denied", bad);
        BOOST_TEST(header(verify(headers, bad), "Remote-User") == "annie", bad);
        BOOST_TEST(verify({}, bad).status == 401, bad);
        BOOST_TEST(reason(forward(headers, bad)) == "permission_denied", bad);
        BOOST_TEST(forward({}, bad).status == 401, bad);
    }
}

BOOST_FIXTURE_TEST_CASE(misspelt_requirement_opens_nothing, Fixture) {
    const auto headers = bearer();
    for (const auto* odd :
         {"permisson=can_moderate", "roles=moderator", "role=", "permission=", "unverified=yes",
          "unverified=", "basic=", "basic=yes", "unset", "any=x", "role=a&role=b", "%zz", "x"}) {
        BOOST_TEST(verify(headers, odd).status == 403, odd);
        BOOST_TEST(reason(verify(headers, odd)) == "bad_request", odd);
        BOOST_TEST(forward(headers, odd).status == 403, odd);
        BOOST_TEST(reason(forward(headers, odd)) == "bad_request", odd);
    }
    // `set $csauth_require "";` says nothing, so it opens nothing.
    BOOST_TEST(reason(verify(headers, "")) == "bad_request");
}

BOOST_FIXTURE_TEST_CASE(query_of_the_visitor_is_no_requirement, Fixture) {
    const auto headers = bearer();
    for (const auto* harmless : {"", "any", "page=2", "x=1&x=1", "%zz", "unverified=deny", "&&", "rolex=1"})
        BOOST_TEST(verify_directly(headers, harmless).status == 204, harmless);
    // An older configuration may have meant these: they must not open the location to everybody.
    for (const auto* meant : {"role=admin", "permission=can_moderate", "x=1&role=member", "role"})
        BOOST_TEST(reason(verify_directly(headers, meant)) == "bad_request", meant);
    // The query opens nothing that nginx' configuration or the path keeps closed.
    for (const auto* query : {"any", "unverified=allow", "role=member"}) {
        const auto path = "/auth/forward/role=admin?" + std::string{query};
        BOOST_TEST(reason(call("GET", path, headers, "", handlers::Pool::edge)) == "permission_denied",
                   query);
        const auto asked = "/auth/verify?" + std::string{query};
        BOOST_TEST(reason(call("GET", asked, headers, "", handlers::Pool::edge, "role=admin")) ==
                   "permission_denied");
    }
    make_unverified();
    BOOST_TEST(reason(verify_directly(headers, "unverified=allow")) == "email_unverified");
    BOOST_TEST(reason(call("GET", "/auth/forward/any?unverified=allow", headers, "", handlers::Pool::edge)) ==
               "email_unverified");
}

BOOST_FIXTURE_TEST_CASE(identity_of_the_client_is_refused, Fixture) {
    // As server::Parameters names them: lower case, `_` folded to `-`; other characters stay.
    for (const auto* name :
         {"remote-user", "remote-id", "remote-name", "remote-email", "remote-email-verified", "remote-groups",
          "remote-permissions", "x-auth-session", "x-auth-reason", "remote.user", "remote user",
          "x.auth.session", "x-remote-user", "x.remote.groups"})
        for (const auto* value : {"admin", ""}) {
            const auto headers = with(site_cookie(), {{name, value}});
            BOOST_TEST(verify(headers).status == 403, name);
            BOOST_TEST(reason(verify(headers)) == "forged_identity", name);
            BOOST_TEST(header(verify(headers), "Remote-User").empty(), name);
            BOOST_TEST(reason(forward(headers)) == "forged_identity", name);
            BOOST_TEST(reason(verify({{name, value}})) == "forged_identity", name);
        }
    for (const auto* name : {"remote", "remote-users", "remoteuser", "a-remote-user", "x-auth-token",
                             "x-remote", "remote-addr", "x-auth-request-user"})
        BOOST_TEST(verify(with(site_cookie(), {{name, "admin"}})).status == 204, name);
}

BOOST_FIXTURE_TEST_CASE(basic_credentials_beside_ours_are_refused, Fixture) {
    for (const auto* value : {"Basic YWRtaW46eA==", "basic YWRtaW46eA==", "BASIC  YWRtaW46eA==", "Basic"}) {
        const auto headers = with(site_cookie(), {{"authorization", value}});
        BOOST_TEST(reason(verify(headers)) == "forged_identity", value);
        BOOST_TEST(reason(forward(headers)) == "forged_identity", value);
        BOOST_TEST(verify(headers, "basic=allow").status == 204, value);
        BOOST_TEST(reason(verify({{"authorization", value}})) == "authentication_required", value);
    }
    // No server makes a user of other schemes.
    BOOST_TEST(verify(with(site_cookie(), {{"authorization", "token of-the-site"}})).status == 204);
}

BOOST_FIXTURE_TEST_CASE(unverified_visitor_has_no_address_and_no_roles, Fixture) {
    const auto headers = bearer();
    make_unverified();
    BOOST_TEST(reason(verify(headers)) == "email_unverified");
    const auto passed = verify(headers, "unverified=allow");
    BOOST_TEST(passed.status == 204);
    BOOST_TEST(header(passed, "Remote-Email-Verified") == "false");
    BOOST_TEST(header(passed, "Remote-User") == "annie");
    for (const auto* absent : {"Remote-Email", "Remote-Groups", "Remote-Permissions"})
        BOOST_TEST(header(passed, absent).empty(), absent);
    BOOST_TEST(reason(verify(headers, "role=member&unverified=allow")) == "email_unverified");
    BOOST_TEST(reason(verify(headers, "permission=can_moderate&unverified=allow")) == "permission_denied");
}

BOOST_FIXTURE_TEST_CASE(every_refusal_is_401_or_403_without_a_body, Fixture) {
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
    make_unverified();
    check(verify(headers), 403, "email_unverified");
    sessions.is_away = true;
    BOOST_CHECK_THROW(verify(headers), Unavailable);  // which the worker answers by:
    http::Request request{.method = "GET", .path = "/auth/verify"};
    check(handlers::refusal(request, {.code = ErrorCode::service_unavailable}), 403, "unavailable");
    check(handlers::refusal(request, {.code = ErrorCode::internal_error}), 403, "unavailable");
    check(handlers::refusal(request, {.code = ErrorCode::headers_too_large}), 403, "headers_too_large");
    // Other proxies hand the answer to the visitor, so a breakdown must look like one.
    request.path = "/auth/forward/any";
    check(handlers::refusal(request, {.code = ErrorCode::service_unavailable}), 503, "unavailable");
    check(handlers::refusal(request, {.code = ErrorCode::headers_too_large}), 403, "headers_too_large");
    sessions.is_away = false;
    users.raise_epoch(user.id);
    check(verify(headers), 401, "session_ended");
    clock.advance(1h);
    check(verify(headers), 401, "token_expired");
}

BOOST_FIXTURE_TEST_CASE(site_sees_its_own_cookie_only, Fixture) {
    const auto signed_in = login();
    const auto access = cookie(signed_in, "__Host-csauth");
    const auto site = cookie(signed_in, "__Secure-csauth-site");
    BOOST_TEST(verify({{"cookie", access}}).status == 204);
    BOOST_TEST(verify({{"cookie", site}}).status == 204);
    BOOST_TEST(verify({{"cookie", "__Host-csauth=stale; " + site}}).status == 204);
    BOOST_TEST(reason(verify({{"authorization", "Bearer stale"}, {"cookie", site}})) == "invalid_token");
    const auto crossed = "__Secure-csauth-site=" + jar(signed_in).at("__Host-csauth").first;
    BOOST_TEST(reason(verify({{"cookie", crossed}})) == "invalid_token");
}

BOOST_FIXTURE_TEST_CASE(cookie_past_half_of_its_life_is_renewed, Fixture) {
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
    // Not for a token in a header, and not while the database is away.
    const auto token = jar(signed_in).at("__Host-csauth").first;
    BOOST_TEST(jar(verify({{"authorization", "Bearer " + token}})).empty());
    sessions.is_away = true;
    const auto passed = verify({{"cookie", cookie(signed_in, "__Host-csauth")}});
    BOOST_TEST(passed.status == 204);
    BOOST_TEST(jar(passed).empty());
}

BOOST_FIXTURE_TEST_CASE(browser_goes_to_sign_in_and_back, Fixture) {
    const auto sent = forward(kVisit);
    BOOST_TEST(sent.status == 302);
    BOOST_TEST(header(sent, "Location") ==
               "https://auth.example.com/sign-in/#return_to=https://wiki.example.com/page?x=1");
    auto upper = http::Headers{kVisit};
    upper["x-forwarded-host"] = "WIKI.example.com";
    BOOST_TEST(forward(upper).status == 302);
    BOOST_TEST(forward(with(kVisit, {{"cookie", "__Secure-csauth-site=stale"}})).status == 302);
}

BOOST_FIXTURE_TEST_CASE(everything_else_is_told_401, Fixture) {
    const std::pair<std::string, std::string> changes[] = {
        {"accept", "*/*"},
        {"accept", "application/json"},
        {"x-forwarded-method", "POST"},
        {"x-forwarded-host", "evil.example"},
        {"x-forwarded-host", "wiki.example.com, evil.example"},
        {"x-forwarded-host", "wiki.example.com@evil.example"},
        {"x-forwarded-host", ""},
        {"x-forwarded-proto", "http"},
        {"x-forwarded-proto", "javascript"},
        {"x-forwarded-proto", ""},
        {"x-forwarded-uri", ""},
        {"x-forwarded-uri", "page"},
        {"x-forwarded-uri", "/a\\b"},
        {"x-forwarded-uri", "/a\"><script>"},
        {"x-forwarded-uri", "/" + std::string(2048, 'a')},
    };
    for (const auto& [name, value] : changes) {
        const auto refused = forward(with(kVisit, {{name, value}}));
        BOOST_TEST(refused.status == 401, name << ": " << value);
        BOOST_TEST(header(refused, "Location").empty());
        BOOST_TEST(header(refused, "WWW-Authenticate") != "");
    }
}

BOOST_FIXTURE_TEST_CASE(refused_account_is_not_sent_to_sign_in, Fixture) {
    const auto refused =
        forward(with(kVisit, {{"cookie", cookie(login(), "__Secure-csauth-site")}}), "role=admin");
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(reason(refused) == "permission_denied");
    BOOST_TEST(header(refused, "Remote-User") == "annie");
    BOOST_TEST(forward(with(kVisit, {{"remote-user", "admin"}})).status == 403);
}

BOOST_FIXTURE_TEST_CASE(proxy_on_another_machine_shows_its_key, Fixture) {
    const auto ask = [&](const std::string& key) {
        http::Request request{.method = "GET", .path = "/auth/forward/any", .headers = bearer(), .id = "r1"};
        request.is_from_remote_proxy = true;
        if (!key.empty()) request.headers["x-csauth-key"] = key;
        return handlers::dispatch(services, request, handlers::Pool::edge).response;
    };
    BOOST_TEST(ask("the proxy's key").status == 204);
    for (const auto* wrong : {"", "the proxy's kex", "the proxy's key ", "the notifier's key"}) {
        BOOST_TEST(ask(wrong).status == 403, wrong);
        BOOST_TEST(header(ask(wrong), "Remote-User").empty(), wrong);
    }
    proxy_key = csauth::sessions::ProgramKey{Secret{}};
    BOOST_TEST(ask("").status == 403);
    BOOST_TEST(ask("the proxy's key").status == 403);
    BOOST_TEST(forward(bearer()).status == 204);  // a proxy on this machine needs none
}

BOOST_AUTO_TEST_SUITE_END()
