#include <boost/test/unit_test.hpp>

#include "fakes/browser.h"
#include "images/picture.h"

// What clients of the Django service send and read, on the paths that are given.
using namespace csauth;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

const std::string kOrigin = "https://auth.example.com";
const std::string kUrlencoded = "application/x-www-form-urlencoded";
const std::string kMultipart = "multipart/form-data; boundary=abc";
const std::string kAxios = "application/json, text/plain, */*";
constexpr auto kHash = handlers::Pool::hash;
constexpr auto kApi = handlers::Pool::api;

std::string part(const std::string& name, const std::string& content, const std::string& rest = "") {
    return "--abc\r\nContent-Disposition: form-data; name=\"" + name + "\"" + rest + "\r\n\r\n" + content +
           "\r\n";
}

/// A PNG file of one pixel, as far as anybody but the decoder looks.
const std::string kPicture =
    "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0sum.\0\0\0\0IENDsum."s;
const std::string kAvatarPart = part("avatar", kPicture, "; filename=\"me.png\"\r\nContent-Type: image/png");

struct Fixture : fakes::Browser {
    http::Response form(const char* method, const std::string& path, std::string body,
                        http::Headers headers = {}, handlers::Pool pool = kHash,
                        const std::string& type = kUrlencoded) {
        http::Request request{.method = method,
                              .path = path,
                              .headers = std::move(headers),
                              .content_type = type,
                              .body = std::move(body),
                              .id = "r1"};
        return handlers::dispatch(services, request, pool).response;
    }
    static std::string member(const http::Response& response, const char* name) {
        const auto members = json::Object::parse(response.body, {.bytes = 1U << 20U})->members();
        const auto found = members.find(name);
        return found == members.end() ? "" : found->second;
    }
    static std::string text(const http::Response& response, const char* name) {
        return std::string{json::Object::parse(response.body)->string(name).value_or("")};
    }
    std::string bearer() { return "Bearer " + sign_in("ann@example.com", "correct horse")->tokens.access; }
    bool can_sign_in(const char* password) {
        clock.advance(1h);  // guesses before are forgotten
        return !!sign_in("ann@example.com", password);
    }
    users::User& row() { return users.rows.at(user.id).user; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(django_clients)

// ---- Forms

BOOST_FIXTURE_TEST_CASE(every_given_path_with_a_body_takes_both_forms_and_no_other, Fixture) {
    int takers = 0;
    for (const auto& route : handlers::all_routes()) {
        using handlers::Body;
        if (route.body == Body::none || route.body == Body::picture || route.body == Body::form) continue;
        std::string path{route.path};
        const auto token = bearer();
        for (const auto& type : {kUrlencoded, kUrlencoded + "; charset=utf-8", kMultipart}) {
            const auto body = type == kMultipart ? part("x", "1") + "--abc--" : "x=1"s;
            const auto response = form(std::string{route.method}.c_str(), path, body,
                                       {{"authorization", token}}, route.pool, type);
            BOOST_TEST((response.status != 415) == route.is_given, path << ' ' << type);
        }
        const auto latin = form(std::string{route.method}.c_str(), path, "x=1", {{"authorization", token}},
                                route.pool, kUrlencoded + "; charset=latin-1");
        BOOST_TEST(latin.status == 415, path);
        takers += route.is_given ? 1 : 0;
    }
    BOOST_TEST(takers == 15);
}

BOOST_FIXTURE_TEST_CASE(a_form_signs_up_and_in_as_json_does, Fixture) {
    const auto registered = form("POST", "/api/register",
                                 "email=bo%40example.com&username=bobby&full_name=Bo+B&password=correct+"
                                 "horse&password2=correct+horse");
    BOOST_TEST(registered.status == 201);
    BOOST_TEST(member(registered, "user").find(R"("full_name":"Bo B")") != std::string::npos);
    for (const auto* const path : {"/api/login", "/api/token", "/api/api/token"}) {
        const auto response = form("POST", path,
                                   part("email", "ann@example.com") + part("password", "correct horse") +
                                       part("device_token", "") + "--abc--",
                                   {}, kHash, kMultipart);
        BOOST_TEST(response.status == 200, path);
    }
    const auto differing = form("POST", "/api/register",
                                "email=cy%40example.com&username=cyril&password=correct+horse&password2=x");
    BOOST_TEST(code(differing) == "validation_failed");
}

BOOST_FIXTURE_TEST_CASE(a_form_that_could_be_read_in_two_ways_is_refused, Fixture) {
    const auto refused = [&](const std::string& body) { return code(form("POST", "/api/login", body)); };
    BOOST_TEST(refused("email=a%40b.example&email=c%40d.example&password=x") == "bad_request");
    BOOST_TEST(refused("email=%ff&password=x") == "bad_request");
    BOOST_TEST(refused("email=ann%40example.com&password=%00") == "bad_request");
    BOOST_TEST(refused("password=" + std::string(16 * 1024, 'x')) == "body_too_large");
    BOOST_TEST(refused("") == "validation_failed");
}

// ---- Forms and cookies: a page elsewhere can have a browser send a form

BOOST_FIXTURE_TEST_CASE(a_form_from_elsewhere_signs_nobody_in_by_cookie, Fixture) {
    const auto credentials = "email=ann%40example.com&password=correct+horse"s;
    const auto login = [&](http::Headers headers, const char* path = "/api/login") {
        return form("POST", path, credentials, std::move(headers));
    };
    for (const auto* const path : {"/api/login", "/api/token", "/api/api/token"}) {
        for (const auto& headers :
             {http::Headers{{"x-session-mode", "cookie"}},
              http::Headers{{"x-session-mode", "cookie"}, {"origin", "https://evil.example"}},
              http::Headers{{"x-session-mode", "cookie"}, {"origin", "null"}},
              http::Headers{{"x-session-mode", "cookie"}, {"sec-fetch-site", "cross-site"}},
              http::Headers{{"x-session-mode", "cookie"}, {"sec-fetch-site", "same-site"}},
              http::Headers{{"x-session-mode", "cookie"}, {"sec-fetch-site", "none"}},
              http::Headers{{"x-session-mode", "cookie"},
                            {"origin", "https://evil.example"},
                            {"sec-fetch-site", "same-origin"}},
              // A token of the attacker's own does not help.
              http::Headers{{"x-session-mode", "cookie"}, {"authorization", "Bearer x"}}}) {
            const auto response = login(headers, path);
            BOOST_TEST(code(response) == "cross_site_request", path);
            BOOST_TEST(jar(response).empty());
        }
        const auto own = login({{"x-session-mode", "cookie"}, {"origin", kOrigin}}, path);
        BOOST_TEST(own.status == 200, path);
        BOOST_TEST(jar(own).size() == 4U);
    }
    const auto registered =
        form("POST", "/api/register", "email=bo%40example.com", {{"x-session-mode", "cookie"}});
    BOOST_TEST(code(registered) == "cross_site_request");
    // Without cookies there is nothing to take care of: the tokens are in the body, which no other page
    // reads.
    const auto plain = login({{"origin", "https://evil.example"}});
    BOOST_TEST(plain.status == 200);
    BOOST_TEST(jar(plain).empty());
}

BOOST_FIXTURE_TEST_CASE(a_form_from_elsewhere_does_nothing_with_cookies, Fixture) {
    const auto signed_in = Browser::login();
    const auto before = sessions.rows.size();
    for (const auto* const name :
         {"__Host-csauth", "__Secure-csauth-refresh", "__Secure-csauth-device", "__Secure-csauth-site"}) {
        const auto sent = cookie(signed_in, name);
        for (const auto& route : handlers::all_routes()) {
            if (!route.is_given || route.body == handlers::Body::none) continue;
            const auto send_with = [&](http::Headers headers) {
                headers["cookie"] = sent;
                return code(form(std::string{route.method}.c_str(), std::string{route.path}, "bio=x",
                                 std::move(headers), route.pool));
            };
            BOOST_TEST(send_with({}) == "cross_site_request", route.path);
            BOOST_TEST(send_with({{"origin", "https://evil.example"}}) == "cross_site_request", route.path);
            BOOST_TEST(send_with({{"sec-fetch-site", "same-site"}}) == "cross_site_request", route.path);
        }
    }
    BOOST_TEST(row().bio.empty());
    BOOST_TEST(sessions.rows.size() == before);
    // From our own pages they work, also one cookie twice, which counts as none.
    const auto access = cookie(signed_in, "__Host-csauth");
    BOOST_TEST(form("PATCH", "/api/profile", "bio=x", {{"cookie", access}, {"origin", kOrigin}}).status ==
               200);
    BOOST_TEST(code(form("PATCH", "/api/profile", "bio=y", {{"cookie", access + "; " + access}})) ==
               "cross_site_request");
    // A token in a header is sent by a client's own will.
    BOOST_TEST(
        form("PATCH", "/api/profile", "bio=z", {{"cookie", access}, {"authorization", bearer()}}).status ==
        200);
}

BOOST_FIXTURE_TEST_CASE(a_request_without_a_body_is_no_form, Fixture) {
    // nginx asks about a form that a protected site gets, with the content type of that form.
    const auto access = cookie(Browser::login(), "__Host-csauth");
    const http::Headers headers{{"cookie", access}, {"origin", "https://wiki.example.com"}};
    BOOST_TEST(form("GET", "/auth/verify", "", headers, handlers::Pool::edge).status == 204);
    BOOST_TEST(form("GET", "/api/profile", "", {{"cookie", access}}, kApi).status == 200);
}

// ---- The profile

void change_password_by(Fixture& fixture, const char* method) {
    const auto other = fixture.bearer();
    const auto own = fixture.bearer();
    const auto mails = fixture.outbox.letters.size();
    const auto response = fixture.call(
        method, "/api/profile", {{"authorization", own}},
        R"({"bio":"Hi.","current_password":"correct horse","new_password":"quite another one"})", kHash);
    BOOST_TEST(response.status == 200, response.body);
    BOOST_TEST(Fixture::text(response, "bio") == "Hi.");
    BOOST_TEST(fixture.call("GET", "/api/profile", {{"authorization", own}}).status == 200);
    BOOST_TEST(Fixture::code(fixture.call("GET", "/api/profile", {{"authorization", other}})) ==
               "session_ended");
    BOOST_TEST(fixture.outbox.letters.size() == mails + 1);
    BOOST_TEST(fixture.audit.count(audit::Action::password_changed) == 1);
    BOOST_TEST(fixture.audit.count(audit::Action::user_updated) == 1);
    BOOST_TEST(!fixture.can_sign_in("correct horse"));
    BOOST_TEST(fixture.can_sign_in("quite another one"));
}

BOOST_FIXTURE_TEST_CASE(patch_changes_the_password_and_ends_other_sessions, Fixture) {
    change_password_by(*this, "PATCH");
}

BOOST_FIXTURE_TEST_CASE(put_changes_the_password_and_ends_other_sessions, Fixture) {
    change_password_by(*this, "PUT");
}

BOOST_FIXTURE_TEST_CASE(a_profile_that_is_refused_changes_nothing_of_it, Fixture) {
    const auto token = bearer();
    const auto refused = [&](const std::string& body) {
        clock.advance(5min);
        return call("PATCH", "/api/profile", {{"authorization", bearer()}}, body, kHash);
    };
    struct Case {
        const char* body;
        const char* pointer;
    };
    for (const auto& [body, pointer] :
         {Case{R"({"bio":"x","current_password":"wrong horse","new_password":"quite another one"})",
               "/current_password"},
          Case{R"({"bio":"x","new_password":"quite another one"})", "/current_password"},
          Case{R"({"bio":"x","current_password":"correct horse"})", "/new_password"},
          Case{R"({"bio":"x","current_password":"","new_password":""})", "/new_password"},
          Case{R"({"bio":"x","current_password":"correct horse","new_password":"short"})", "/new_password"},
          Case{R"({"bio":"x","current_password":"correct horse","new_password":"password123"})",
               "/new_password"},
          // The name that the account will have counts.
          Case{R"({"username":"margarita","current_password":"correct horse","new_password":"margarita1"})",
               "/new_password"},
          Case{R"({"bio":"x","current_password":1,"new_password":["x"]})", "/current_password"}}) {
        const auto response = refused(body);
        BOOST_TEST(code(response) == "validation_failed", body);
        BOOST_TEST(response.body.find("\"pointer\":\""s + pointer + '"') != std::string::npos, response.body);
    }
    BOOST_REQUIRE(!!register_account("bo@example.com", "bobby"));
    const auto taken = refused(
        R"({"username":"bobby","current_password":"correct horse","new_password":"quite another one"})");
    BOOST_TEST(code(taken) == "username_taken");
    BOOST_TEST(row().bio.empty());
    BOOST_TEST(row().username == "annie");
    BOOST_TEST(audit.count(audit::Action::password_changed) == 0);
    BOOST_TEST(can_sign_in("correct horse"));
}

BOOST_FIXTURE_TEST_CASE(guesses_through_the_profile_are_counted_as_elsewhere, Fixture) {
    const auto token = bearer();
    int answered = 0;
    while (answered < 20 &&
           call("PATCH", "/api/profile", {{"authorization", token}},
                R"({"current_password":"wrong horse","new_password":"quite another one"})", kHash)
                   .status == 422)
        ++answered;
    BOOST_TEST(answered == 5);
    BOOST_TEST(code(call("POST", "/api/password/change", {{"authorization", token}},
                         R"({"current_password":"correct horse","new_password":"quite another one"})",
                         kHash)) == "too_many_requests");
    BOOST_TEST(call("PATCH", "/api/profile", {{"authorization", token}}, R"({"bio":"x"})", kHash).status ==
               200);
}

BOOST_FIXTURE_TEST_CASE(patch_me_says_where_a_password_is_changed, Fixture) {
    for (const auto* const body :
         {R"({"new_password":"quite another one"})", R"({"current_password":"correct horse"})",
          R"({"bio":"x","current_password":"correct horse","new_password":"quite another"})"}) {
        const auto response = call("PATCH", "/api/me", {{"authorization", bearer()}}, body);
        BOOST_TEST(code(response) == "validation_failed");
        BOOST_TEST(response.body.find("read_only") != std::string::npos);
    }
    BOOST_TEST(row().bio.empty());
}

BOOST_FIXTURE_TEST_CASE(a_profile_takes_a_picture_and_a_password_in_one_form, Fixture) {
    const auto body = kAvatarPart + part("bio", "Hi.") + part("hide_presence", "on") + part("username", "") +
                      part("current_password", "correct horse") + part("new_password", "quite another one") +
                      "--abc--";
    const auto response =
        form("PATCH", "/api/profile", body, {{"authorization", bearer()}}, kHash, kMultipart);
    BOOST_TEST(response.status == 200, response.body);
    BOOST_TEST(text(response, "avatar").starts_with("/avatars/"));
    BOOST_TEST(row().bio == "Hi.");
    BOOST_TEST(row().hide_presence);
    BOOST_TEST(row().username == "annie");
    BOOST_TEST(avatar_files.kept.size() == 1U);
    BOOST_TEST(can_sign_in("quite another one"));

    // What came may be sent back; null takes the picture away, as does a field that was left empty.
    const auto session = "Bearer " + sign_in("ann@example.com", "quite another one")->tokens.access;
    const auto back = R"({"avatar":")" + text(response, "avatar") + R"("})";
    BOOST_TEST(call("PATCH", "/api/profile", {{"authorization", session}}, back, kHash).status == 200);
    BOOST_TEST(row().avatar.has_value());
    BOOST_TEST(
        call("PUT", "/api/profile", {{"authorization", session}}, R"({"avatar":null})", kHash).status == 200);
    BOOST_TEST(!row().avatar.has_value());
    BOOST_TEST(avatar_files.kept.empty());
    const auto again =
        form("PUT", "/api/profile", kAvatarPart + "--abc--", {{"authorization", session}}, kHash, kMultipart);
    BOOST_TEST(again.status == 200);
    BOOST_TEST(form("PATCH", "/api/profile", "avatar=", {{"authorization", session}}).status == 200);
    BOOST_TEST(!row().avatar.has_value());
}

BOOST_FIXTURE_TEST_CASE(a_picture_in_a_profile_is_refused_as_on_its_own_path, Fixture) {
    const auto send_parts = [&](const std::string& parts) {
        return form("PATCH", "/api/profile", parts + "--abc--", {{"authorization", bearer()}}, kHash,
                    kMultipart);
    };
    const auto no_picture = part("avatar", "nonsense", "; filename=\"x.png\"\r\nContent-Type: image/png");
    BOOST_TEST(code(send_parts(no_picture + part("bio", "x"))) == "unsupported_media_type");
    decoder.refusal = images::DecoderRefusal::bad_picture;
    BOOST_TEST(code(send_parts(kAvatarPart + part("bio", "x"))) == "validation_failed");
    decoder.refusal.reset();
    BOOST_TEST(code(send_parts(kAvatarPart + part("current_password", "wrong") +
                               part("new_password", "quite another one"))) == "validation_failed");
    BOOST_TEST(code(send_parts(part("avatar", "data:image/png;base64,AAAA"))) == "validation_failed");
    BOOST_TEST(code(call("PATCH", "/api/me", {{"authorization", bearer()}},
                         R"({"avatar":"https://x.example/me.png"})")) == "validation_failed");
    BOOST_TEST(row().bio.empty());
    BOOST_TEST(!row().avatar.has_value());
    BOOST_TEST(avatar_files.kept.empty());

    const auto large = [&](std::size_t size) {
        return code(send_parts(part("avatar", std::string(size, 'x'), "; filename=\"x\"")));
    };
    BOOST_TEST(large(images::kLargestPicture) == "unsupported_media_type");
    BOOST_TEST(large(images::kLargestPicture + 1) == "body_too_large");

    row().is_verified = false;
    const auto newcomer = register_account("bo@example.com", "bobby");
    BOOST_TEST(code(form("PATCH", "/api/profile", kAvatarPart + "--abc--",
                         {{"authorization", "Bearer " + newcomer->tokens.access}}, kHash, kMultipart)) ==
               "email_unverified");
}

// ---- Signing in and out

BOOST_FIXTURE_TEST_CASE(the_address_may_come_as_the_username_of_a_token_request, Fixture) {
    for (const auto* const path : {"/api/token", "/api/api/token"}) {
        for (const auto* const name : {"ann@example.com", "ANN@Example.com", "annie"}) {
            const auto response = call(
                "POST", path, {}, R"({"username":")"s + name + R"(","password":"correct horse"})", kHash);
            BOOST_TEST(response.status == 200, name);
            BOOST_TEST(!text(response, "refresh").empty());
        }
        for (const auto* const name : {"nobody@example.com", "@", "ann@", "ann@@example.com"})
            BOOST_TEST(
                code(call("POST", path, {}, R"({"username":")"s + name + R"(","password":"correct horse"})",
                          kHash)) == "invalid_credentials",
                name);
    }
}

BOOST_FIXTURE_TEST_CASE(the_doubled_pair_is_the_pair, Fixture) {
    const auto pair = call("POST", "/api/api/token/", {},
                           R"({"email":"ann@example.com","password":"correct horse"})", kHash);
    const auto refreshed =
        call("POST", "/api/api/token/refresh/", {}, R"({"refresh":")" + text(pair, "refresh") + R"("})");
    BOOST_TEST(refreshed.status == 200);
    BOOST_TEST(call("GET", "/api/me", {{"authorization", "Bearer " + text(refreshed, "access")}}).status ==
               200);
    BOOST_TEST(code(call("POST", "/api/api/token/refresh/", {}, R"({"refresh":"x"})")) == "invalid_token");
    BOOST_TEST(code(call("POST", "/api/api/login/", {}, "{}")) == "not_found");
}

BOOST_FIXTURE_TEST_CASE(a_refresh_token_alone_ends_its_session, Fixture) {
    for (const auto* const path : {"/api/logout", "/api/token/blacklist"}) {
        const auto own = sign_in("ann@example.com", "correct horse")->tokens;
        const auto other = sign_in("ann@example.com", "correct horse")->tokens;
        const auto body = R"({"refresh":")" + own.refresh + R"("})";
        clock.advance(15min);  // the access token has expired meanwhile
        const auto ended = call("POST", path, {}, body);
        BOOST_TEST(ended.status == (path == "/api/logout"s ? 204 : 200), path);
        BOOST_TEST(code(call("POST", "/api/token/refresh", {}, body)) == "session_ended");
        BOOST_TEST(code(call("POST", path, {}, body)) == "session_ended");
        BOOST_TEST(
            call("POST", "/api/token/refresh", {}, R"({"refresh":")" + other.refresh + R"("})").status ==
            200);
    }
    BOOST_TEST(audit.count(audit::Action::logout) == 2);
    BOOST_TEST(audit.count(audit::Action::token_reused) == 0);
}

BOOST_FIXTURE_TEST_CASE(a_token_that_was_traded_ends_its_session_without_an_alarm, Fixture) {
    const auto first = sign_in("ann@example.com", "correct horse")->tokens;
    const auto body = R"({"refresh":")" + first.refresh + R"("})";
    const auto second = call("POST", "/api/token/refresh", {}, body);
    const auto mails = outbox.letters.size();
    BOOST_TEST(call("POST", "/api/logout", {}, body).status == 204);
    BOOST_TEST(code(call("GET", "/api/me", {{"authorization", "Bearer " + text(second, "access")}})) ==
               "session_ended");
    BOOST_TEST(outbox.letters.size() == mails);
}

BOOST_FIXTURE_TEST_CASE(no_other_token_ends_a_session, Fixture) {
    const auto own = sign_in("ann@example.com", "correct horse")->tokens;
    const auto refused = [&](const char* path, const std::string& body) {
        return code(call("POST", path, {}, body));
    };
    for (const auto& bad : {own.access, own.refresh + "x", "x"s}) {
        BOOST_TEST(refused("/api/logout", R"({"refresh":")" + bad + R"("})") == "invalid_token");
        BOOST_TEST(refused("/api/token/blacklist", R"({"refresh":")" + bad + R"("})") == "invalid_token");
    }
    BOOST_TEST(refused("/api/logout", "{}") == "authentication_required");
    BOOST_TEST(refused("/api/logout", "") == "authentication_required");
    BOOST_TEST(refused("/api/token/blacklist", "{}") == "validation_failed");
    const auto body = R"({"refresh":")" + own.refresh + R"("})";
    BOOST_TEST(refused("/api/logout?scope=all", body) == "authentication_required");
    BOOST_TEST(refused("/api/logout?scope=others", body) == "authentication_required");
    // An access token that is bad is not made up for.
    BOOST_TEST(code(call("POST", "/api/logout", {{"authorization", "Bearer x"}}, body)) == "invalid_token");
    clock.advance(24h * 31);
    BOOST_TEST(refused("/api/logout", body) == "token_expired");
    BOOST_TEST(audit.count(audit::Action::logout) == 0);
}

BOOST_FIXTURE_TEST_CASE(a_signed_in_caller_needs_no_address_for_another_mail, Fixture) {
    const auto newcomer = register_account("bo@example.com", "bobby");
    const auto before = mail_requests.rows.size();
    const http::Headers headers{{"authorization", "Bearer " + newcomer->tokens.access}};
    for (const auto* const body : {"", "{}", R"({"email":null})"})
        BOOST_TEST(call("POST", "/api/resend-verification", headers, body).status == 202, body);
    BOOST_TEST(form("POST", "/api/resend-verification", "email=", headers, kApi).status == 202);
    BOOST_REQUIRE(mail_requests.rows.size() > before);
    BOOST_TEST(mail_requests.rows.back().request.email_key == "bo@example.com");

    const auto access = cookie(Browser::login(), "__Host-csauth");
    BOOST_TEST(call("POST", "/api/resend-verification", {{"cookie", access}, {"origin", kOrigin}}).status ==
               202);
    clock.advance(15min);  // requests are counted
    for (const auto& stranger : {http::Headers{}, http::Headers{{"cookie", access}},
                                 http::Headers{{"cookie", access}, {"origin", "https://evil.example"}}})
        BOOST_TEST(code(call("POST", "/api/resend-verification", stranger)) == "validation_failed");
    clock.advance(1h);
    BOOST_TEST(code(call("POST", "/api/resend-verification", headers)) == "token_expired");
}

// ---- Answers

BOOST_FIXTURE_TEST_CASE(plain_json_has_fields_as_drf_has_them, Fixture) {
    const auto sent = [&](const std::string& accept, const char* path, const std::string& body) {
        return call("POST", path, {{"accept", accept}}, body, kHash);
    };
    const auto refused = sent(kAxios, "/api/register", R"({"email":"nonsense","username":"annie"})");
    BOOST_TEST(refused.status == 422);
    BOOST_TEST(refused.content_type == "application/json; charset=utf-8");
    BOOST_TEST(member(refused, "email").starts_with("[\""));
    BOOST_TEST(member(refused, "password") == R"(["This member is required."])");
    BOOST_TEST(text(refused, "code") == "validation_failed");
    BOOST_TEST(!member(refused, "errors").empty());
    const auto taken = sent(kAxios, "/api/register",
                            R"({"email":"ann@example.com","username":"other","password":"correct horse"})");
    BOOST_TEST(taken.status == 409);
    BOOST_TEST(member(taken, "email") == R"(["This address has an account."])");
    BOOST_TEST(member(sent(kAxios, "/api/login", "[]"), "non_field_errors").starts_with("[\""));
    // Others get the problem document alone, and so do other paths.
    for (const auto* const accept : {"", "*/*", "application/json, application/problem+json"}) {
        const auto document = sent(accept, "/api/register", "{}");
        BOOST_TEST(document.content_type == "application/problem+json; charset=utf-8");
        BOOST_TEST(member(document, "email").empty());
    }
    const auto own_path = sent(kAxios, "/api/password/reset", "{}");
    BOOST_TEST(own_path.content_type == "application/problem+json; charset=utf-8");
    BOOST_TEST(member(own_path, "token").empty());
}

BOOST_FIXTURE_TEST_CASE(plain_json_has_one_code_for_each_refused_token, Fixture) {
    const auto token = bearer();
    const auto pair = sign_in("ann@example.com", "correct horse")->tokens;
    const auto shown = [&](const std::string& authorization, const char* path = "/api/profile") {
        return call("GET", path, {{"accept", kAxios}, {"authorization", authorization}});
    };
    const auto invalid = shown("Bearer x");
    BOOST_TEST(code(invalid) == "token_not_valid");
    BOOST_TEST(text(invalid, "type") == "/problems/invalid_token");
    BOOST_TEST(header(invalid, "WWW-Authenticate").find("invalid_token") != std::string::npos);
    BOOST_TEST(call("POST", "/api/logout", {{"authorization", token}}).status == 204);
    BOOST_TEST(code(shown(token)) == "token_not_valid");
    clock.advance(15min);
    const auto expired = shown("Bearer " + pair.access);
    BOOST_TEST(code(expired) == "token_not_valid");
    BOOST_TEST(text(expired, "type") == "/problems/token_expired");
    for (const auto* const path : {"/api/token/refresh", "/api/api/token/refresh", "/api/token/blacklist"})
        BOOST_TEST(code(call("POST", path, {{"accept", "application/json"}}, R"({"refresh":"x"})")) ==
                   "token_not_valid");
    // No token at all is no refused token.
    BOOST_TEST(code(call("GET", "/api/profile", {{"accept", kAxios}})) == "authentication_required");
    BOOST_TEST(code(shown("Bearer x", "/api/me")) == "invalid_token");
    BOOST_TEST(code(call("GET", "/api/profile", {{"authorization", "Bearer x"}})) == "invalid_token");
}

BOOST_FIXTURE_TEST_CASE(plain_json_has_a_message_when_signing_out, Fixture) {
    const auto signed_out = [&](const std::string& accept) {
        return call("POST", "/api/logout", {{"accept", accept}, {"authorization", bearer()}});
    };
    const auto told = signed_out(kAxios);
    BOOST_TEST(told.status == 200);
    BOOST_TEST(!text(told, "message").empty());
    BOOST_TEST(signed_out("").status == 204);
    BOOST_TEST(signed_out("*/*").status == 204);
}

BOOST_AUTO_TEST_SUITE_END()
