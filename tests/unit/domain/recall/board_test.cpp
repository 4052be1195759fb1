#include "recall/board.h"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>

#include "base/timestamps.h"
#include "fakes/random.h"

using namespace csauth;
using namespace std::chrono_literals;
using recall::Recall;
using recall::Word;

namespace {

const TimePoint kNow = *parse_sql_datetime("2026-11-23 08:00:00");
constexpr auto kUptime = std::chrono::milliseconds{1h};

struct Fixture {
    fakes::Random random;
    recall::Board board{64};
    SessionId session = SessionId::make(kNow, random);
    UserId user = UserId::make(kNow, random);
    std::vector<std::string> roles{"member", "moderator"};

    Fixture() {
        board.keep_for(690s);
        board.fed(kUptime);
    }
    Word look(TimePoint issued_at = kNow, std::chrono::milliseconds uptime = kUptime) {
        return board.look({session, user, roles, issued_at}, uptime);
    }
    void post(const Recall& recall, TimePoint at = kNow) { board.post(recall, at, at); }
};

}  // namespace

namespace csauth::recall {
std::ostream& operator<<(std::ostream& out, Word word) { return out << static_cast<int>(word); }
}  // namespace csauth::recall

BOOST_AUTO_TEST_SUITE(board)

BOOST_FIXTURE_TEST_CASE(it_is_silent_about_strangers, Fixture) {
    post(Recall::of(SessionId::make(kNow, random)));
    post(Recall::of(UserId::make(kNow, random)));
    post(Recall::of_role("admin"));
    BOOST_TEST(look() == Word::silent);
}

BOOST_FIXTURE_TEST_CASE(it_speaks_of_each_kind, Fixture) {
    for (const auto& recall :
         {Recall::of(session), Recall::of(user), Recall::of_role("moderator"), Recall::of_everyone()}) {
        recall::Board fresh{64};
        fresh.fed(kUptime);
        const recall::Marks marks{session, user, roles, kNow};
        BOOST_TEST(fresh.look(marks, kUptime) == Word::silent);
        fresh.post(recall, kNow, kNow);
        BOOST_TEST(fresh.look(marks, kUptime) == Word::speaks);
    }
    // The same 16 bytes mean another thing as another kind.
    post({recall::Kind::user, Recall::of(session).subject});
    BOOST_TEST(look() == Word::silent);
}

BOOST_FIXTURE_TEST_CASE(a_token_from_a_minute_later_is_not_concerned, Fixture) {
    for (const auto& recall : {Recall::of(user), Recall::of_everyone()}) {
        post(recall, kNow);
        BOOST_TEST(look(kNow - 600s) == Word::speaks);
        BOOST_TEST(look(kNow + 60s) == Word::speaks);
        BOOST_TEST(look(kNow + 61s) == Word::silent);
    }
    post(Recall::of(user), kNow + 500ms);  // rounded up
    BOOST_TEST(look(kNow + 61s) == Word::speaks);
    post(Recall::of(user), kNow - 100s);  // an older one, which arrives late, changes nothing
    BOOST_TEST(look(kNow + 61s) == Word::speaks);
}

BOOST_FIXTURE_TEST_CASE(it_knows_nothing_before_it_was_fed_and_little_when_that_is_long_ago, Fixture) {
    const recall::Board fresh{64};
    BOOST_TEST(fresh.look({session, user, roles, kNow}, kUptime) == Word::empty);
    BOOST_TEST(!fresh.age(kUptime).has_value());
    BOOST_TEST(look(kNow, kUptime + 5s) == Word::silent);
    BOOST_TEST(look(kNow, kUptime + 5001ms) == Word::stale);
    BOOST_TEST(board.age(kUptime + 7s)->count() == 7000);
    post(Recall::of(user));
    BOOST_TEST(look(kNow, kUptime + 9s) == Word::speaks);
}

BOOST_FIXTURE_TEST_CASE(overfull_it_speaks_too_much_and_never_too_little, Fixture) {
    std::vector<UserId> recalled;
    for (int i = 0; i < 5000; ++i) {  // for 448 places
        recalled.push_back(UserId::make(kNow, random));
        post(Recall::of(recalled.back()));
    }
    BOOST_TEST(board.figures().entered == 448U);
    BOOST_TEST(board.figures().without_room == 5000U - 448U);
    for (const UserId id : recalled)
        BOOST_REQUIRE(board.look({session, id, {}, kNow}, kUptime) == Word::speaks);
    BOOST_TEST(look() == Word::speaks);            // of somebody who was not recalled at all
    BOOST_TEST(look(kNow + 61s) == Word::silent);  // but not for ever
}

