#include "limits/hash_turns.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <functional>

#include "crypto/password_hasher.h"
#include "fakes/clock.h"

using namespace csauth;
using namespace std::chrono_literals;
using limits::HashTurns;

namespace {

constexpr unsigned kHang = 60;  // seconds: a turn that never comes is a failure, and holds no run up

/// Another process, which lives until it has done its work, or is killed.
class Other {
public:
    explicit Other(const std::function<void()>& work) : pid_{::fork()} {
        if (pid_ != 0) return;
        work();
        ::_exit(0);
    }
    ~Other() { end(); }
    Other(const Other&) = delete;
    Other& operator=(const Other&) = delete;

    void end(int signal = SIGKILL) {
        if (pid_ <= 0) return;
        ::kill(pid_, signal);
        join();
    }
    void join() {
        ::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }

private:
    pid_t pid_;
};

/// Says a word, or waits for one.
class Signpost {
public:
    Signpost() { BOOST_REQUIRE(::pipe(ends_.data()) == 0); }
    ~Signpost() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    Signpost(const Signpost&) = delete;
    Signpost& operator=(const Signpost&) = delete;

    void say() const { (void)!::write(ends_[1], "x", 1); }
    void wait_for_word() const {
        char word = 0;
        (void)!::read(ends_[0], &word, 1);
    }

private:
    std::array<int, 2> ends_{};
};

struct Fixture {
    fakes::Clock clock;

    /// So many requests of others, evenly over a second.
    void others_ask(HashTurns& turns, unsigned requests) {
        for (int tenth = 0; tenth < 10; ++tenth) {
            for (unsigned i = 0; i < requests / 10; ++i)
                turns.note_other_request();
            clock.advance(100ms);
        }
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hash_turns, Fixture)

BOOST_AUTO_TEST_CASE(as_many_as_there_are_cores_and_no_more, *boost::unit_test::timeout(kHang)) {
    HashTurns turns{2, clock};
    BOOST_TEST(turns.try_take());
    const Signpost has_it;
    const Signpost may_go;
    Other other{[&] {
        turns.take();
        has_it.say();
        may_go.wait_for_word();
        turns.give_back();
    }};
    has_it.wait_for_word();
    BOOST_TEST(!turns.try_take());
    may_go.say();
    turns.take();  // waits for the other to give it back
    other.join();
}

BOOST_AUTO_TEST_CASE(who_is_killed_holds_nobody_up, *boost::unit_test::timeout(kHang)) {
    HashTurns turns{1, clock};
    const Signpost has_it;
    Other other{[&] {
        turns.take();
        has_it.say();
        ::pause();
    }};
    has_it.wait_for_word();
    BOOST_TEST(!turns.try_take());
    other.end();
    turns.take();
    turns.give_back();
    BOOST_TEST(turns.try_take());
}

BOOST_AUTO_TEST_CASE(all_who_wait_get_their_turn, *boost::unit_test::timeout(kHang)) {
    HashTurns turns{1, clock};
    const Signpost done;
    const auto take_one = [&] {
        turns.take();
        turns.give_back();
        done.say();
    };
    turns.take();
    Other first{take_one};
    Other second{take_one};
    turns.give_back();
    done.wait_for_word();
    done.wait_for_word();
    first.join();
    second.join();
    BOOST_TEST(turns.try_take());
}

BOOST_AUTO_TEST_CASE(a_core_is_left_to_requests_of_other_kinds) {
    HashTurns turns{2, clock};
    others_ask(turns, limits::kRequestsThatNeedACore);
    BOOST_TEST(turns.try_take());
    BOOST_TEST(turns.try_take());  // that many do not need one
    turns.give_back();             // all of this process

    others_ask(turns, limits::kRequestsThatNeedACore + 10);
    BOOST_TEST(turns.try_take());
    BOOST_TEST(!turns.try_take());
    others_ask(turns, 0);
    BOOST_TEST(turns.try_take());  // nobody asks any more
}

BOOST_AUTO_TEST_CASE(the_only_core_is_shared) {
    HashTurns turns{1, clock};
    others_ask(turns, 10'000);
    BOOST_TEST(turns.try_take());
}

BOOST_AUTO_TEST_CASE(a_hasher_gives_its_turn_back) {
    HashTurns turns{1, clock};
    const crypto::PasswordHasher hasher{{.memory_kib = 8, .passes = 1}, Secret{}, &turns};
    const auto hash = hasher.hash("a password");
    BOOST_TEST(hasher.verify("a password", hash));
    BOOST_CHECK_THROW(hasher.verify("a password", "$pepper$argon2id$"), std::runtime_error);
    BOOST_TEST(turns.try_take());
}

BOOST_AUTO_TEST_SUITE_END()
