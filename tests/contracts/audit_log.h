#pragma once

#include <string>

#include "audit/audit_log.h"
#include "contracts/fixture.h"

namespace csauth::contracts {

inline void entries_are_found_by_user_action_and_time(Ports& p) {
    const auto ann = UserId::make(kNow, p.random);
    const auto bob = UserId::make(kNow, p.random);
    using audit::Action;
    const Origin origin{.ip = "192.0.2.1", .user_agent = "agent", .request_id = "r1"};
    p.audit.record({.action = Action::login_succeeded, .actor = ann, .subject = ann}, origin, kNow);
    p.audit.record({.action = Action::user_banned, .actor = ann, .subject = bob, .detail = "spam"}, origin,
                   kNow + 1h);
    p.audit.record({.action = Action::permission_denied,
                    .outcome = audit::Outcome::failure,
                    .actor = bob,
                    .detail = std::string(300, 'x')},
                   origin, kNow + 2h);
    p.audit.record({.action = Action::login_failed, .outcome = audit::Outcome::failure}, origin, kNow + 3h);

    const auto count = [&](const audit::Filter& filter) { return p.audit.page(filter, {}, 100).size(); };
    BOOST_TEST(count({}) == 4U);
    BOOST_TEST(count({.user = ann}) == 2U);
    BOOST_TEST(count({.user = bob}) == 2U);
    BOOST_TEST(count({.user = bob, .action = Action::user_banned}) == 1U);
    BOOST_TEST(count({.action = Action::login_failed}) == 1U);
    BOOST_TEST(count({.since = kNow + 1h}) == 3U);
    BOOST_TEST(count({.user = ann, .action = Action::user_banned, .since = kNow + 2h}) == 0U);
    BOOST_TEST(p.audit.about(ann, {}, 10).size() == 1U);
    BOOST_TEST(p.audit.about(bob, {}, 10).size() == 1U);

    const auto newest = p.audit.page({}, {}, 1).at(0);
    BOOST_TEST(newest.action == "authn_login_fail");
    BOOST_TEST(newest.outcome == "failure");
    BOOST_TEST(newest.ip == "192.0.2.1");
    BOOST_TEST(newest.request_id == "r1");
    BOOST_TEST(!newest.actor.has_value());
    const auto next = p.audit.page({}, newest.id, 1).at(0);
    BOOST_TEST(next.detail.size() == audit::kLongestDetail);
    BOOST_CHECK(next.actor == bob);
    BOOST_TEST(p.audit.page({.user = ann}, p.audit.page({.user = ann}, {}, 1).at(0).id, 5).size() == 1U);
}

inline constexpr Contract kAuditLog[] = {
    {"entries_are_found_by_user_action_and_time", entries_are_found_by_user_action_and_time},
};

}  // namespace csauth::contracts
