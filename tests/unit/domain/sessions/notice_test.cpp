#include "sessions/notice.h"

#include <boost/test/unit_test.hpp>

#include "base/timestamps.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(notice)

BOOST_AUTO_TEST_CASE(notice_names_its_user_the_place_and_the_minute) {
    const TimePoint now = *parse_sql_datetime("2026-11-23 08:00:59.999999");
    users::User ann;
    ann.id = UserId{*Uuid::parse("01932f3e-0000-7000-8000-000000000001")};
    ann.email = "ann@example.com";
    ann.username = "annie";
    ann.language = "de";
    const Origin origin{.ip = "192.0.2.1", .user_agent = "agent", .request_id = "r1"};
    const auto letter = sessions::notice(outbox::Template::new_device, ann, origin, now);
    BOOST_CHECK(letter.which == outbox::Template::new_device);
    BOOST_TEST(letter.recipient == "ann@example.com");
    BOOST_TEST(letter.language == "de");
    BOOST_CHECK(letter.user == ann.id);
    BOOST_TEST(letter.parameters.at("username") == "annie");
    BOOST_TEST(letter.parameters.at("ip") == "192.0.2.1");
    BOOST_TEST(letter.parameters.at("user_agent") == "agent");
    BOOST_TEST(letter.parameters.at("time") == minute_in_utc(now));
    BOOST_CHECK(letter.give_up_at == now + outbox::kNoticeLifetime);
    BOOST_TEST(letter.token.reveal().empty());  // a notice opens nothing
    BOOST_TEST(letter.code.reveal().empty());
}

BOOST_AUTO_TEST_SUITE_END()
