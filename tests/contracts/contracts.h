#pragma once

#include <array>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <span>

#include "accounts/one_time_tokens.h"
#include "audit/audit_log.h"
#include "base/random.h"
#include "base/timestamps.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "recall/board.h"
#include "roles/roles.h"
#include "sessions/sessions.h"
#include "users/directory.h"
#include "users/reservations.h"
#include "users/users.h"

/// What holds for every implementation of a store: for those over MySQL, and for the fakes that stand in
/// for them in unit tests.
namespace csauth::contracts {

struct Ports {
    users::Users& users;
    users::Reservations& reservations;
    roles::Roles& roles;
    devices::Devices& devices;
    sessions::Sessions& sessions;
    accounts::OneTimeTokens& one_time_tokens;
    outbox::MailRequests& mail_requests;
    recall::Board& board;
    Random& random;
    users::Directory& directory;
    audit::AuditLog& audit;
};

inline const TimePoint kNow = *parse_sql_datetime("2026-11-23 08:00:00.123456");
using namespace std::chrono_literals;

inline users::NewUser new_user(Ports& p, std::string_view email, std::string_view username) {
    return {.id = UserId::make(kNow, p.random),
            .email = *users::Email::parse(email),
            .username = *users::Username::parse(username),
            .password_hash = "$hash$",
            .full_name = {"Ann Example"},
            .bio = {"Zeile 1\nZeile 2 \xf0\x9f\x90\xa3"},
            .language = "de",
            .created_at = kNow};
}

inline UserId add_user(Ports& p, std::string_view email, std::string_view username) {
    const auto user = new_user(p, email, username);
    BOOST_REQUIRE(!p.users.add(user));
    return user.id;
}

inline sessions::Session add_session(Ports& p, UserId user, const devices::DeviceClaim& claim = {},
                                     TimePoint at = kNow) {
    sessions::Session session{.id = SessionId::make(at, p.random),
                              .user = user,
                              .device = p.devices.sign_in(user, claim, DeviceId::make(at, p.random), at),
                              .created_at = at,
                              .refreshed_at = at,
                              .last_active_at = at,
                              .expires_at = at + 24h * 90,
                              .ip = "192.0.2.1",
                              .user_agent = "agent"};
    BOOST_REQUIRE(p.sessions.add(session));
    return session;
}

inline void a_user_comes_back_as_it_was_added(Ports& p) {
    const auto id = add_user(p, "Ann@Example.com", "Annie");
    const auto user = p.users.find(id, kNow);
    BOOST_REQUIRE(user);
    BOOST_TEST(user->email == "Ann@example.com");
    BOOST_TEST(user->email_key == "ann@example.com");
    BOOST_TEST(user->username == "Annie");
    BOOST_TEST(user->full_name == "Ann Example");
    BOOST_TEST(user->bio == "Zeile 1\nZeile 2 \xf0\x9f\x90\xa3");
    BOOST_TEST(user->language == "de");
    BOOST_TEST(!user->is_verified);
    BOOST_TEST(!user->is_online);
    BOOST_TEST(!user->last_seen.has_value());
    BOOST_TEST(user->epoch == 0U);
    BOOST_TEST(!user->ban.has_value());
    BOOST_CHECK(user->created_at == kNow);
    BOOST_CHECK(p.users.find_by_email("ann@example.com", kNow)->id == id);
    BOOST_CHECK(p.users.credentials_by_username("annie", kNow)->user.id == id);
    BOOST_TEST(p.users.credentials(id, kNow)->password_hash == "$hash$");
    BOOST_TEST(!p.users.find_by_email("ANN@example.com", kNow).has_value());
    BOOST_TEST(!p.users.find(UserId::make(kNow, p.random), kNow).has_value());
}

inline void an_identifier_is_taken_once(Ports& p) {
    add_user(p, "ann@example.com", "annie");
    BOOST_TEST(p.users.add(new_user(p, "ANN@example.com", "other")).email);
    BOOST_TEST(p.users.add(new_user(p, "other@example.com", "ANNIE")).username);
    BOOST_TEST(!p.users.add(new_user(p, "other@example.com", "other")));
    const auto both = p.users.taken("ann@example.com", "annie", kNow);
    BOOST_TEST(both.email);
    BOOST_TEST(both.username);
    BOOST_TEST(!p.users.taken("nobody@example.com", "nobody", kNow));
}

inline void an_address_is_verified_once_and_only_as_long_as_nothing_has_changed(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    BOOST_TEST(!p.users.mark_verified(id, "other@example.com", 0, kNow));
    BOOST_TEST(!p.users.mark_verified(id, "ann@example.com", 1, kNow));
    BOOST_TEST(p.users.mark_verified(id, "ann@example.com", 0, kNow));
    BOOST_TEST(!p.users.mark_verified(id, "ann@example.com", 0, kNow));
    BOOST_TEST(p.users.find(id, kNow)->is_verified);
}

inline void a_rehash_replaces_only_the_hash_that_was_verified(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    p.users.replace_password_hash(id, "$another$", "$fresh$");
    BOOST_TEST(p.users.credentials(id, kNow)->password_hash == "$hash$");
    p.users.replace_password_hash(id, "$hash$", "$fresh$");
    BOOST_TEST(p.users.credentials(id, kNow)->password_hash == "$fresh$");
}

inline void a_new_user_gets_the_default_role(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    BOOST_TEST(p.roles.held_by(id).empty());
    const auto granted = p.roles.grant_defaults(id, kNow);
    BOOST_REQUIRE(granted.size() == 1);
    BOOST_TEST(granted[0].name == "member");
    BOOST_REQUIRE(p.roles.held_by(id).size() == 1);
    BOOST_TEST(p.roles.held_by(id)[0].name == "member");
}

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
    p.sessions.note_seen(std::array{sessions::Sighting{session.id, 0, kNow + 24h * 29}});  // any use counts
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
    BOOST_TEST(!p.sessions.add(session));  // as a sign-in would that had read the old epoch
    session.epoch = 1;
    BOOST_TEST(p.sessions.add(session));
    BOOST_TEST(p.users.find(user, kNow)->epoch == 1U);
}

