#pragma once

#include <boost/test/unit_test.hpp>

#include "accounts/one_time_tokens.h"
#include "audit/audit_log.h"
#include "base/random.h"
#include "base/timestamps.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "roles/roles.h"
#include "sessions/sessions.h"
#include "users/users.h"

/// What holds for every implementation of a store: for those over MySQL, and for the fakes that stand in
/// for them in unit tests.
namespace csauth::contracts {

struct Ports {
    users::Users& users;
    roles::Roles& roles;
    devices::Devices& devices;
    sessions::Sessions& sessions;
    accounts::OneTimeTokens& one_time_tokens;
    outbox::MailRequests& mail_requests;
    Random& random;
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
    BOOST_TEST(user->email == "Ann@Example.com");
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
    const auto both = p.users.taken("ann@example.com", "annie");
    BOOST_TEST(both.email);
    BOOST_TEST(both.username);
    BOOST_TEST(!p.users.taken("nobody@example.com", "nobody"));
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
    p.roles.grant_defaults(id, kNow);
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
    BOOST_TEST(!live->user_is_verified);
    BOOST_TEST(p.sessions.find_live(session.id, kNow + 24h * 30 - 1us).has_value());
    BOOST_TEST(!p.sessions.find_live(session.id, kNow + 24h * 30).has_value());

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

inline void a_counter_is_advanced_once_from_each_value(Ports& p) {
    const auto session = add_session(p, add_user(p, "ann@example.com", "annie"));
    BOOST_TEST(p.sessions.advance(session.id, 0, kNow + 1s));
    BOOST_TEST(!p.sessions.advance(session.id, 0, kNow + 2s));
    BOOST_TEST(!p.sessions.advance(session.id, 2, kNow + 2s));
    const auto live = p.sessions.find_live(session.id, kNow + 2s);
    BOOST_TEST(live->session.counter == 1U);
    BOOST_TEST(live->session.seen_counter == 0U);
    BOOST_CHECK(live->session.refreshed_at == kNow + 1s);
    p.sessions.note_seen(session.id, 1, kNow + 3s);
    p.sessions.note_seen(session.id, 0, kNow + 4s);
    BOOST_TEST(p.sessions.find_live(session.id, kNow + 3s)->session.seen_counter == 1U);
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

inline void a_device_without_a_session_goes_offline_and_loses_its_push_token(Ports& p) {
    const auto ann = add_user(p, "ann@example.com", "annie");
    const auto phone = add_session(p, ann, claim("token-1"));
    const auto tablet = add_session(p, ann, claim("token-2"));
    BOOST_TEST(p.users.find(ann, kNow)->is_online);
    BOOST_CHECK(p.users.find(ann, kNow)->last_seen == kNow);
    p.sessions.end(phone.id, ann, sessions::EndReason::signed_out, kNow);
    p.devices.detach_idle(ann, kNow);
    BOOST_TEST(p.users.find(ann, kNow)->is_online);
    BOOST_CHECK(add_session(p, ann, claim("token-1")).device.id != phone.device.id);
    BOOST_CHECK(add_session(p, ann, claim("token-2")).device.id == tablet.device.id);
    p.sessions.end_all(ann, std::nullopt, sessions::EndReason::signed_out, kNow);
    p.devices.detach_idle(ann, kNow);
    BOOST_TEST(!p.users.find(ann, kNow)->is_online);
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
    const auto token = token_of(user, 1);
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
}

inline void a_newer_one_time_token_replaces_the_one_before(Ports& p) {
    const auto user = add_user(p, "ann@example.com", "annie");
    p.one_time_tokens.issue(token_of(user, 1));
    p.one_time_tokens.issue(token_of(user, 2));
    BOOST_TEST(!p.one_time_tokens.find(token_of(user, 1).hash).has_value());
    BOOST_TEST(p.one_time_tokens.find(token_of(user, 2).hash).has_value());
}

inline void a_mail_request_is_closed_once(Ports& p) {
    using outbox::RequestKind;
    p.mail_requests.add(RequestKind::verify_email, "ann@example.com", kNow);
    p.mail_requests.add(RequestKind::already_registered, "ann@example.com", kNow + 1s);
    const auto open = p.mail_requests.open(10);
    BOOST_REQUIRE(open.size() == 2);
    BOOST_TEST(p.mail_requests.open(1).size() == 1U);
    BOOST_CHECK(open[0].kind == RequestKind::verify_email);
    BOOST_TEST(open[0].email_key == "ann@example.com");
    BOOST_TEST(p.mail_requests.close(open[0].id, kNow));
    BOOST_TEST(!p.mail_requests.close(open[0].id, kNow));
    BOOST_TEST(p.mail_requests.open(10).size() == 1U);
    BOOST_TEST(!p.mail_requests.last_sent(RequestKind::verify_email, "ann@example.com").has_value());
    p.mail_requests.mark_sent(open[0].id);
    BOOST_CHECK(p.mail_requests.last_sent(RequestKind::verify_email, "ann@example.com") == kNow);
    BOOST_TEST(!p.mail_requests.last_sent(RequestKind::already_registered, "ann@example.com").has_value());
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
    {"a_counter_is_advanced_once_from_each_value", a_counter_is_advanced_once_from_each_value},
    {"the_oldest_sessions_give_way", the_oldest_sessions_give_way},
    {"a_push_token_finds_its_device_and_moves_to_whoever_presents_it_last",
     a_push_token_finds_its_device_and_moves_to_whoever_presents_it_last},
    {"a_device_without_a_session_goes_offline_and_loses_its_push_token",
     a_device_without_a_session_goes_offline_and_loses_its_push_token},
    {"a_one_time_token_is_consumed_once_and_not_after_its_end",
     a_one_time_token_is_consumed_once_and_not_after_its_end},
    {"a_newer_one_time_token_replaces_the_one_before", a_newer_one_time_token_replaces_the_one_before},
    {"a_mail_request_is_closed_once", a_mail_request_is_closed_once},
};

/// Makes a test case of every contract, in the suite `name`, each with ports that `with_ports` hands it.
inline void register_all(const char* name,
                         const std::function<void(const std::function<void(Ports&)>&)>& with_ports) {
    auto* suite = BOOST_TEST_SUITE(name);
    for (const Contract& contract : kAll)
        suite->add(boost::unit_test::make_test_case([=] { with_ports(contract.run); }, contract.name,
                                                    __FILE__, __LINE__));
    boost::unit_test::framework::master_test_suite().add(suite);
}

}  // namespace csauth::contracts
