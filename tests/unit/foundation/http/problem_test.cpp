#include "http/problem.h"

#include <boost/test/unit_test.hpp>

#include "http/body_reader.h"
#include "json/object.h"
#include "users/email.h"

using namespace csauth;

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
