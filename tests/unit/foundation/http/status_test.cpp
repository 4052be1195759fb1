#include "http/status.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "http/problem.h"

using namespace csauth;

BOOST_AUTO_TEST_SUITE(status)

BOOST_AUTO_TEST_CASE(every_status_has_its_reason_phrase) {
    std::set<int> statuses{200, 201, 204, 302};
    for (const auto& kind : http::all_problem_kinds())
        statuses.insert(kind.status);
    for (const int status : statuses)
        BOOST_TEST(!http::reason_phrase(status).empty(), status);
    BOOST_TEST(http::reason_phrase(404) == "Not Found");
    BOOST_TEST(http::reason_phrase(599).empty());
}

BOOST_AUTO_TEST_SUITE_END()