BOOST_FIXTURE_TEST_CASE(many_recalls_of_users_do_not_concern_a_role_that_all_have, Fixture) {
    recall::Board larger{4096};
    larger.fed(kUptime);
    for (int i = 0; i < 20'000; ++i)
        larger.post(Recall::of(UserId::make(kNow, random)), kNow, kNow);
    BOOST_TEST(larger.figures().without_room > 0U);
    int asked = 0;
    for (int i = 0; i < 1000; ++i)
        asked += larger.look({SessionId::make(kNow, random), UserId::make(kNow, random), roles, kNow},
                             kUptime) == Word::speaks
                     ? 1
                     : 0;
    BOOST_TEST(asked > 0);
    BOOST_TEST(asked < 900);
}

BOOST_FIXTURE_TEST_CASE(a_place_is_free_again_when_its_recall_has_had_its_time, Fixture) {
    for (int i = 0; i < 5000; ++i)
        post(Recall::of(UserId::make(kNow, random)));
    const auto before = board.figures();
    for (int i = 0; i < 100; ++i)
        post(Recall::of(UserId::make(kNow, random)), kNow + 690s);
    BOOST_TEST(board.figures().entered == before.entered);
    for (int i = 0; i < 100; ++i)
        post(Recall::of(UserId::make(kNow, random)), kNow + 691s);
    BOOST_TEST(board.figures().entered == before.entered + 100);
    board.keep_for(1000s);
    board.keep_for(10s);  // never less
    const auto later = board.figures();
    for (int i = 0; i < 5000; ++i)
        post(Recall::of(UserId::make(kNow, random)), kNow + 692s);
    BOOST_TEST(board.figures().entered == later.entered);
}

BOOST_FIXTURE_TEST_CASE(newest_recall_is_the_latest_of_all_that_concern, Fixture) {
    roles = {"editor"};
    const auto newest = [&](TimePoint issued_at = kNow) {
        return board.newest_recall({session, user, roles, issued_at});
    };
    BOOST_TEST(!newest().has_value());
    post(Recall::of(UserId::make(kNow, random)), kNow + 5s);
    BOOST_TEST(!newest().has_value());
    for (const auto& [recall, at] :
         {std::pair{Recall::of(session), 1s}, std::pair{Recall::of_role("editor"), 2s},
          std::pair{Recall::of(user), 3s}, std::pair{Recall::of_everyone(), 4s}}) {
        post(recall, kNow + at);
        BOOST_CHECK(newest() == kNow + at);
    }
    post(Recall::of(session), kNow + 2s);  // an older one changes nothing
    BOOST_CHECK(newest() == kNow + 4s);
    BOOST_CHECK(newest(kNow + 4s + recall::kSettled) == kNow + 4s);
    BOOST_TEST(!newest(kNow + 5s + recall::kSettled).has_value());
}

BOOST_FIXTURE_TEST_CASE(newest_recall_counts_those_without_room, Fixture) {
    for (int i = 0; i < 5000; ++i)
        post(Recall::of(UserId::make(kNow, random)), kNow + 1s);
    BOOST_REQUIRE(board.figures().without_room > 0);
    post(Recall::of(user), kNow + 7s);
    BOOST_CHECK(board.newest_recall({session, user, {}, kNow}) == kNow + 7s);
}

BOOST_FIXTURE_TEST_CASE(a_clock_that_is_set_back_makes_no_recall_older, Fixture) {
    BOOST_CHECK(board.latest(kNow) == kNow);
    BOOST_CHECK(board.latest(kNow + 5min) == kNow + 5min);
    BOOST_CHECK(board.latest(kNow) >= kNow + 5min - 1s);
    // A token of the fast clock is concerned by what is recalled under the right one.
    board.post(Recall::of(user), board.latest(kNow + 20s), kNow + 20s);
    BOOST_TEST(look(kNow + 5min) == Word::speaks);
}

BOOST_FIXTURE_TEST_CASE(children_share_it_and_a_killed_one_leaves_it_good, Fixture) {
    std::vector<UserId> users;
    for (int i = 0; i < 300; ++i)
        users.push_back(UserId::make(kNow, random));
    std::vector<pid_t> children;
    for (int child = 0; child < 4; ++child) {
        const pid_t pid = ::fork();
        if (pid == 0) {
            for (int round = 0;; ++round) {
                for (const UserId id : users)
                    board.post(Recall::of(id), kNow, kNow);
                if (child == 0 && round == 0) ::_exit(0);
            }
        }
        children.push_back(pid);
    }
    int status = 0;
    BOOST_REQUIRE(::waitpid(children[0], &status, 0) == children[0]);  // it has posted all
    for (std::size_t i = 1; i < children.size(); ++i) {
        ::kill(children[i], SIGKILL);
        ::waitpid(children[i], &status, 0);
    }
    for (const UserId id : users)
        BOOST_REQUIRE(board.look({session, id, {}, kNow}, kUptime) == Word::speaks);
    post(Recall::of(user));
    BOOST_TEST(look() == Word::speaks);
}

BOOST_AUTO_TEST_SUITE_END()
