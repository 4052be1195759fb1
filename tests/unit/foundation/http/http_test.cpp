#include <boost/test/unit_test.hpp>

#include "http/body_reader.h"
#include "http/form.h"
#include "http/problem.h"
#include "json/object.h"
#include "users/email.h"
#include "users/password.h"

using namespace csauth;

BOOST_AUTO_TEST_SUITE(form)

BOOST_AUTO_TEST_CASE(a_query_is_decoded_once) {
    const auto query =
        http::parse_query("scope=all&name=a+b%20c&double=%2541&empty=&bare&semi=a;b=c&u=%C3%A4");
    BOOST_REQUIRE(query);
    BOOST_TEST(query->get("scope").value() == "all");
    BOOST_TEST(query->get("name").value() == "a b c");
    BOOST_TEST(query->get("double").value() == "%41");
    BOOST_TEST(query->get("empty").value() == "");
    BOOST_TEST(query->get("bare").value() == "");
    BOOST_TEST(query->get("semi").value() == "a;b=c");
    BOOST_TEST(query->get("u").value() == "\xc3\xa4");
    BOOST_TEST(!query->get("Scope").has_value());
    BOOST_TEST(http::parse_query("")->all().empty());
}

BOOST_AUTO_TEST_CASE(a_list_in_a_query_may_be_repeated) {
    const auto query = http::parse_query("users=a&x=1&users=b,c&users=d", "users");
    BOOST_REQUIRE(query);
    BOOST_TEST(query->get("users").value() == "a,b,c,d");
    BOOST_TEST(query->get("x").value() == "1");
    BOOST_TEST(query->all().size() == 2u);
    BOOST_TEST(http::parse_query("x=1", "users")->all().size() == 1u);
    BOOST_TEST(!http::parse_query("users=a&x=1&x=2", "users"));
    std::string most = "users=a";
    for (std::size_t i = 1; i < http::kMostParameters; ++i)
        most += "&users=a";
    BOOST_TEST(bool{http::parse_query(most, "users")});
    BOOST_TEST(!http::parse_query(most + "&users=a", "users"));
}

BOOST_AUTO_TEST_CASE(a_query_that_could_be_read_in_two_ways_is_refused) {
    std::string many = "a0=";
    for (int i = 1; i <= 64; ++i)
        many += "&a" + std::to_string(i) + "=";
    for (const std::string& bad :
         {std::string{"a=1&a=2"}, std::string{"a=%zz"}, std::string{"a=%4"}, std::string{"a=%"},
          std::string{"a=%00"}, std::string{"a=%ff"}, many, "a=" + std::string(http::kLongestQuery, 'x')}) {
        const auto query = http::parse_query(bad);
        BOOST_TEST(!query, bad.substr(0, 40));
        if (!query) BOOST_CHECK(query.error().code == ErrorCode::bad_request);
    }
}

