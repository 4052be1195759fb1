#include "base/secret.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "base/result.h"
#include "fakes/random.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(secret)

BOOST_AUTO_TEST_CASE(a_secret_moves_and_leaves_nothing_behind) {
    Secret first{std::string_view{"hunter2"}};
    Secret second{std::move(first)};
    BOOST_TEST(first.empty());  // NOLINT(bugprone-use-after-move): that is the point
    BOOST_TEST(second.reveal() == "hunter2");
    second = Secret{};
    BOOST_TEST(second.empty());
    static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
}

BOOST_AUTO_TEST_SUITE_END()
