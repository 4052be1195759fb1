#include "http/body_reader.h"

#include <boost/test/unit_test.hpp>

#include "users/email.h"
#include "users/password.h"

using namespace csauth;

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
