#include "audit/unwritten.h"

#include <sys/wait.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>

using namespace csauth;

BOOST_AUTO_TEST_SUITE(unwritten)

BOOST_AUTO_TEST_CASE(each_refusal_is_taken_once) {
    audit::Unwritten refusals;
    BOOST_TEST(refusals.take() == 0U);
    refusals.note();
    refusals.note();
    BOOST_TEST(refusals.take() == 2U);
    BOOST_TEST(refusals.take() == 0U);
}

BOOST_AUTO_TEST_CASE(refusals_that_were_given_back_are_taken_again) {
    audit::Unwritten refusals;
    refusals.note();
    const auto taken = refusals.take();
    refusals.note();  // meanwhile
    refusals.give_back(taken);
    BOOST_TEST(refusals.take() == 2U);
}

BOOST_AUTO_TEST_CASE(refusals_of_children_are_counted) {
    audit::Unwritten refusals;
    for (int i = 0; i < 3; ++i) {
        const pid_t child = ::fork();
        if (child == 0) {
            refusals.note();
            ::_exit(0);
        }
        BOOST_REQUIRE(::waitpid(child, nullptr, 0) == child);
    }
    BOOST_TEST(refusals.take() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
