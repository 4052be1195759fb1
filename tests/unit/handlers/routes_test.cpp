#include "handlers/routes.h"

#include "handlers/dispatch.h"

#include <boost/test/unit_test.hpp>

#include "fakes/dispatching.h"
#include "images/picture.h"

using namespace csauth;
using Fixture = fakes::Dispatching;

BOOST_AUTO_TEST_SUITE(routes)

BOOST_FIXTURE_TEST_CASE(a_path_is_found_with_and_without_its_trailing_slash, Fixture) {
    for (const char* path : {"/healthz", "/healthz/", "/api/whoami", "/api/whoami/"})
        BOOST_TEST(send("GET", path).status == 200, path);
    for (const char* path : {"", "/", "/api", "/api/", "/api/nothing", "/healthz//", "/api/me/x.css",
                             "/api//me", "/API/me", "/api/verify-email//", "/api/verify-email/a/b"})
        BOOST_TEST(code(send("GET", path)) == "not_found", path);
}

BOOST_FIXTURE_TEST_CASE(each_route_takes_its_own_length_of_body, Fixture) {
    const auto padded = [](std::size_t size) { return "{}" + std::string(size - 2, ' '); };
    BOOST_TEST(code(send("POST", "/api/login", padded(16 * 1024), "", handlers::Pool::hash)) ==
               "validation_failed");
    BOOST_TEST(code(send("POST", "/api/login", padded(16 * 1024 + 1), "", handlers::Pool::hash)) ==
               "body_too_large");
    BOOST_TEST(code(send("PUT", "/api/me/avatar", padded(images::kLargestPicture))) ==
               "unsupported_media_type");
    BOOST_TEST(code(send("PUT", "/api/me/avatar", padded(images::kLongestUpload + 1))) == "body_too_large");
}

// Walks the table: whatever says that it is limited is limited by the service itself, also where nginx is not
// asked.
BOOST_FIXTURE_TEST_CASE(every_route_with_a_limit_has_it, Fixture) {
    ann();
    const auto access = sign_in("ann@example.com", "correct horse")->tokens.access;
    for (const auto& route : handlers::all_routes()) {
        const bool counts = route.limit != limits::Limit::none && route.limit != limits::Limit::refresh &&
                            route.limit != limits::Limit::check;
        clock.advance(std::chrono::hours{9});  // every bucket is empty again
        const auto fresh = sign_in("ann@example.com", "correct horse");
        std::string path{route.path};
        if (const auto at = path.find("{token}"); at != std::string::npos)
            path.replace(at, 7, std::string(43, 'A'));
        int answered = 0;
        for (; answered < 40; ++answered) {
            http::Request request{
                .method = std::string{route.method}, .path = path, .remote_ip = "192.0.2.1", .id = "r1"};
            request.content_type = route.body == handlers::Body::picture ? "image/png" : "application/json";
            if (route.body != handlers::Body::none) request.body = "{}";
            if (route.access != handlers::Access::anyone)
                request.headers["authorization"] = "Bearer " + fresh->tokens.access;
            if (path == "/api/logout") break;  // it would end the session
            if (handlers::dispatch(services, request, route.pool).response.status == 429) break;
        }
        if (path == "/api/logout") continue;
        BOOST_TEST((answered < 40) == counts, route.method << ' ' << route.path << ": " << answered);
        if (counts) BOOST_TEST(answered >= 5, route.path);
    }
}

BOOST_FIXTURE_TEST_CASE(a_wrong_method_is_told_the_right_ones, Fixture) {
    for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "get", "TRACE", ""}) {
        const auto response = send(method, "/healthz");
        BOOST_TEST(response.status == 405, method);
        BOOST_TEST(header(response, "Allow") == "GET, HEAD");
    }
    BOOST_TEST(send("HEAD", "/healthz").status == 200);
    BOOST_TEST(header(send("GET", "/api/login"), "Allow") == "POST");
}

BOOST_FIXTURE_TEST_CASE(a_worker_refuses_the_routes_of_another_pool, Fixture) {
    for (const auto& route : handlers::all_routes()) {
        const auto other = route.pool == handlers::Pool::api ? handlers::Pool::hash : handlers::Pool::api;
        const std::string path{route.path};  // whose {…} are as good as any segment
        const auto refused = send(std::string{route.method}.c_str(), path, "", "", other);
        if (path.starts_with("/auth/"))
            BOOST_TEST(header(refused, "X-Auth-Reason") == "misdirected_request");
        else if (path.starts_with("/oauth/"))
            BOOST_TEST(refused.status == 421);
        else
            BOOST_TEST(code(refused) == "misdirected_request", path);
    }
}

