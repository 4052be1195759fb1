#include "server/cgi.h"

#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>

using namespace csauth;

namespace {

using Given = std::initializer_list<std::pair<const char*, const char*>>;

server::Parameters parameters(Given given) {
    server::Parameters result;
    for (const auto& [name, value] : given)
        result.add(name, value);
    return result;
}

Result<http::Request> request_to(const char* raw_uri) {
    return parameters({{"REQUEST_URI", raw_uri}, {"DOCUMENT_URI", "/api/me"}}).take_request("id");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cgi)

BOOST_AUTO_TEST_CASE(path_that_two_readers_could_read_differently_is_refused) {
    for (const char* path :
         {"/api//me", "/api/../me", "/api/%2e%2e%2fme", "/api/%2E", "/api%2fme", "/api%5Cme", "/api\\me",
          "/api/me%00", "/api/./me", "/api/..", "/api/.", "/api//me?a=b"}) {
        const auto request = request_to(path);
        BOOST_REQUIRE_MESSAGE(!request, path);
        BOOST_CHECK(request.error().code == ErrorCode::bad_request);
    }
    for (const char* path : {"/api/me", "/api/me/", "/api/m.e", "/api/...", "/api/.me", "/api/m%65",
                             "/api/me?next=//x/../%2e%00"})
        BOOST_TEST(!!request_to(path), path);
}

BOOST_AUTO_TEST_CASE(one_parameter_too_many_is_refused_not_dropped) {
    const auto request_with = [](std::size_t parameters) {
        server::Parameters given;
        for (const auto& [name, value] :
             std::initializer_list<std::pair<const char*, const char*>>{{"FCGI_ROLE", "RESPONDER"},
                                                                        {"REQUEST_METHOD", "GET"},
                                                                        {"REQUEST_URI", "/x"},
                                                                        {"CSAUTH_END", "1"}})
            given.add(name, value);
        constexpr std::size_t of_snippet = 4;
        for (std::size_t i = of_snippet; i + 1 < parameters; ++i)
            given.add("HTTP_X_" + std::to_string(i), "junk");
        given.add("HTTP_ORIGIN", "https://evil.example");
        BOOST_TEST(given.is_whole());
        return given.take_request("id");
    };
    const auto most = request_with(server::kMostParameters);
    BOOST_REQUIRE(!!most);
    BOOST_TEST(most->header("origin") == "https://evil.example");
    const auto one_more = request_with(server::kMostParameters + 1);
    BOOST_REQUIRE(!one_more);
    BOOST_CHECK(one_more.error().code == ErrorCode::headers_too_large);
}

BOOST_AUTO_TEST_CASE(requirement_comes_from_the_parameter_alone) {
    const auto request_with = [](std::initializer_list<std::pair<const char*, const char*>> parameters) {
        server::Parameters given;
        for (const auto& [name, value] : parameters)
            given.add(name, value);
        return *given.take_request("id");
    };
    BOOST_TEST(
        !request_with({{"HTTP_CSAUTH_REQUIRE", "any"}, {"QUERY_STRING", "any"}}).requirement.has_value());
    BOOST_TEST(request_with({{"CSAUTH_REQUIRE", "any"}, {"CSAUTH_REQUIRE", "x"}}).requirement.value() ==
               "any");
    BOOST_TEST(request_with({{"CSAUTH_REQUIRE", ""}}).requirement.value().empty());
    BOOST_TEST(request_with({{"CSAUTH_LISTENER", "remote"}}).is_from_remote_proxy);
    BOOST_TEST(!request_with({{"HTTP_CSAUTH_LISTENER", "remote"}}).is_from_remote_proxy);
}

BOOST_AUTO_TEST_CASE(only_a_request_with_its_last_parameter_is_whole) {
    const Given all{
        {"FCGI_ROLE", "RESPONDER"}, {"REQUEST_METHOD", "GET"}, {"REQUEST_URI", "/x"}, {"CSAUTH_END", "1"}};
    BOOST_TEST(parameters(all).is_whole());
    for (const auto& missing : all) {
        server::Parameters others;
        for (const auto& [name, value] : all)
            if (std::string_view{name} != missing.first) others.add(name, value);
        BOOST_TEST(!others.is_whole(), missing.first);
    }
    BOOST_TEST(!parameters({{"FCGI_ROLE", "AUTHORIZER"},
                            {"REQUEST_METHOD", "GET"},
                            {"REQUEST_URI", "/x"},
                            {"CSAUTH_END", "1"}})
                    .is_whole());
}

BOOST_AUTO_TEST_CASE(repeated_headers_are_joined_refused_or_the_first) {
    const auto given = [](const char* name, const char* first, const char* second) {
        return parameters({{"REQUEST_URI", "/x"}, {name, first}, {name, second}}).take_request("id");
    };
    BOOST_TEST(given("HTTP_COOKIE", "a=1", "b=2")->header("cookie") == "a=1; b=2");
    BOOST_TEST(given("HTTP_ACCEPT_LANGUAGE", "de", "fr")->header("accept-language") == "de");
    BOOST_TEST(given("REMOTE_ADDR", "192.0.2.1", "192.0.2.2")->remote_ip == "192.0.2.1");
    const auto refused = given("HTTP_AUTHORIZATION", "Bearer a", "Bearer b");
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.error().code == ErrorCode::bad_request);
}

