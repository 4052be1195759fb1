#include "base/name_lookup.h"

#include <signal.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <cstring>
#include <semaphore>
#include <thread>

using namespace csauth;
using namespace std::chrono_literals;

namespace {

// A resolver under the test's control: it answers as often as it is released. It is called in other threads,
// so it checks nothing itself.
std::counting_semaphore<100> releases{0};
std::atomic<int> asked{0};
std::atomic<int> answered{0};
std::atomic<bool> saw_open_signal{false};

int held_back(const char* /*host*/, const char* service, const addrinfo* hints, addrinfo** found) {
    ++asked;
    sigset_t mask;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    for (const int signal : {SIGTERM, SIGHUP, SIGUSR1, SIGCHLD, SIGALRM})
        if (sigismember(&mask, signal) != 1) saw_open_signal = true;
    releases.acquire();
    const int error = ::getaddrinfo("127.0.0.1", service, hints, found);
    ++answered;
    return error;
}

int refusing(const char* /*host*/, const char* /*service*/, const addrinfo* /*hints*/, addrinfo** /*found*/) {
    return EAI_NONAME;
}

auto after(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

/// Lets every lookup that hangs finish, so that no test sees those of another.
struct Fixture {
    Fixture() : began{asked.load()} { saw_open_signal = false; }
    ~Fixture() { finish_all(); }
    static void finish_all() {
        releases.release(asked.load() - answered.load());
        while (answered.load() < asked.load())
            std::this_thread::yield();
    }
    int begun() const { return asked.load() - began; }
    int began;
};

std::string reason(const Result<Addresses, std::string>& result) {
    return result ? std::string{} : result.error();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(name_lookup, Fixture)

BOOST_AUTO_TEST_CASE(numeric_address_is_answered_without_a_lookup) {
    for (const char* host : {"127.0.0.1", "::1"}) {
        const auto found = resolve(host, 25, after(0ms), {}, held_back);
        BOOST_REQUIRE(found);
        BOOST_TEST((*found)->ai_socktype == SOCK_STREAM);
    }
    BOOST_TEST(begun() == 0);
}

BOOST_AUTO_TEST_CASE(name_that_is_found_has_addresses) {
    releases.release();
    const auto found = resolve("relay.example", 25, after(60s), {}, held_back);
    BOOST_REQUIRE(found);
    BOOST_TEST((*found)->ai_family == AF_INET);
    BOOST_TEST(!saw_open_signal);
}

BOOST_AUTO_TEST_CASE(name_that_does_not_exist_is_refused) {
    BOOST_TEST(reason(resolve("relay.example", 25, after(60s), {}, refusing)) == ::gai_strerror(EAI_NONAME));
}

BOOST_AUTO_TEST_CASE(lookup_that_hangs_is_refused_at_the_deadline) {
    BOOST_TEST(reason(resolve("relay.example", 25, after(20ms), {}, held_back)) ==
               "the name servers did not answer in time");
}

BOOST_AUTO_TEST_CASE(lookup_that_hangs_is_left_when_the_caller_leaves) {
    int questions = 0;
    const auto left = resolve(
        "relay.example", 25, after(24h), [&] { return ++questions == 3; }, held_back);
    BOOST_TEST(reason(left) == "the name lookup was given up: the process leaves");
    BOOST_TEST(questions == 3);
}

BOOST_AUTO_TEST_CASE(same_name_waits_for_the_lookup_that_hangs) {
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(!resolve("relay.example", 25, after(1ms), {}, held_back));
    // The thread may not have got so far, but no second one was started.
    releases.release();
    BOOST_TEST(static_cast<bool>(resolve("relay.example", 25, after(60s), {}, held_back)));
    BOOST_TEST(begun() == 1);
}

BOOST_AUTO_TEST_CASE(late_answer_is_not_used_for_the_next_question) {
    BOOST_TEST(!resolve("relay.example", 25, after(1ms), {}, held_back));
    while (begun() < 1)
        std::this_thread::yield();
    finish_all();
    // Whether or not the first thread has said so already: it joins that one, or asks anew.
    releases.release();
    BOOST_TEST(static_cast<bool>(resolve("relay.example", 25, after(60s), {}, held_back)));
    if (begun() == 1) releases.acquire();
}

BOOST_AUTO_TEST_CASE(hanging_lookups_are_refused_past_their_limit) {
    const auto ask = [](std::size_t number) {
        return reason(resolve("relay" + std::to_string(number) + ".example", 25, after(1ms), {}, held_back));
    };
    for (std::size_t i = 0; i < kMostHangingLookups; ++i)
        BOOST_TEST(ask(i) == "the name servers did not answer in time");
    BOOST_TEST(ask(kMostHangingLookups) == "too many name lookups hang");
    BOOST_TEST(ask(0) == "the name servers did not answer in time");
    while (begun() < static_cast<int>(kMostHangingLookups))
        std::this_thread::yield();
    finish_all();
    const auto has_room = [&] {
        releases.release();
        const bool answered_now =
            static_cast<bool>(resolve("another.example", 25, after(60s), {}, held_back));
        if (!answered_now) releases.acquire();
        return answered_now;
    };
    while (!has_room())
        std::this_thread::yield();
}

BOOST_AUTO_TEST_SUITE_END()