BOOST_FIXTURE_TEST_CASE(a_route_for_callers_asks_who_they_are, Fixture) {
    const auto anonymous = send("GET", "/api/me");
    BOOST_TEST(code(anonymous) == "authentication_required");
    BOOST_TEST(header(anonymous, "WWW-Authenticate") == R"(Bearer realm="csauth")");
    BOOST_TEST(code(send("GET", "/api/me", "", "nonsense")) == "invalid_token");
    ann();
    const auto pair = sign_in("ann@example.com", "correct horse")->tokens;
    BOOST_TEST(send("GET", "/api/me", "", pair.access).status == 200);
    BOOST_TEST(code(send("GET", "/api/me", "", pair.refresh)) == "invalid_token");
    clock.advance(std::chrono::minutes{10});
    BOOST_TEST(code(send("GET", "/api/me", "", pair.access)) == "token_expired");
    BOOST_TEST(code(send("POST", "/api/verify-email", R"({"token":"x"})", pair.access,
                         handlers::Pool::hash)) == "token_expired");
    BOOST_TEST(send("POST", "/api/logout", "", pair.access).status ==
               204);  // an expired token is enough to leave
    BOOST_TEST(code(send("POST", "/api/logout", "", pair.access)) == "session_ended");
}

BOOST_FIXTURE_TEST_CASE(an_expired_token_does_not_throw_others_out, Fixture) {
    ann();
    const auto token = sign_in("ann@example.com", "correct horse")->tokens.access;
    http::Request request{.method = "POST", .path = "/api/logout", .query = "scope=all", .id = "r1"};
    request.headers["authorization"] = "bEaReR " + token;
    clock.advance(std::chrono::minutes{10});
    BOOST_TEST(code(handlers::dispatch(services, request, handlers::Pool::api).response) == "token_expired");
    clock.advance(-std::chrono::minutes{10});
    for (const char* bad : {"scope=none", "scope=", "scope=this&scope=all"}) {
        request.query = bad;
        BOOST_TEST(code(handlers::dispatch(services, request, handlers::Pool::api).response) == "bad_request",
                   bad);
    }
    request.query = "scope=all";
    BOOST_TEST(handlers::dispatch(services, request, handlers::Pool::api).response.status == 204);
}

BOOST_FIXTURE_TEST_CASE(a_body_must_be_what_the_route_takes, Fixture) {
    http::Request request{
        .method = "POST", .path = "/api/token/refresh/", .body = R"({"refresh":"x"})", .id = "r1"};
    const auto with_type = [&](const char* type) {
        request.content_type = type;
        return handlers::dispatch(services, request, handlers::Pool::api).response.status;
    };
    for (const char* good : {"application/json", "Application/JSON", "application/json; charset=utf-8",
                             "application/json;charset=\"UTF-8\""})
        BOOST_TEST(with_type(good) == 401, good);
    for (const char* bad : {"", "text/plain", "multipart/mixed; boundary=x",
                            "application/json; charset=latin-1", "application/jsonp", "json"})
        BOOST_TEST(with_type(bad) == 415, bad);
}

BOOST_FIXTURE_TEST_CASE(upload_needs_a_confirmed_address, Fixture) {
    const auto admitted = register_account("ann@example.com", "annie");
    http::Request upload{.method = "PUT", .path = "/api/me/avatar", .body = "no picture", .id = "r1"};
    upload.content_type = "image/png";
    const auto sent_with = [&](const std::string& token) {
        upload.headers["authorization"] = "Bearer " + token;
        return code(handlers::dispatch(services, upload, handlers::Pool::api).response);
    };
    BOOST_TEST(sent_with(admitted->tokens.access) == "email_unverified");
    // They may still take a picture away that they have from before.
    BOOST_TEST(send("DELETE", "/api/me/avatar", "", admitted->tokens.access).status == 200);
    users.rows.at(admitted->user.id).user.is_verified = true;
    const auto again = sign_in("ann@example.com", "correct horse");
    BOOST_TEST(sent_with(again->tokens.access) == "unsupported_media_type");
}

BOOST_FIXTURE_TEST_CASE(readiness_is_asked_for, Fixture) {
    BOOST_TEST(send("GET", "/readyz").status == 200);
    ready.ready = false;
    const auto response = send("GET", "/readyz");
    BOOST_TEST(code(response) == "service_unavailable");
    BOOST_TEST(header(response, "Retry-After") == "2");
}

BOOST_FIXTURE_TEST_CASE(no_answer_holds_what_only_the_service_may_know, Fixture) {
    const auto registered = send("POST", "/api/register",
                                 R"({"email":"ann@example.com","username":"annie","password":"correct horse",
        "is_verified":true,"roles":["admin"],"epoch":7,"id":"x","password_hash":"x"})",
                                 "", handlers::Pool::hash);
    BOOST_REQUIRE(registered.status == 201);
    for (const char* secret : {"argon2", "password", "email_key", "epoch"})
        BOOST_TEST(registered.body.find(secret) == std::string::npos, secret);
    BOOST_TEST(registered.body.find(outbox.letters.at(0).secret) == std::string::npos);
    const auto& user = users.rows.begin()->second.user;
    BOOST_TEST(!user.is_verified);
    BOOST_TEST(user.epoch == 0U);
    BOOST_TEST(roles.held_by(user.id).at(0).name == "member");
}

BOOST_AUTO_TEST_SUITE_END()