inline void a_fresh_session_is_found_with_what_its_tokens_say(Ports& p) {
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
    BOOST_TEST(!p.sessions.advance_if_unchanged(fresh->live.session, kNow + 2s));  // another was faster
    fresh = p.sessions.find_for_refresh(session.id, kNow + 2s);
    BOOST_TEST(fresh->live.session.counter == 1U);
    BOOST_TEST(p.sessions.find_live(session.id, kNow + 2s)->session.counter == 1U);
    BOOST_TEST(p.sessions.find_for_refresh(session.id, kNow + 1s + 24h * 30 - 1us).has_value());
    BOOST_TEST(!p.sessions.find_for_refresh(session.id, kNow + 1s + 24h * 30).has_value());
    p.sessions.note_seen(std::array{sessions::Sighting{session.id, 1, kNow + 24h * 29}});
    BOOST_TEST(!p.sessions.find_for_refresh(session.id, kNow + 1s + 24h * 30)
                    .has_value());  // find_live() says that it is
    BOOST_TEST(p.sessions.find_live(session.id, kNow + 1s + 24h * 30).has_value());
}

inline void a_fresh_session_goes_no_step_behind_its_end(Ports& p) {
    const auto session = add_session(p, add_user(p, "ann@example.com", "annie"));
    const auto fresh = p.sessions.find_for_refresh(session.id, kNow);
    p.users.set_password(session.user, 0, "$other$");
    p.sessions.adopt_epoch(session.id, session.user);  // it goes on, but as another than was read
    BOOST_TEST(!p.sessions.advance_if_unchanged(fresh->live.session, kNow));
    const auto again = p.sessions.find_for_refresh(session.id, kNow);
    BOOST_TEST(p.sessions.end(session.id, session.user, sessions::EndReason::signed_out, kNow));
    BOOST_TEST(!p.sessions.advance_if_unchanged(again->live.session, kNow));
    BOOST_TEST(!p.sessions.find_for_refresh(session.id, kNow).has_value());

    const auto banned = add_session(p, add_user(p, "bob@example.com", "bobby"));
    p.users.ban(banned.user, {kNow + 1h, "spam"}, kNow);
    p.sessions.adopt_epoch(banned.id, banned.user);
    BOOST_TEST(!p.sessions.find_for_refresh(banned.id, kNow).has_value());
    BOOST_TEST(
        !p.sessions.find_for_refresh(banned.id, kNow + 1h).has_value());  // again for find_live() to say

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

inline void the_oldest_sessions_give_way(Ports& p) {
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

inline void many_sightings_are_written_at_once(Ports& p) {
    const auto user = add_user(p, "ann@example.com", "annie");
    std::vector<sessions::Sighting> sightings;
    for (std::uint32_t i = 0; i < 90; ++i)  // more than one statement holds
        sightings.push_back({add_session(p, user).id, i, kNow + std::chrono::seconds{i}});
    p.sessions.note_seen(sightings);
    p.sessions.note_seen({});
    const auto live = p.sessions.live_of(user, kNow + 90s);
    BOOST_REQUIRE(live.size() == 90U);
    BOOST_CHECK(live.front().id == sightings.back().session);  // the last used is the first
    BOOST_CHECK(live.front().last_active_at == kNow + 89s);
    BOOST_TEST(live.front().seen_counter == 89U);
    BOOST_TEST(live.back().seen_counter == 0U);
    BOOST_TEST(p.sessions.live_of(user, kNow + 24h * 31).empty());
    BOOST_TEST(p.sessions.live_of(add_user(p, "bob@example.com", "bobby"), kNow).empty());
}

inline void what_makes_tokens_untrue_is_recalled(Ports& p) {
    const auto user = add_user(p, "ann@example.com", "annie");
    const auto session = add_session(p, user);
    const auto other = add_session(p, user);
    const auto says = [&](const sessions::Session& of) {
        p.board.fed(1ms);
        const auto word = p.board.look({of.id, of.user, {}, kNow}, 1ms);
        return word == recall::Word::speaks;
    };
    BOOST_TEST(!says(session));
    p.users.change_profile(user, {.language = "fr"});  // nothing that a token says
    BOOST_TEST(!says(session));
    BOOST_TEST(
        !p.sessions.end(session.id, UserId::make(kNow, p.random), sessions::EndReason::signed_out, kNow));
    BOOST_TEST(!says(session));
    p.sessions.end(session.id, user, sessions::EndReason::signed_out, kNow);
    BOOST_TEST(says(session));
    BOOST_TEST(!says(other));
    p.sessions.end_all(user, std::nullopt, sessions::EndReason::signed_out, kNow);
    BOOST_TEST(says(other));

    // Each of these by itself.
    int number = 0;
    const auto recalls = [&](auto change) {
        const auto name = "user" + std::to_string(++number);
        const auto id = add_user(p, name + "@example.com", name);
        const auto before = add_session(p, id);
        BOOST_REQUIRE(!says(before));
        change(id, name + "@example.com", before);
        return says(before);
    };
    using Text = const std::string&;
    using Session = const sessions::Session&;
    BOOST_TEST(recalls([&](UserId id, Text, Session) { p.users.raise_epoch(id); }));
    BOOST_TEST(recalls([&](UserId id, Text, Session) { p.users.set_password(id, 0, "$x$"); }));
    BOOST_TEST(!recalls([&](UserId id, Text, Session) { p.users.set_password(id, 1, "$x$"); }));
    BOOST_TEST(recalls([&](UserId id, Text email, Session) { p.users.mark_verified(id, email, 0, kNow); }));
    BOOST_TEST(recalls([&](UserId id, Text email, Session) {
        p.users.change_email(id, email, 0, *users::Email::parse("fresh@example.com"), kNow);
    }));
    BOOST_TEST(recalls([&](UserId id, Text, Session) {
        p.users.change_profile(id, {.username = *users::Username::parse("another")});
    }));
    BOOST_TEST(recalls([&](UserId id, Text, Session) {
        p.users.change_profile(id, {.full_name = *users::FullName::parse("Another")});
    }));
    BOOST_TEST(recalls([&](UserId id, Text, Session) { p.users.remove(id, 0); }));
    BOOST_TEST(recalls([&](UserId id, Text, Session) { p.devices.remove_all(id); }));
    BOOST_TEST(recalls([&](UserId id, Text, Session s) { p.devices.remove(s.device.id, id); }));
    BOOST_TEST(recalls([&](UserId id, Text, Session) { p.sessions.end_oldest(id, 0, kNow); }));
    BOOST_TEST(recalls([&](UserId id, Text, Session s) {
        p.sessions.end_on_device(id, s.device.id, sessions::EndReason::replaced, kNow);
    }));
}

inline void a_banned_users_sessions_are_not_live(Ports& p) {
    const auto session = add_session(p, add_user(p, "ann@example.com", "annie"));
    p.users.ban(session.user, {kNow + 1h, "spam"}, kNow);
    p.sessions.adopt_epoch(session.id, session.user);  // the ban alone is enough
    BOOST_TEST(!p.sessions.find_live(session.id, kNow).has_value());
    BOOST_TEST(!p.sessions.advance(session.id, 0, kNow));
    BOOST_TEST(p.sessions.live_of(session.user, kNow).empty());
    BOOST_TEST(p.sessions.find_live(session.id, kNow + 1h).has_value());
}

inline devices::DeviceClaim claim(std::string_view token, std::string_view name = "") {
    return {.push_token = *devices::PushToken::parse(token),
            .type = devices::DeviceType::ios,
            .name = std::string{name}};
}

inline void a_push_token_finds_its_device_and_moves_to_whoever_presents_it_last(Ports& p) {
    const auto ann = add_user(p, "ann@example.com", "annie");
    const auto bob = add_user(p, "bob@example.com", "bobby");
    const auto first = add_session(p, ann, claim("token-1", "Ann's phone"));
    const auto again = add_session(p, ann, {.push_token = *devices::PushToken::parse("token-1")});
    BOOST_CHECK(first.device.id == again.device.id);
    BOOST_TEST(again.device.name == "Ann's phone");
    BOOST_CHECK(again.device.type == devices::DeviceType::ios);
    const auto moved = add_session(p, bob, claim("token-1"));
    BOOST_CHECK(moved.device.id != first.device.id);
    const auto back = add_session(p, ann, claim("token-1"));
    BOOST_CHECK(back.device.id != moved.device.id);
}

inline void a_proven_device_is_found_again_if_it_is_the_users(Ports& p) {
    const auto ann = add_user(p, "ann@example.com", "annie");
    const auto bob = add_user(p, "bob@example.com", "bobby");
    const auto laptop = add_session(p, ann, {.type = devices::DeviceType::web, .name = "Laptop"});
    const auto again = add_session(p, ann, {.name = "Old laptop", .recognized = laptop.device.id});
    BOOST_CHECK(again.device.id == laptop.device.id);
    BOOST_TEST(again.device.name == "Old laptop");
    BOOST_CHECK(again.device.type == devices::DeviceType::web);
    BOOST_CHECK(add_session(p, bob, {.recognized = laptop.device.id}).device.id != laptop.device.id);

    // Its push token comes along from wherever it was.
    const auto phone = add_session(p, bob, claim("token-1"));
    auto both = claim("token-1");
    both.recognized = laptop.device.id;
    BOOST_CHECK(add_session(p, ann, both).device.id == laptop.device.id);
    BOOST_TEST(p.devices.find(laptop.device.id, ann)->push_token.value() == "token-1");
    BOOST_TEST(!p.devices.find(phone.device.id, bob)->push_token.has_value());
}

inline void a_device_is_changed_and_removed_by_its_user(Ports& p) {
    const auto ann = add_user(p, "ann@example.com", "annie");
    const auto bob = add_user(p, "bob@example.com", "bobby");
    const auto first = add_session(p, ann);
    const auto second = add_session(p, ann, {}, kNow + 1s);
    const DeviceId id = first.device.id;
    BOOST_TEST(!p.devices.find(id, bob).has_value());
    BOOST_TEST(!p.devices.remove(id, bob));
    p.devices.change(id, ann, {.type = devices::DeviceType::desktop, .name = "Mill"});
    p.devices.change(id, ann, {});
    BOOST_TEST(p.devices.find(id, ann)->device.name == "Mill");
    BOOST_CHECK(p.devices.find(id, ann)->device.type == devices::DeviceType::desktop);
    p.devices.set_push_token(id, ann, *devices::PushToken::parse("token-9"));
    p.devices.set_push_token(second.device.id, ann, *devices::PushToken::parse("token-9"));
    BOOST_TEST(!p.devices.find(id, ann)->push_token.has_value());
    p.devices.set_push_token(second.device.id, ann, std::nullopt);
    BOOST_TEST(!p.devices.find(second.device.id, ann)->push_token.has_value());

    p.devices.forget_oldest(ann, 0);  // both have a session
    BOOST_TEST(p.devices.page_of(ann, {}, 1000).size() == 2U);
    const auto third = add_session(p, ann, {}, kNow + 2s);
    p.sessions.end(third.id, ann, sessions::EndReason::signed_out, kNow);
    p.devices.forget_oldest(ann, 1);
    BOOST_TEST(p.devices.page_of(ann, {}, 1000).size() == 3U);
    p.devices.forget_oldest(ann, 0);
    BOOST_TEST(p.devices.page_of(ann, {}, 1000).size() == 2U);

    BOOST_CHECK(p.devices.page_of(ann, std::nullopt, 1).at(0).device.id == second.device.id);
    BOOST_CHECK(p.devices.page_of(ann, second.device.id, 5).at(0).device.id == id);
    BOOST_TEST(p.devices.page_of(ann, id, 5).empty());
    BOOST_TEST(p.devices.remove(id, ann));
    BOOST_TEST(!p.devices.remove(id, ann));
    BOOST_TEST(!p.sessions.find_live(first.id, kNow).has_value());
    BOOST_TEST(p.sessions.find_live(second.id, kNow).has_value());
}

inline void pushes_go_to_live_devices_that_want_them(Ports& p) {
    const auto ann = add_user(p, "ann@example.com", "annie");
    const auto bob = add_user(p, "bob@example.com", "bobby");
    const auto phone = add_session(p, ann, claim("token-1"));
    add_session(p, ann);
    add_session(p, bob, claim("token-2"));
    const std::array both{ann, bob};
    const std::array one{ann};
    BOOST_TEST(p.devices.push_targets(both, 100, kNow).size() == 2U);
    BOOST_TEST(p.devices.push_targets(both, 1, kNow).size() == 1U);
    const auto of_ann = p.devices.push_targets(one, 100, kNow);
    BOOST_REQUIRE(of_ann.size() == 1U);
    BOOST_TEST(of_ann[0].push_token == "token-1");
    BOOST_CHECK(of_ann[0].user == ann);
    p.sessions.end(phone.id, ann, sessions::EndReason::signed_out, kNow);
    BOOST_TEST(p.devices.push_targets(one, 100, kNow).empty());
}

inline void a_device_without_a_session_loses_its_push_token(Ports& p) {
    const auto ann = add_user(p, "ann@example.com", "annie");
    const auto phone = add_session(p, ann, claim("token-1"));
    const auto tablet = add_session(p, ann, claim("token-2"));
    p.sessions.end(phone.id, ann, sessions::EndReason::signed_out, kNow);
    p.devices.detach_idle(ann, kNow);
    BOOST_CHECK(add_session(p, ann, claim("token-1")).device.id != phone.device.id);
    BOOST_CHECK(add_session(p, ann, claim("token-2")).device.id == tablet.device.id);
    p.sessions.end_all(ann, std::nullopt, sessions::EndReason::signed_out, kNow);
    p.devices.detach_idle(ann, kNow);
}

inline accounts::OneTimeToken token_of(UserId user, std::uint8_t filling) {
    accounts::OneTimeToken token{.purpose = accounts::Purpose::verify_email,
                                 .user = user,
                                 .email_key = "ann@example.com",
                                 .created_at = kNow,
                                 .expires_at = kNow + 24h};
    token.hash.fill(filling);
    return token;
}

inline void a_one_time_token_is_consumed_once_and_not_after_its_end(Ports& p) {
    const auto user = add_user(p, "ann@example.com", "annie");
    BOOST_TEST(!p.one_time_tokens.last_issued(user, accounts::Purpose::verify_email).has_value());
    auto token = token_of(user, 1);
    token.return_to = "/maps";
    p.one_time_tokens.issue(token);
    BOOST_CHECK(p.one_time_tokens.last_issued(user, accounts::Purpose::verify_email) == kNow);
    BOOST_TEST(!p.one_time_tokens.consume(token.hash, kNow + 24h));
    BOOST_TEST(p.one_time_tokens.consume(token.hash, kNow + 24h - 1us));
    BOOST_TEST(!p.one_time_tokens.consume(token.hash, kNow));
    const auto found = p.one_time_tokens.find(token.hash);
    BOOST_REQUIRE(found);
    BOOST_TEST(found->is_consumed);
    BOOST_CHECK(found->user == user);
    BOOST_TEST(found->email_key == "ann@example.com");
    BOOST_TEST(found->return_to == "/maps");
}

inline void an_issued_token_ends_earlier_unconsumed_ones(Ports& p) {
    const auto user = add_user(p, "ann@example.com", "annie");
    auto used = token_of(user, 1);
    auto earlier = token_of(user, 2);
    earlier.code = accounts::CodeOfToken{p.random.bytes<32>(), kNow + 1h};
    auto other_purpose = token_of(user, 3);
    other_purpose.purpose = accounts::Purpose::reset_password;
    auto newer = token_of(user, 4);
    newer.created_at = kNow + 1min;
    p.one_time_tokens.add(used);
    BOOST_TEST(p.one_time_tokens.consume(used.hash, kNow));
    p.one_time_tokens.add(earlier);
    p.one_time_tokens.add(other_purpose);
    p.one_time_tokens.issue(newer);
    const auto found = p.one_time_tokens.find(earlier.hash);
    BOOST_REQUIRE(found);
    BOOST_TEST(!found->is_consumed);
    BOOST_CHECK(found->expires_at == kNow + 1min);
    BOOST_CHECK(found->code->expires_at == kNow + 1min);
    BOOST_TEST(!p.one_time_tokens.consume(earlier.hash, kNow + 1min));
    BOOST_CHECK(p.one_time_tokens.find(used.hash)->expires_at == used.expires_at);
    BOOST_CHECK(p.one_time_tokens.find(other_purpose.hash)->expires_at == other_purpose.expires_at);
    BOOST_CHECK(p.one_time_tokens.find(newer.hash)->expires_at == newer.expires_at);
}

inline void the_oldest_unconsumed_tokens_give_way(Ports& p) {
    const auto user = add_user(p, "ann@example.com", "annie");
    const auto other = add_user(p, "bob@example.com", "bobby");
    for (std::uint8_t i = 1; i <= 5; ++i) {
        auto token = token_of(user, i);
        token.created_at = kNow + i * 1s;
        p.one_time_tokens.add(token);
    }
    auto reset = token_of(user, 6);
    reset.purpose = accounts::Purpose::reset_password;
    p.one_time_tokens.add(reset);
    p.one_time_tokens.add(token_of(other, 7));
    BOOST_TEST(p.one_time_tokens.consume(token_of(user, 1).hash, kNow));
    p.one_time_tokens.drop_oldest(user, accounts::Purpose::verify_email, 4);
    BOOST_TEST(p.one_time_tokens.all_of(user).size() == 6U);
    p.one_time_tokens.drop_oldest(user, accounts::Purpose::verify_email, 2);
    for (std::uint8_t i = 1; i <= 6; ++i)
        BOOST_TEST(p.one_time_tokens.find(token_of(user, i).hash).has_value() == (i != 2 && i != 3));
    BOOST_TEST(p.one_time_tokens.find(token_of(other, 7).hash).has_value());
}

inline void a_mail_request_is_closed_once(Ports& p) {
    using outbox::RequestKind;
    const std::string return_to = "/" + std::string(2047, 'x');
    p.mail_requests.add(RequestKind::verify_email, "ann@example.com", kNow, return_to);
    p.mail_requests.add(RequestKind::already_registered, "ann@example.com", kNow + 1s, "");
    const auto open = p.mail_requests.open(10);
    BOOST_REQUIRE(open.size() == 2);
    BOOST_TEST(p.mail_requests.open(1).size() == 1U);
    BOOST_CHECK(open[0].kind == RequestKind::verify_email);
    BOOST_TEST(open[0].email_key == "ann@example.com");
    BOOST_TEST(open[0].return_to == return_to);
    BOOST_TEST(open[1].return_to.empty());
    BOOST_TEST(p.mail_requests.close(open[0].id, kNow));
    BOOST_TEST(!p.mail_requests.close(open[0].id, kNow));
    BOOST_TEST(p.mail_requests.open(10).size() == 1U);
    const auto sent = [&](RequestKind kind, TimePoint since) {
        return p.mail_requests.sent_since(kind, "ann@example.com", since);
    };
    BOOST_TEST(sent(RequestKind::verify_email, kNow - 1s) == 0U);
    p.mail_requests.mark_sent(open[0].id);
    BOOST_TEST(sent(RequestKind::verify_email, kNow - 1s) == 1U);
    BOOST_TEST(sent(RequestKind::verify_email, kNow) == 0U);
    BOOST_TEST(sent(RequestKind::already_registered, kNow - 1s) == 0U);
    p.mail_requests.forget("ann@example.com");
    BOOST_TEST(sent(RequestKind::verify_email, kNow - 1s) == 0U);
    BOOST_TEST(p.mail_requests.open(10).empty());
}

inline void a_password_is_set_by_whoever_read_the_present_epoch(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    BOOST_TEST(p.users.set_password(id, 0, "$new$"));
    BOOST_TEST(!p.users.set_password(id, 0, "$newer$"));
    const auto known = p.users.credentials(id, kNow);
    BOOST_TEST(known->password_hash == "$new$");
    BOOST_TEST(known->user.epoch == 1U);
}

inline void an_address_changes_once_and_not_to_somebody_elses(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    add_user(p, "bob@example.com", "bobby");
    const auto fresh = *users::Email::parse("Ann@Example.org");
    BOOST_CHECK(p.users.change_email(id, "ann@example.com", 0, *users::Email::parse("BOB@example.com"),
                                     kNow) == users::Change::taken);
    BOOST_CHECK(p.users.change_email(id, "ann@example.com", 1, fresh, kNow) == users::Change::outdated);
    BOOST_CHECK(p.users.change_email(id, "ann@example.com", 0, fresh, kNow) == users::Change::done);
    BOOST_CHECK(p.users.change_email(id, "ann@example.com", 0, fresh, kNow) == users::Change::outdated);
    const auto user = p.users.find(id, kNow);
    BOOST_TEST(user->email == "Ann@example.org");
    BOOST_TEST(user->email_key == "ann@example.org");
    BOOST_TEST(user->is_verified);
    BOOST_TEST(user->epoch == 0U);
}

inline void a_profile_changes_only_where_it_is_told_to(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    add_user(p, "bob@example.com", "bobby");
    BOOST_CHECK(p.users.change_profile(id, {.bio = users::Bio{}, .hide_presence = true}) ==
                users::Change::done);
    auto user = *p.users.find(id, kNow);
    BOOST_TEST(user.bio.empty());
    BOOST_TEST(user.full_name == "Ann Example");
    BOOST_TEST(user.username == "annie");
    BOOST_TEST(user.language == "de");
    BOOST_TEST(user.hide_presence);
    BOOST_CHECK(p.users.change_profile(id, {.username = *users::Username::parse("Bobby")}) ==
                users::Change::taken);
    BOOST_CHECK(p.users.change_profile(id, {.username = *users::Username::parse("Anna"),
                                            .full_name = users::FullName{"A"},
                                            .language = "sw",
                                            .hide_presence = false}) == users::Change::done);
    user = *p.users.find(id, kNow);
    BOOST_TEST(user.username == "Anna");
    BOOST_TEST(user.full_name == "A");
    BOOST_TEST(user.language == "sw");
    BOOST_TEST(!user.hide_presence);
    BOOST_TEST(p.users.credentials_by_username("anna", kNow).has_value());
    BOOST_TEST(!p.users.credentials_by_username("annie", kNow).has_value());
}

inline void an_avatar_is_in_use_while_somebody_shows_it(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    const std::string hash(64, 'a');
    BOOST_TEST(!p.users.is_avatar_in_use(hash));
    p.users.set_avatar(id, hash);
    BOOST_TEST(p.users.is_avatar_in_use(hash));
    BOOST_TEST(p.users.find(id, kNow)->avatar.value_or("") == hash);
    p.users.set_avatar(id, std::nullopt);
    BOOST_TEST(!p.users.is_avatar_in_use(hash));
    BOOST_TEST(!p.users.find(id, kNow)->avatar.has_value());
}

inline void a_user_goes_with_all_that_hangs_on_them(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    const auto session = add_session(p, id);
    BOOST_TEST(!p.users.remove(id, 1));
    BOOST_TEST(p.users.remove(id, 0));
    BOOST_TEST(!p.users.remove(id, 0));
    BOOST_TEST(!p.users.find(id, kNow).has_value());
    BOOST_TEST(!p.sessions.find_live(session.id, kNow).has_value());
    BOOST_TEST(p.devices.page_of(id, {}, 1000).empty());
}

inline void who_waits_too_long_for_confirmation_is_found(Ports& p) {
    const auto late = add_user(p, "ann@example.com", "annie");
    const auto good = add_user(p, "bob@example.com", "bobby");
    p.users.mark_verified(good, "bob@example.com", 0, kNow);
    BOOST_TEST(p.users.unverified_since(kNow, 10).empty());
    const auto found = p.users.unverified_since(kNow + 1us, 10);
    BOOST_REQUIRE(found.size() == 1);
    BOOST_CHECK(found[0] == late);
}

inline void a_reservation_keeps_others_away_until_its_end(Ports& p) {
    const auto holder = UserId::make(kNow, p.random);
    const auto other = UserId::make(kNow, p.random);
    using users::Identifier;
    p.reservations.hold(Identifier::username, "annie", holder, kNow + 1h);
    p.reservations.hold(Identifier::email, "ann@example.com", holder, std::nullopt);
    BOOST_TEST(p.reservations.is_held_from(other, Identifier::username, "annie", kNow));
    BOOST_TEST(!p.reservations.is_held_from(holder, Identifier::username, "annie", kNow));
    BOOST_TEST(!p.reservations.is_held_from(other, Identifier::email, "annie", kNow));
    BOOST_TEST(!p.reservations.is_held_from(other, Identifier::username, "annie", kNow + 1h));
    BOOST_TEST(p.reservations.is_held_from(other, Identifier::email, "ann@example.com", kNow + 24h * 9999));
    BOOST_TEST(p.reservations.held_by(holder, Identifier::username, kNow).count == 1U);
    BOOST_CHECK(p.reservations.held_by(holder, Identifier::username, kNow).next_end == kNow + 1h);
    BOOST_TEST(p.reservations.held_by(holder, Identifier::username, kNow + 1h).count == 0U);

    const auto taken = p.users.taken("ann@example.com", "annie", kNow);
    BOOST_TEST(taken.email);
    BOOST_TEST(taken.username);
    BOOST_TEST(p.users.add(new_user(p, "bob@example.com", "Annie")).username);
    BOOST_TEST(p.users.add(new_user(p, "ANN@example.com", "annabel")).email);
    p.reservations.release(Identifier::username, "annie", other);
    BOOST_TEST(p.reservations.is_held_from(other, Identifier::username, "annie", kNow));
    p.reservations.release(Identifier::username, "annie", holder);
    BOOST_TEST(!p.reservations.is_held_from(other, Identifier::username, "annie", kNow));
}

inline accounts::OneTimeToken token_for(Ports& p, UserId user, accounts::Purpose purpose, TimePoint at) {
    return {.hash = p.random.bytes<32>(),
            .purpose = purpose,
            .user = user,
            .email_key = "ann@example.com",
            .created_at = at,
            .expires_at = at + 72h};
}

inline void a_guess_costs_every_live_code_a_try(Ports& p) {
    using accounts::Purpose;
    const auto id = add_user(p, "ann@example.com", "annie");
    const auto tries = [&](Purpose purpose, TimePoint now) {
        std::vector<accounts::TokenHash> hashes;
        for (const auto& token : p.one_time_tokens.take_code_tries(id, purpose, 5, now))
            hashes.push_back(token.hash);
        return hashes;
    };
    using Hashes = std::vector<accounts::TokenHash>;
    auto token = token_for(p, id, Purpose::verify_email, kNow);
    token.code = accounts::CodeOfToken{p.random.bytes<32>(), kNow + 1h};
    p.one_time_tokens.add(token);
    BOOST_TEST(tries(Purpose::reset_password, kNow).empty());
    BOOST_TEST(tries(Purpose::verify_email, kNow + 1h).empty());
    for (int i = 0; i < 3; ++i)
        BOOST_CHECK(tries(Purpose::verify_email, kNow) == Hashes{token.hash});

    auto newer = token_for(p, id, Purpose::verify_email, kNow + 1s);
    newer.code = accounts::CodeOfToken{p.random.bytes<32>(), kNow + 2h};
    p.one_time_tokens.add(newer);
    const auto both = p.one_time_tokens.take_code_tries(id, Purpose::verify_email, 5, kNow);
    BOOST_REQUIRE(both.size() == 2);
    BOOST_CHECK(both[0].hash == newer.hash && both[0].code->hash == newer.code->hash);
    BOOST_CHECK(both[1].hash == token.hash && both[1].code->hash == token.code->hash);
    BOOST_CHECK(tries(Purpose::verify_email, kNow) == (Hashes{newer.hash, token.hash}));
    for (int i = 0; i < 3; ++i)
        BOOST_CHECK(tries(Purpose::verify_email, kNow) == Hashes{newer.hash});
    BOOST_TEST(tries(Purpose::verify_email, kNow).empty());
}

inline void tokens_can_stand_side_by_side_and_later_ones_be_dropped(Ports& p) {
    using accounts::Purpose;
    const auto id = add_user(p, "ann@example.com", "annie");
    auto first = token_for(p, id, Purpose::revert_email, kNow);
    first.address = "Ann@Example.com";
    const auto second = token_for(p, id, Purpose::revert_email, kNow + 1s);
    p.one_time_tokens.add(first);
    p.one_time_tokens.add(second);
    BOOST_TEST(p.one_time_tokens.find(first.hash)->address == "Ann@Example.com");
    BOOST_TEST(p.one_time_tokens.all_of(id).size() == 2U);
    const auto newest = p.one_time_tokens.newest_of(id, 1);
    BOOST_REQUIRE(newest.size() == 1U);
    BOOST_CHECK(newest[0].hash == second.hash);
    BOOST_TEST(p.one_time_tokens.newest_of(id, 3).size() == 2U);
    p.one_time_tokens.drop_issued_after(id, Purpose::revert_email, kNow);
    BOOST_TEST(p.one_time_tokens.find(first.hash).has_value());
    BOOST_TEST(!p.one_time_tokens.find(second.hash).has_value());
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

struct Contract {
    const char* name;
    void (*run)(Ports&);
};

inline constexpr Contract kAll[] = {
    {"a_user_comes_back_as_it_was_added", a_user_comes_back_as_it_was_added},
    {"an_identifier_is_taken_once", an_identifier_is_taken_once},
    {"an_address_is_verified_once_and_only_as_long_as_nothing_has_changed",
     an_address_is_verified_once_and_only_as_long_as_nothing_has_changed},
    {"a_rehash_replaces_only_the_hash_that_was_verified", a_rehash_replaces_only_the_hash_that_was_verified},
    {"a_new_user_gets_the_default_role", a_new_user_gets_the_default_role},
    {"a_session_lives_until_it_ends_expires_or_idles", a_session_lives_until_it_ends_expires_or_idles},
    {"a_raised_epoch_ends_what_came_before", a_raised_epoch_ends_what_came_before},
    {"a_fresh_session_is_found_with_what_its_tokens_say", a_fresh_session_is_found_with_what_its_tokens_say},
    {"a_fresh_session_goes_no_step_behind_its_end", a_fresh_session_goes_no_step_behind_its_end},
    {"a_touched_session_goes_on_with_its_counter", a_touched_session_goes_on_with_its_counter},
    {"a_session_that_has_changed_is_not_touched", a_session_that_has_changed_is_not_touched},
    {"a_counter_is_advanced_once_from_each_value", a_counter_is_advanced_once_from_each_value},
    {"the_oldest_sessions_give_way", the_oldest_sessions_give_way},
    {"many_sightings_are_written_at_once", many_sightings_are_written_at_once},
    {"what_makes_tokens_untrue_is_recalled", what_makes_tokens_untrue_is_recalled},
    {"a_banned_users_sessions_are_not_live", a_banned_users_sessions_are_not_live},
    {"a_proven_device_is_found_again_if_it_is_the_users", a_proven_device_is_found_again_if_it_is_the_users},
    {"a_device_is_changed_and_removed_by_its_user", a_device_is_changed_and_removed_by_its_user},
    {"pushes_go_to_live_devices_that_want_them", pushes_go_to_live_devices_that_want_them},
    {"a_push_token_finds_its_device_and_moves_to_whoever_presents_it_last",
     a_push_token_finds_its_device_and_moves_to_whoever_presents_it_last},
    {"newest_sessions_come_first_and_ended_ones_count", newest_sessions_come_first_and_ended_ones_count},
    {"a_device_without_a_session_loses_its_push_token", a_device_without_a_session_loses_its_push_token},
    {"a_one_time_token_is_consumed_once_and_not_after_its_end",
     a_one_time_token_is_consumed_once_and_not_after_its_end},
    {"an_issued_token_ends_earlier_unconsumed_ones", an_issued_token_ends_earlier_unconsumed_ones},
    {"the_oldest_unconsumed_tokens_give_way", the_oldest_unconsumed_tokens_give_way},
    {"a_mail_request_is_closed_once", a_mail_request_is_closed_once},
    {"a_password_is_set_by_whoever_read_the_present_epoch",
     a_password_is_set_by_whoever_read_the_present_epoch},
    {"an_address_changes_once_and_not_to_somebody_elses", an_address_changes_once_and_not_to_somebody_elses},
    {"a_profile_changes_only_where_it_is_told_to", a_profile_changes_only_where_it_is_told_to},
    {"an_avatar_is_in_use_while_somebody_shows_it", an_avatar_is_in_use_while_somebody_shows_it},
    {"a_user_goes_with_all_that_hangs_on_them", a_user_goes_with_all_that_hangs_on_them},
    {"who_waits_too_long_for_confirmation_is_found", who_waits_too_long_for_confirmation_is_found},
    {"a_reservation_keeps_others_away_until_its_end", a_reservation_keeps_others_away_until_its_end},
    {"a_guess_costs_every_live_code_a_try", a_guess_costs_every_live_code_a_try},
    {"tokens_can_stand_side_by_side_and_later_ones_be_dropped",
     tokens_can_stand_side_by_side_and_later_ones_be_dropped},
    {"a_session_can_follow_its_users_epoch", a_session_can_follow_its_users_epoch},
};

/// Makes a test case of each contract, in the suite `name`, each with ports that `with_ports` hands it.
inline void register_all(const char* name, std::span<const Contract> contracts,
                         const std::function<void(const std::function<void(Ports&)>&)>& with_ports) {
    auto* suite = BOOST_TEST_SUITE(name);
    for (const Contract& contract : contracts)
        suite->add(boost::unit_test::make_test_case([=] { with_ports(contract.run); }, contract.name,
                                                    __FILE__, __LINE__));
    boost::unit_test::framework::master_test_suite().add(suite);
}

}  // namespace csauth::contracts
