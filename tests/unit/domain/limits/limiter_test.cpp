#include "limits/limiter.h"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "fakes/clock.h"
#include "fakes/random.h"
#include "fakes/world.h"

using namespace csauth;
using namespace std::chrono_literals;
using limits::Limit;
using std::chrono::milliseconds;

namespace {

struct Fixture {
    fakes::Random random;
    limits::Counters counters{random};
    milliseconds now = 1h;

    std::optional<limits::Counters::Receipt> receipt;

    std::optional<milliseconds> take(Limit limit, std::string_view key = "ann") {
        auto taken = counters.take(limit, key, now);
        if (const auto* wait = std::get_if<milliseconds>(&taken)) return *wait;
        receipt = std::get<limits::Counters::Receipt>(std::move(taken));
        return std::nullopt;
    }
    int free_attempts(Limit limit, std::string_view key = "ann") {
        int count = 0;
        while (!take(limit, key))
            ++count;
        return count;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(limiter)

BOOST_FIXTURE_TEST_CASE(guesses_at_an_account_wait_longer_and_longer, Fixture) {
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(!take(Limit::password_of_account).has_value());
    for (const auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 64s}) {
        BOOST_CHECK(take(Limit::password_of_account) == milliseconds{wait});
        now += wait - 1ms;
        BOOST_CHECK(take(Limit::password_of_account) == 1ms);
        now += 1ms;
        BOOST_TEST(!take(Limit::password_of_account).has_value());
    }
    // Never for longer than a quarter of an hour.
    for (int i = 0; i < 30; ++i) {
        const auto wait = take(Limit::password_of_account);
        BOOST_REQUIRE(wait.has_value());
        BOOST_TEST(wait->count() <= milliseconds{15min}.count());
        now += *wait;
        BOOST_TEST(!take(Limit::password_of_account).has_value());
    }
    BOOST_TEST(free_attempts(Limit::password_of_account, "bob") == 5);
    // In time it is all forgotten.
    now += 24h;
    BOOST_TEST(free_attempts(Limit::password_of_account) == 5);
}

BOOST_FIXTURE_TEST_CASE(requests_of_an_address_get_through_at_their_rate, Fixture) {
    BOOST_TEST(free_attempts(Limit::login) == 10);
    const auto wait = take(Limit::login);
    BOOST_TEST(wait->count() <= 6001);
    now += *wait;
    BOOST_TEST(free_attempts(Limit::login) == 1);
    now += 1min;
    BOOST_TEST(free_attempts(Limit::login) == 10);
    BOOST_TEST(free_attempts(Limit::reset) == 10);
}

BOOST_FIXTURE_TEST_CASE(what_is_given_back_was_never_counted, Fixture) {
    for (int i = 0; i < 100; ++i) {
        BOOST_TEST(!take(Limit::password_of_account).has_value());
        counters.give_back(*receipt);
    }
    BOOST_TEST(free_attempts(Limit::password_of_account) == 5);
    // A user who succeeds after a wait does not wait again for the next device.
    now += 1s;
    for (int i = 0; i < 10; ++i) {
        BOOST_TEST(!take(Limit::password_of_account).has_value());
        counters.give_back(*receipt);
    }
    // But a wrong guess that came meanwhile keeps its time.
    BOOST_TEST(!take(Limit::password_of_account).has_value());
    const auto first = *receipt;
    now += 2s;
    BOOST_TEST(!take(Limit::password_of_account).has_value());
    counters.give_back(first);
    BOOST_CHECK(take(Limit::password_of_account) == 2s);
}

BOOST_FIXTURE_TEST_CASE(however_many_keys_there_are_none_is_counted_too_low, Fixture) {
    // Far more keys than are ever alive at once, each just before its end.
    constexpr int keys = 20'000;
    for (int key = 0; key < keys; ++key)
        for (int i = 0; i < 9; ++i)
            (void)take(Limit::login, std::to_string(key));
    int too_many = 0;
    int too_few = 0;
    for (int key = 0; key < keys; ++key) {
        const int left = free_attempts(Limit::login, std::to_string(key));
        too_many += left > 1;
        too_few += left < 1;
    }
    BOOST_TEST(too_many == 0);
    BOOST_TEST(too_few < keys / 5);  // sharing is rare even then
}

BOOST_FIXTURE_TEST_CASE(many_processes_at_once_get_no_more_than_one, Fixture) {
    constexpr int processes = 8;
    std::vector<pid_t> children;
    for (int i = 0; i < processes; ++i) {
        const pid_t pid = ::fork();
        BOOST_REQUIRE(pid >= 0);
        if (pid == 0) {
            int admitted = 0;
            for (int guess = 0; guess < 2000; ++guess)
                admitted += take(Limit::password_of_account) ? 0 : 1;
            ::_exit(admitted);
        }
        children.push_back(pid);
    }
    int admitted = 0;
    for (const pid_t pid : children) {
        int status = 0;
        BOOST_REQUIRE(::waitpid(pid, &status, 0) == pid);
        BOOST_REQUIRE(WIFEXITED(status));
        admitted += WEXITSTATUS(status);
    }
    BOOST_TEST(admitted == 5);
}

BOOST_AUTO_TEST_CASE(an_address_is_counted_by_what_one_customer_has) {
    using limits::address_key;
    BOOST_TEST(address_key("192.0.2.1") == "192.0.2.1");
    BOOST_TEST(address_key("::ffff:192.0.2.1") == "192.0.2.1");
    BOOST_TEST(address_key("2001:db8:1:2::1") == address_key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    BOOST_TEST(address_key("2001:db8:1:2::1") == address_key("2001:0DB8:0001:0002::9"));
    BOOST_TEST(address_key("2001:db8:1:2::1") != address_key("2001:db8:1:3::1"));
    BOOST_TEST(address_key("::1") != address_key("1::1"));
}

BOOST_FIXTURE_TEST_CASE(a_sign_in_is_counted_by_account_whatever_it_is_called, fakes::World) {
    ann();
    const auto guess = [&](const sessions::Identifier& who) {
        return authentication.sign_in(who, *users::Password::parse("wrong horse"), {}, origin).error().code;
    };
    const auto email = [](const char* text) { return *users::Email::parse(text); };
    BOOST_CHECK(guess(email("ann@example.com")) == ErrorCode::invalid_credentials);
    BOOST_CHECK(guess(email("ANN@EXAMPLE.COM")) == ErrorCode::invalid_credentials);
    BOOST_CHECK(guess(std::string{"annie"}) == ErrorCode::invalid_credentials);
    BOOST_CHECK(guess(std::string{"ANNIE"}) == ErrorCode::invalid_credentials);
    BOOST_CHECK(
        !authentication.check_password(users.rows.begin()->first, *users::Password::parse("wrong"), origin));
    BOOST_CHECK(guess(email("ann@example.com")) == ErrorCode::too_many_requests);
    BOOST_CHECK(guess(std::string{"Annie"}) == ErrorCode::too_many_requests);
    BOOST_TEST(audit.count(audit::Action::login_failed) == 5);  // no hash was made for the others
    BOOST_CHECK(sign_in("ann@example.com", "correct horse").error().code == ErrorCode::too_many_requests);
    clock.advance(1s);
    BOOST_TEST(!!sign_in("ann@example.com", "correct horse"));

    // An account that is not there answers alike.
    for (int i = 0; i < 5; ++i)
        BOOST_CHECK(guess(email("nobody@example.com")) == ErrorCode::invalid_credentials);
    BOOST_CHECK(guess(email("Nobody@example.com")) == ErrorCode::too_many_requests);
}

BOOST_FIXTURE_TEST_CASE(switched_off_it_counts_nothing, Fixture) {
    const fakes::Clock clock;
    limits::Limiter off{nullptr, clock};
    for (int i = 0; i < 1000; ++i) {
        auto attempt = off.attempt(Limit::login, "ann");
        BOOST_REQUIRE(attempt);
        attempt->forgive();
    }
}

BOOST_AUTO_TEST_SUITE_END()
