#pragma once

#include <array>
#include <vector>

#include "contracts/fixture.h"

namespace csauth::contracts {

inline void a_session_lives_until_it_ends_expires_or_idles(Ports& p) {
    const auto user = add_user(p, "ann@example.com", "annie");
    const auto session = add_session(p, user);
    const auto live = p.sessions.find_live(session.id, kNow);
    BOOST_REQUIRE(live);
    BOOST_CHECK(live->session.user == user);
    BOOST_TEST(live->session.ip == "192.0.2.1");
    BOOST_TEST(live->session.user_agent == "agent");
    BOOST_CHECK(live->session.created_at == kNow);
    BOOST_CHECK(live->session.expires_at == session.expires_at);
    BOOST_TEST(!live->holder.is_verified);
    BOOST_TEST(live->holder.username == "annie");
    BOOST_TEST(live->holder.email == "ann@example.com");
    BOOST_TEST(live->holder.full_name == "Ann Example");
    BOOST_TEST(p.sessions.find_live(session.id, kNow + 24h * 30 - 1us).has_value());
    BOOST_TEST(!p.sessions.find_live(session.id, kNow + 24h * 30).has_value());
    p.sessions.note_seen(
        std::array{sessions::Sighting{session.id, 0, kNow + 24h * 29}});  // any use keeps a session alive
    BOOST_TEST(p.sessions.find_live(session.id, kNow + 24h * 59 - 1us).has_value());
    BOOST_TEST(!p.sessions.find_live(session.id, kNow + 24h * 59).has_value());

    const auto stranger = add_user(p, "bob@example.com", "bobby");
    BOOST_TEST(!p.sessions.end(session.id, stranger, sessions::EndReason::signed_out, kNow));
    BOOST_TEST(p.sessions.end(session.id, user, sessions::EndReason::signed_out, kNow));
    BOOST_TEST(!p.sessions.end(session.id, user, sessions::EndReason::signed_out, kNow));
    BOOST_TEST(!p.sessions.find_live(session.id, kNow).has_value());
}

inline void a_raised_epoch_ends_what_came_before(Ports& p) {
    const auto user = add_user(p, "ann@example.com", "annie");
    auto session = add_session(p, user);
    p.users.raise_epoch(user);
    BOOST_TEST(!p.sessions.find_live(session.id, kNow).has_value());
    BOOST_TEST(!p.sessions.advance(session.id, 0, kNow));
    session.id = SessionId::make(kNow, p.random);
    BOOST_TEST(!p.sessions.add(session));  // a sign-in that read the old epoch fails
    session.epoch = 1;
    BOOST_TEST(p.sessions.add(session));
    BOOST_TEST(p.users.find(user, kNow)->epoch == 1U);
}

inline void a_session_can_follow_its_users_epoch(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    const auto kept = add_session(p, id);
    const auto other = add_session(p, id);
    p.users.raise_epoch(id);
    p.sessions.adopt_epoch(kept.id, id);
    BOOST_TEST(p.sessions.find_live(kept.id, kNow).has_value());
    BOOST_TEST(!p.sessions.find_live(other.id, kNow).has_value());
    const auto past = p.sessions.past_of(kept);
    BOOST_TEST(past.devices == 2U);
    BOOST_TEST(past.sessions == 2U);
    BOOST_TEST(p.sessions.unended_of(id) == 2U);
    BOOST_TEST(past.has_same_place);
    auto elsewhere = kept;
    elsewhere.ip = "192.0.2.99";
    BOOST_TEST(!p.sessions.past_of(elsewhere).has_same_place);
    BOOST_TEST(p.sessions.newest_of(id, 1000).size() == 2U);
    p.devices.remove_all(id);
    BOOST_TEST(p.sessions.newest_of(id, 1000).empty());
}

inline void a_banned_users_sessions_are_not_live(Ports& p) {
    const auto session = add_session(p, add_user(p, "ann@example.com", "annie"));
    p.users.ban(session.user, {kNow + 1h, "spam"}, kNow);
    p.sessions.adopt_epoch(session.id, session.user);  // now only the ban ends the session
    BOOST_TEST(!p.sessions.find_live(session.id, kNow).has_value());
    BOOST_TEST(!p.sessions.advance(session.id, 0, kNow));
    BOOST_TEST(p.sessions.live_of(session.user, kNow).empty());
    BOOST_TEST(p.sessions.find_live(session.id, kNow + 1h).has_value());
}

inline void a_session_for_refresh_comes_with_its_holder_and_roles(Ports& p) {
    const auto session = add_session(p, add_user(p, "ann@example.com", "annie"));
    auto fresh = p.sessions.find_for_refresh(session.id, kNow);
    BOOST_REQUIRE(fresh.has_value());
    BOOST_TEST(fresh->held.empty());
    p.roles.grant_defaults(session.user, kNow);
    fresh = p.sessions.find_for_refresh(session.id, kNow);
    BOOST_REQUIRE(fresh->held.size() == 1);
    BOOST_TEST(fresh->held[0].name == "member");
    BOOST_CHECK(fresh->live.session.id == session.id);
    BOOST_CHECK(fresh->live.session.user == session.user);
    BOOST_CHECK(fresh->live.session.expires_at == session.expires_at);
    BOOST_CHECK(fresh->live.holder.id == session.user);
    BOOST_TEST(fresh->live.holder.username == "annie");
    BOOST_TEST(fresh->live.holder.email == "ann@example.com");
    BOOST_TEST(fresh->live.holder.full_name == "Ann Example");
    BOOST_TEST(!fresh->live.holder.is_verified);

    BOOST_TEST(p.sessions.advance_if_unchanged(fresh->live.session, kNow + 1s));
    BOOST_TEST(
        !p.sessions.advance_if_unchanged(fresh->live.session, kNow + 2s));  // another request advanced it
    fresh = p.sessions.find_for_refresh(session.id, kNow + 2s);
    BOOST_TEST(fresh->live.session.counter == 1U);
    BOOST_TEST(p.sessions.find_live(session.id, kNow + 2s)->session.counter == 1U);
    BOOST_TEST(p.sessions.find_for_refresh(session.id, kNow + 1s + 24h * 30 - 1us).has_value());
    BOOST_TEST(!p.sessions.find_for_refresh(session.id, kNow + 1s + 24h * 30).has_value());
    p.sessions.note_seen(std::array{sessions::Sighting{session.id, 1, kNow + 24h * 29}});
    BOOST_TEST(!p.sessions.find_for_refresh(session.id, kNow + 1s + 24h * 30)
                    .has_value());  // only refreshes count here
    BOOST_TEST(p.sessions.find_live(session.id, kNow + 1s + 24h * 30).has_value());
}

inline void a_session_is_not_advanced_after_its_end(Ports& p) {
    const auto session = add_session(p, add_user(p, "ann@example.com", "annie"));
    const auto fresh = p.sessions.find_for_refresh(session.id, kNow);
    p.users.set_password(session.user, 0, "$other$");
    p.sessions.adopt_epoch(session.id, session.user);  // the session stays live, but its epoch has changed
    BOOST_TEST(!p.sessions.advance_if_unchanged(fresh->live.session, kNow));
    const auto again = p.sessions.find_for_refresh(session.id, kNow);
    BOOST_TEST(p.sessions.end(session.id, session.user, sessions::EndReason::signed_out, kNow));
    BOOST_TEST(!p.sessions.advance_if_unchanged(again->live.session, kNow));
    BOOST_TEST(!p.sessions.find_for_refresh(session.id, kNow).has_value());

    const auto banned = add_session(p, add_user(p, "bob@example.com", "bobby"));
    p.users.ban(banned.user, {kNow + 1h, "spam"}, kNow);
    p.sessions.adopt_epoch(banned.id, banned.user);
    BOOST_TEST(!p.sessions.find_for_refresh(banned.id, kNow).has_value());
    BOOST_TEST(!p.sessions.find_for_refresh(banned.id, kNow + 1h)
                    .has_value());  // only find_live() checks the end of a ban

    const auto outdated = add_session(p, add_user(p, "eve@example.com", "evelyn"));
    p.users.raise_epoch(outdated.user);
    BOOST_TEST(!p.sessions.find_for_refresh(outdated.id, kNow).has_value());
}

inline void a_touched_session_goes_on_with_its_counter(Ports& p) {
    const auto session = add_session(p, add_user(p, "ann@example.com", "annie"));
    const auto fresh = p.sessions.find_for_refresh(session.id, kNow);
    BOOST_TEST(p.sessions.touch(fresh->live.session, kNow + 24h * 20));
    BOOST_TEST(p.sessions.touch(fresh->live.session, kNow + 24h * 20 + 1us));
    const auto later = p.sessions.find_for_refresh(session.id, kNow + 24h * 50);
    BOOST_REQUIRE(later.has_value());
    BOOST_TEST(later->live.session.counter == 0U);
    BOOST_CHECK(p.sessions.find_live(session.id, kNow + 24h * 50)->session.refreshed_at ==
                kNow + 24h * 20 + 1us);
    BOOST_TEST(!p.sessions.find_for_refresh(session.id, kNow + 24h * 50 + 1us).has_value());
}

inline void a_session_that_has_changed_is_not_touched(Ports& p) {
    const auto stepped = add_session(p, add_user(p, "ann@example.com", "annie"));
    const auto before = p.sessions.find_for_refresh(stepped.id, kNow)->live.session;
    BOOST_TEST(p.sessions.advance(stepped.id, 0, kNow + 1s));
    BOOST_TEST(!p.sessions.touch(before, kNow + 2s));

    const auto after = p.sessions.find_for_refresh(stepped.id, kNow + 2s)->live.session;
    p.users.set_password(stepped.user, 0, "$other$");
    p.sessions.adopt_epoch(stepped.id, stepped.user);
    BOOST_TEST(!p.sessions.touch(after, kNow + 3s));

    const auto last = p.sessions.find_for_refresh(stepped.id, kNow + 3s)->live.session;
    BOOST_TEST(p.sessions.end(stepped.id, stepped.user, sessions::EndReason::signed_out, kNow + 3s));
    BOOST_TEST(!p.sessions.touch(last, kNow + 4s));
}

inline void a_counter_is_advanced_once_from_each_value(Ports& p) {
    const auto session = add_session(p, add_user(p, "ann@example.com", "annie"));
    BOOST_TEST(p.sessions.advance(session.id, 0, kNow + 1s));
    BOOST_TEST(!p.sessions.advance(session.id, 0, kNow + 2s));
    BOOST_TEST(!p.sessions.advance(session.id, 2, kNow + 2s));
    const auto live = p.sessions.find_live(session.id, kNow + 2s);
    BOOST_TEST(live->session.counter == 1U);
    BOOST_TEST(live->session.seen_counter == 0U);
    BOOST_CHECK(live->session.refreshed_at == kNow + 1s);
    p.sessions.note_seen(std::array{sessions::Sighting{session.id, 1, kNow + 4s}});
    p.sessions.note_seen(std::array{sessions::Sighting{session.id, 0, kNow + 3s}});
    const auto seen = p.sessions.find_live(session.id, kNow + 3s);
    BOOST_TEST(seen->session.seen_counter == 1U);
    BOOST_CHECK(seen->session.last_active_at == kNow + 4s);
}

inline void many_sightings_are_written_at_once(Ports& p) {
    const auto user = add_user(p, "ann@example.com", "annie");
    std::vector<sessions::Sighting> sightings;
    for (std::uint32_t i = 0; i < 90; ++i)  // more than fit into one statement
        sightings.push_back({add_session(p, user).id, i, kNow + std::chrono::seconds{i}});
    p.sessions.note_seen(sightings);
    p.sessions.note_seen({});
    const auto live = p.sessions.live_of(user, kNow + 90s);
    BOOST_REQUIRE(live.size() == 90U);
    BOOST_CHECK(live.front().id == sightings.back().session);  // the last used comes first
    BOOST_CHECK(live.front().last_active_at == kNow + 89s);
    BOOST_TEST(live.front().seen_counter == 89U);
    BOOST_TEST(live.back().seen_counter == 0U);
    BOOST_TEST(p.sessions.live_of(user, kNow + 24h * 31).empty());
    BOOST_TEST(p.sessions.live_of(add_user(p, "bob@example.com", "bobby"), kNow).empty());
}

inline void the_oldest_sessions_are_ended_above_the_limit(Ports& p) {
    const auto user = add_user(p, "ann@example.com", "annie");
    std::vector<SessionId> ids;
    for (int i = 0; i < 5; ++i)
        ids.push_back(add_session(p, user, {}, kNow + std::chrono::seconds{i}).id);
    p.sessions.end_oldest(user, 3, kNow + 5s);
    for (std::size_t i = 0; i < ids.size(); ++i)
        BOOST_TEST(p.sessions.find_live(ids[i], kNow + 5s).has_value() == (i >= 2));
    p.sessions.end_all(user, ids[3], sessions::EndReason::signed_out, kNow + 6s);
    BOOST_TEST(!p.sessions.find_live(ids[4], kNow + 6s).has_value());
    BOOST_TEST(p.sessions.find_live(ids[3], kNow + 6s).has_value());
    p.sessions.end_all(user, std::nullopt, sessions::EndReason::signed_out, kNow + 6s);
    BOOST_TEST(!p.sessions.find_live(ids[3], kNow + 6s).has_value());
}

inline void newest_sessions_come_first_and_ended_ones_count(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    const auto other = add_user(p, "bob@example.com", "bobby");
    const auto first = add_session(p, id);
    auto second = first;
    second.id = SessionId::make(kNow, p.random);
    second.created_at = kNow + 1s;
    BOOST_REQUIRE(p.sessions.add(second));
    add_session(p, other);
    p.sessions.end(second.id, id, sessions::EndReason::signed_out, kNow + 2s);
    const auto all = p.sessions.newest_of(id, 3);
    BOOST_REQUIRE(all.size() == 2U);
    BOOST_CHECK(all[0].session.id == second.id);
    BOOST_TEST(all[0].end_reason == "signed_out");
    BOOST_CHECK(all[1].session.id == first.id);
    const auto newest = p.sessions.newest_of(id, 1);
    BOOST_REQUIRE(newest.size() == 1U);
    BOOST_CHECK(newest[0].session.id == second.id);
}

inline constexpr Contract kSessions[] = {
    {"a_session_lives_until_it_ends_expires_or_idles", a_session_lives_until_it_ends_expires_or_idles},
    {"a_raised_epoch_ends_what_came_before", a_raised_epoch_ends_what_came_before},
    {"a_session_can_follow_its_users_epoch", a_session_can_follow_its_users_epoch},
    {"a_banned_users_sessions_are_not_live", a_banned_users_sessions_are_not_live},
    {"a_session_for_refresh_comes_with_its_holder_and_roles",
     a_session_for_refresh_comes_with_its_holder_and_roles},
    {"a_session_is_not_advanced_after_its_end", a_session_is_not_advanced_after_its_end},
    {"a_touched_session_goes_on_with_its_counter", a_touched_session_goes_on_with_its_counter},
    {"a_session_that_has_changed_is_not_touched", a_session_that_has_changed_is_not_touched},
    {"a_counter_is_advanced_once_from_each_value", a_counter_is_advanced_once_from_each_value},
    {"many_sightings_are_written_at_once", many_sightings_are_written_at_once},
    {"the_oldest_sessions_are_ended_above_the_limit", the_oldest_sessions_are_ended_above_the_limit},
    {"newest_sessions_come_first_and_ended_ones_count", newest_sessions_come_first_and_ended_ones_count},
};

}  // namespace csauth::contracts
