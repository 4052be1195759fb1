#include "limits/places.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <csignal>

using namespace csauth;
using limits::LimitedPlaces;
using limits::SharedPlaces;

namespace {

/// Forks a process that takes a place and pauses until it is killed. Returns after it has taken the place.
pid_t holder_of_a_place(SharedPlaces& shared, std::size_t most) {
    std::array<int, 2> ends{};
    BOOST_REQUIRE(::pipe(ends.data()) == 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
        LimitedPlaces places{shared, most};
        const char answer = places.take() ? 'y' : 'n';
        (void)!::write(ends[1], &answer, 1);
        ::pause();
        ::_exit(0);
    }
    ::close(ends[1]);
    char answer = 0;
    BOOST_TEST(::read(ends[0], &answer, 1) == 1);
    ::close(ends[0]);
    BOOST_TEST(answer == 'y');
    return pid;
}

void end(pid_t pid) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(places)

BOOST_AUTO_TEST_CASE(pool_of_any_size_has_a_quarter_and_at_least_one) {
    for (const std::size_t few : {0U, 1U, 2U, 3U, 4U, 7U})
        BOOST_TEST(limits::places_for(few) == 1U, few);
    BOOST_TEST(limits::places_for(8) == 2U);
    BOOST_TEST(limits::places_for(11) == 2U);
    constexpr std::size_t most_workers = 200;  // src/processes/config.cpp
    BOOST_TEST(limits::places_for(most_workers) <= SharedPlaces::kMost);
}

BOOST_AUTO_TEST_CASE(place_past_the_limit_is_refused_without_waiting) {
    SharedPlaces shared;
    LimitedPlaces own{shared, 2};
    const pid_t other = holder_of_a_place(shared, 2);
    BOOST_TEST(own.take());
    BOOST_TEST(!own.take());
    own.give_back();
    BOOST_TEST(own.take());
    end(other);
}

BOOST_AUTO_TEST_CASE(killed_holder_frees_its_place) {
    SharedPlaces shared;
    LimitedPlaces own{shared, 1};
    const pid_t other = holder_of_a_place(shared, 1);
    BOOST_TEST(!own.take());
    end(other);
    BOOST_TEST(own.take());
    BOOST_TEST(!own.take());
}

BOOST_AUTO_TEST_CASE(give_back_without_a_place_frees_nothing) {
    SharedPlaces shared;
    LimitedPlaces own{shared, 1};
    const pid_t other = holder_of_a_place(shared, 1);
    own.give_back();
    BOOST_TEST(!own.take());
    end(other);
}

BOOST_AUTO_TEST_CASE(reload_with_other_workers_brings_its_own_limit) {
    SharedPlaces shared;
    LimitedPlaces before{shared, 1};
    LimitedPlaces after{shared, 3};
    BOOST_TEST(before.take());
    BOOST_TEST(!before.take());
    BOOST_TEST(after.take());
    BOOST_TEST(after.take());
    BOOST_TEST(!after.take());
}

BOOST_AUTO_TEST_CASE(limit_outside_the_table_is_corrected) {
    SharedPlaces shared;
    LimitedPlaces none{shared, 0};
    BOOST_TEST(none.take());
    none.give_back();
    LimitedPlaces all{shared, SharedPlaces::kMost + 1};
    for (std::size_t i = 0; i < SharedPlaces::kMost; ++i)
        BOOST_TEST(all.take());
    BOOST_TEST(!all.take());
}

BOOST_AUTO_TEST_CASE(destructor_gives_back_all_places) {
    SharedPlaces shared;
    {
        LimitedPlaces gone{shared, 2};
        BOOST_TEST(gone.take());
        BOOST_TEST(gone.take());
    }
    LimitedPlaces own{shared, 2};
    BOOST_TEST(own.take());
    BOOST_TEST(own.take());
}

BOOST_AUTO_TEST_CASE(held_place_is_given_back_at_the_end_of_the_scope) {
    SharedPlaces shared;
    LimitedPlaces own{shared, 1};
    {
        const HeldPlace first{own};
        BOOST_TEST(!!first);
        const HeldPlace second{own};
        BOOST_TEST(!second);
    }
    BOOST_TEST(!!HeldPlace{own});
}

BOOST_AUTO_TEST_SUITE_END()