BOOST_AUTO_TEST_CASE(cookies_are_read_by_name) {
    const auto cookies = http::parse_cookies("__Host-csauth=a.b-c_d==; other=\"quoted\";third=3");
    BOOST_REQUIRE(cookies);
    BOOST_TEST(cookies->get("__Host-csauth").value() == "a.b-c_d==");
    BOOST_TEST(cookies->get("third").value() == "3");
    const auto twice = http::parse_cookies("a=1; b=2; a=3");
    BOOST_TEST(twice->all().size() == 3U);
    BOOST_TEST(twice->get("b").value() == "2");
    BOOST_TEST(!http::parse_cookies(std::string(16 * 1024 + 1, 'x')));
    std::string many = "c0=1";
    for (int i = 1; i <= 64; ++i)
        many += "; c" + std::to_string(i) + "=1";
    BOOST_TEST(!http::parse_cookies(many));
    BOOST_TEST(http::parse_cookies("")->all().empty());
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(body_reader)

BOOST_AUTO_TEST_CASE(all_complaints_come_at_once) {
    http::BodyReader body{R"({"email":"nonsense","password":5,"nil":null})"};
    BOOST_TEST(!body.required<users::Email>("email").has_value());
    BOOST_TEST(!body.required<users::Password>("password").has_value());
    BOOST_TEST(!body.required<users::Email>("nil").has_value());
    BOOST_TEST(!body.optional<users::Email>("missing").has_value());
    BOOST_TEST(!body.ok());
    const auto error = body.error();
    BOOST_CHECK(error.code == ErrorCode::validation_failed);
    BOOST_REQUIRE(error.fields.size() == 3);
    BOOST_TEST(error.fields[0].field == "email");
    BOOST_CHECK(error.fields[0].code == FieldCode::invalid);
    BOOST_CHECK(error.fields[1].code == FieldCode::wrong_type);
    BOOST_CHECK(error.fields[2].code == FieldCode::required);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_object_is_told_apart_from_one_that_is_no_json) {
    http::BodyReader list{"[]"};
    BOOST_TEST(!list.required<users::Email>("email").has_value());
    BOOST_CHECK(list.error().code == ErrorCode::validation_failed);
    BOOST_TEST(list.error().fields.at(0).field == "");
    http::BodyReader nonsense{"{"};
    BOOST_CHECK(nonsense.error().code == ErrorCode::malformed_json);
    http::BodyReader empty{""};
    BOOST_CHECK(empty.error().code == ErrorCode::malformed_json);
    http::BodyReader may_be_empty{"", true};
    BOOST_TEST(may_be_empty.ok());
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(problem)

BOOST_AUTO_TEST_CASE(a_problem_has_every_member_of_its_kind) {
    const auto response = http::problem({.code = ErrorCode::validation_failed,
                                         .detail = "No \"good\".",
                                         .fields = {{"email", FieldCode::too_long, "Too long."}}},
                                        "r1");
    BOOST_TEST(response.status == 422);
    BOOST_TEST(response.content_type == "application/problem+json; charset=utf-8");
    BOOST_TEST(
        response.body ==
        R"({"type":"/problems/validation_failed","title":"Some members are not valid","status":422,)"
        R"("detail":"No \"good\".","code":"validation_failed","instance":"r1",)"
        R"("errors":[{"pointer":"/email","code":"too_long","detail":"Too long."}],"error":"No \"good\"."})");
}

BOOST_AUTO_TEST_CASE(members_of_the_document_win_over_fields_of_their_name) {
    const Error error{.code = ErrorCode::validation_failed,
                      .detail = "Bad.",
                      .fields = {{"status", FieldCode::invalid, "No status."},
                                 {"bio", FieldCode::too_long, "Too long."},
                                 {"", FieldCode::wrong_type, "No object."},
                                 {"bio", FieldCode::invalid, "No \"bio\"."},
                                 {"tags/0", FieldCode::invalid, "No tag."}}};
    const auto response = http::drf_problem(error, "r1");
    BOOST_TEST(response.status == 422);
    BOOST_TEST(response.content_type == "application/json; charset=utf-8");
    const auto document = http::problem(error, "r1").body;
    BOOST_TEST(
        response.body ==
        document.substr(0, document.size() - 1) +
            R"(,"bio":["Too long.","No \"bio\"."],"non_field_errors":["No object."],"tags":["No tag."]})");
}

std::optional<std::string> header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return std::nullopt;
}

BOOST_AUTO_TEST_CASE(the_headers_follow_the_status) {
    BOOST_TEST(header(http::problem({.code = ErrorCode::authentication_required}, "r"), "WWW-Authenticate")
                   .value() == R"(Bearer realm="csauth")");
    BOOST_TEST(header(http::problem({.code = ErrorCode::token_expired}, "r"), "WWW-Authenticate").value() ==
               R"(Bearer realm="csauth", error="invalid_token")");
    BOOST_TEST(
        header(http::problem({.code = ErrorCode::service_unavailable}, "r"), "Retry-After").has_value());
    BOOST_TEST(
        header(http::problem({.code = ErrorCode::too_many_requests, .retry_after = std::chrono::seconds{17}},
                             "r"),
               "Retry-After")
            .value() == "17");
    BOOST_TEST(!header(http::problem({.code = ErrorCode::not_found}, "r"), "Retry-After").has_value());
}

BOOST_AUTO_TEST_CASE(every_code_has_its_own_entry) {
    for (int i = 0; i <= static_cast<int>(ErrorCode::service_unavailable); ++i) {
        const auto& kind = http::kind_of(static_cast<ErrorCode>(i));
        BOOST_TEST(kind.status >= 400);
        BOOST_TEST(!kind.title.empty());
        BOOST_TEST(!kind.remedy.empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
