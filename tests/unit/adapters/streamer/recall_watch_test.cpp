#include "streamer/recall_watch.h"

#include <boost/test/unit_test.hpp>

#include "fakes/clock.h"
#include "fakes/random.h"

using namespace csauth;
using namespace std::chrono_literals;
using recall::Recall;
using streamer::RecallWatch;

namespace {

struct Fixture {
    fakes::Clock clock;
    fakes::Random random;
    recall::Board board{64};
    streamer::Subscription stream{.viewer = {.id = UserId::make(clock.now(), random)},
                                  .session = SessionId::make(clock.now(), random),
                                  .roles = {"editor"},
                                  .watched = {},
                                  .last_event = {}};
    RecallWatch watch{clock.now()};

    Fixture() {
        board.keep_for(1h);
        clock.advance(10min);  // what was looked up at the beginning is settled
        watch.looked_up(clock.now());
    }

    void post(const Recall& recall) { board.post(recall, clock.now(), clock.now()); }

    bool must_look_up() { return watch.must_look_up(board, stream, clock.uptime()); }

    /// Ticks once a second like the streamer, and answers each look-up. Returns how many there were.
    unsigned look_ups_in(std::chrono::seconds time) {
        unsigned look_ups = 0;
        for (; time > 0s; time -= 1s) {
            clock.advance(1s);
            if (!must_look_up()) continue;
            ++look_ups;
            watch.looked_up(clock.now());
        }
        return look_ups;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(recall_watch)

BOOST_FIXTURE_TEST_CASE(silent_board_costs_no_look_up, Fixture) {
    post(Recall::of(UserId::make(clock.now(), random)));
    post(Recall::of(SessionId::make(clock.now(), random)));
    post(Recall::of_role("member"));
    BOOST_TEST(look_ups_in(5min) == 0U);
}

BOOST_FIXTURE_TEST_CASE(recall_of_any_kind_is_heard_with_the_next_tick, Fixture) {
    for (const auto& recall : {Recall::of(stream.session), Recall::of(stream.viewer.id),
                               Recall::of_role("editor"), Recall::of_everyone()}) {
        BOOST_TEST(!must_look_up());
        post(recall);
        BOOST_TEST(must_look_up(), recall::name_of(recall.kind));
        watch.looked_up(clock.now());
        look_ups_in(2min);
    }
}

BOOST_FIXTURE_TEST_CASE(standing_recall_is_looked_up_seven_times, Fixture) {
    post(Recall::of_everyone());
    BOOST_TEST(look_ups_in(1h) == 7U);
}

BOOST_FIXTURE_TEST_CASE(look_up_before_the_commit_is_repeated_soon, Fixture) {
    post(Recall::of(stream.session));
    BOOST_TEST(must_look_up());  // the transaction of the recall is still open
    watch.looked_up(clock.now());
    BOOST_TEST(!must_look_up());
    clock.advance(RecallWatch::kFirstPause - 1ms);
    BOOST_TEST(!must_look_up());
    clock.advance(1ms);
    BOOST_TEST(must_look_up());
}

BOOST_FIXTURE_TEST_CASE(second_recall_is_heard_while_the_first_is_unsettled, Fixture) {
    post(Recall::of_role("editor"));
    BOOST_TEST(look_ups_in(20s) > 0U);
    clock.advance(1s);
    BOOST_TEST(!must_look_up());  // the next repetition is due after half a minute
    post(Recall::of(stream.session));
    BOOST_TEST(must_look_up());
}

BOOST_FIXTURE_TEST_CASE(recall_that_arrives_late_is_heard, Fixture) {
    const auto recalled_at = clock.now();
    clock.advance(recall::kSettled);
    watch.looked_up(clock.now());
    board.post(Recall::of(stream.session), recalled_at, clock.now());
    BOOST_TEST(must_look_up());
}

BOOST_FIXTURE_TEST_CASE(unanswered_look_up_is_asked_again, Fixture) {
    post(Recall::of(stream.session));
    unsigned asked = 0;
    for (int second = 0; second < 600; ++second) {
        clock.advance(1s);
        asked += must_look_up() ? 1U : 0U;
    }
    BOOST_TEST(asked > 7U);    // it never settles
    BOOST_TEST(asked <= 10U);  // but is not asked for each second
}

BOOST_FIXTURE_TEST_CASE(board_that_is_stale_still_says_what_it_knows, Fixture) {
    board.fed(clock.uptime());
    clock.advance(recall::kStaleAfter + 1s);
    BOOST_TEST(!must_look_up());
    post(Recall::of(stream.viewer.id));
    BOOST_TEST(must_look_up());
}

BOOST_AUTO_TEST_SUITE_END()
