#include <boost/test/unit_test.hpp>

#include "store_database.h"

using namespace csauth;

namespace {

const TimePoint kNow = *parse_sql_datetime("2026-11-23 08:00:00.123456");

}  // namespace

BOOST_AUTO_TEST_SUITE(audit_log)

BOOST_FIXTURE_TEST_CASE(an_act_is_written_with_all_that_is_known, tests::StoreDatabase) {
    const auto user = UserId::make(kNow, random);
    audit.record({.action = audit::Action::login_failed,
                  .outcome = audit::Outcome::failure,
                  .subject = user,
                  .detail = "credentials"},
                 {.ip = "192.0.2.1", .user_agent = "x", .request_id = "r1"}, kNow);
    const auto found = database.find_one(
        [](db::Row& row) {
            return row.text("action") + ' ' + row.text("outcome") + ' ' + row.text("ip") + ' ' +
                   row.text("request_id");
        },
        "SELECT action, outcome, ip, request_id FROM audit_log WHERE subject_id = ? AND actor_id IS NULL",
        {user});
    BOOST_TEST(found.value() == "authn_login_fail failure 192.0.2.1 r1");
}

BOOST_AUTO_TEST_SUITE_END()
