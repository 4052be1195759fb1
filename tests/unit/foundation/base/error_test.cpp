#include "base/error.h"

#include <boost/test/unit_test.hpp>

using namespace csauth;

BOOST_AUTO_TEST_SUITE(error)

BOOST_AUTO_TEST_CASE(an_invalid_field_is_named_with_its_reason) {
    const auto refusal = invalid_field("new_email", FieldCode::taken, "This address has an account.");
    BOOST_TEST((refusal.code == ErrorCode::validation_failed));
    BOOST_TEST(refusal.detail == "This address has an account.");
    BOOST_REQUIRE(refusal.fields.size() == 1U);
    BOOST_TEST(refusal.fields.front().field == "new_email");
    BOOST_TEST((refusal.fields.front().code == FieldCode::taken));
    BOOST_TEST(refusal.fields.front().detail == refusal.detail);
}

BOOST_AUTO_TEST_SUITE_END()
