#include "server/scoreboard.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>
#include <cstring>

using namespace csauth;

BOOST_AUTO_TEST_SUITE(scoreboard)

BOOST_AUTO_TEST_CASE(slots_are_claimed_and_released) {
    server::Scoreboard board;
    auto& slot = board.claim();
    BOOST_CHECK(slot.state.load() == server::SlotState::starting);
    BOOST_TEST(!slot.is_overdue());
    slot.set_deadline(std::chrono::hours{1});
    BOOST_TEST(!slot.is_overdue());
    slot.set_deadline(-std::chrono::nanoseconds{1});
    BOOST_TEST(slot.is_overdue());
    slot.set_request_id(std::string(100, 'x'));
    BOOST_TEST(slot.current_request_id() == std::string(32, 'x'));
    server::Scoreboard::release(slot);
    BOOST_TEST(!slot.is_overdue());
    for (std::size_t i = 0; i < server::Scoreboard::kSlots; ++i)
        BOOST_TEST(board.claim().current_request_id().empty());
    BOOST_CHECK_THROW(board.claim(), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