BOOST_AUTO_TEST_CASE(request_id_is_nginxs_or_a_new_one) {
    const std::string good = "0123456789abcdef0123456789abcdef";
    BOOST_TEST(parameters({{"CSAUTH_REQUEST_ID", good.c_str()}}).request_id() == good);
    for (const char* bad : {"", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0",
                            "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcde\n"}) {
        const auto id = parameters({{"CSAUTH_REQUEST_ID", bad}}).request_id();
        BOOST_TEST(id != bad);
        BOOST_TEST(id.size() == 32U);
        BOOST_TEST(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    }
    BOOST_TEST(server::Parameters{}.request_id() != server::Parameters{}.request_id());
}

BOOST_AUTO_TEST_CASE(length_of_the_body_is_a_number_or_absent) {
    const auto length = [](const char* text) { return parameters({{"CONTENT_LENGTH", text}}).body_length(); };
    BOOST_TEST(*length("") == 0U);
    BOOST_TEST(*length("0") == 0U);
    BOOST_TEST(*length("18446744073709551615") == 18446744073709551615U);
    for (const char* bad : {"18446744073709551616", "-1", "+1", " 1", "1 ", "0x10", "1,1", "ten"}) {
        const auto refused = length(bad);
        BOOST_REQUIRE_MESSAGE(!refused, bad);
        BOOST_CHECK(refused.error().code == ErrorCode::bad_request);
    }
}

// RFC 9112, section 4: "a server MUST send the space that separates the status-code from the reason-phrase
// even when the reason-phrase is absent". nginx copies the text after "Status: ".
BOOST_AUTO_TEST_CASE(head_has_a_space_after_every_status) {
    BOOST_TEST(server::response_head({.status = 404}, 0).starts_with("Status: 404 Not Found\r\n"));
    BOOST_TEST(server::response_head({.status = 599}, 0).starts_with("Status: 599 \r\n"));
}

BOOST_AUTO_TEST_CASE(head_says_what_is_known_of_the_body) {
    const auto head = [](int status, std::optional<std::size_t> length) {
        return server::response_head(
            {.status = status, .content_type = "text/plain", .headers = {{"X", "y"}}}, length);
    };
    BOOST_TEST(head(200, 5) ==
               "Status: 200 OK\r\nContent-Type: text/plain\r\nX: y\r\nContent-Length: 5\r\n\r\n");
    BOOST_TEST(head(200, std::nullopt) == "Status: 200 OK\r\nContent-Type: text/plain\r\nX: y\r\n\r\n");
    BOOST_TEST(head(202, 0) == "Status: 202 Accepted\r\nX: y\r\nContent-Length: 0\r\n\r\n");
    BOOST_TEST(head(204, 0) == "Status: 204 No Content\r\nX: y\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(header_value_can_not_begin_another_header) {
    for (const char* bad : {"a\r\nSet-Cookie: b", "a\nSet-Cookie: b", "a\r"})
        BOOST_CHECK_THROW(server::response_head({.headers = {{"X", bad}}}, 0), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
