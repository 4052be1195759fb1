#include "shm/mutex.h"

#include <unistd.h>
#include <boost/test/unit_test.hpp>
#include <new>

#include "shm/region.h"
#include "unit/foundation/shm/in_child.h"

using namespace csauth;
using tests::in_child;

namespace {

struct Fixture {
    shm::Region region{sizeof(shm::Mutex), "a mutex"};
    shm::Mutex& shared = *new (region.data()) shm::Mutex;

    int locked_elsewhere() {
        return in_child([&] { return shared.try_lock() ? 0 : 1; });
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mutex)

BOOST_FIXTURE_TEST_CASE(held_lock_keeps_another_process_out, Fixture) {
    shared.lock();
    BOOST_TEST(locked_elsewhere() == 1);
    shared.unlock();
    BOOST_TEST(locked_elsewhere() == 0);
}

BOOST_FIXTURE_TEST_CASE(holder_gets_no_second_lock, Fixture) {
    BOOST_TEST(shared.try_lock());
    BOOST_TEST(!shared.try_lock());
    shared.unlock();
    BOOST_TEST(shared.try_lock());
    shared.unlock();
}

BOOST_FIXTURE_TEST_CASE(lock_of_a_dead_process_is_taken_over, Fixture) {
    for (const bool waits : {true, false}) {
        in_child([&] {
            shared.lock();
            return 0;
        });
        if (waits)
            shared.lock();
        else
            BOOST_TEST(shared.try_lock());
        BOOST_TEST(locked_elsewhere() == 1);
        shared.unlock();
        BOOST_TEST(locked_elsewhere() == 0);  // it works as before
        shared.lock();
        shared.unlock();
    }
}

BOOST_AUTO_TEST_SUITE_END()
