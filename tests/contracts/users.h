#pragma once

#include "contracts/fixture.h"

namespace csauth::contracts {

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

inline void an_address_is_verified_once_and_only_while_unchanged(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    BOOST_TEST(!p.users.mark_verified(id, "other@example.com", 0, kNow));
    BOOST_TEST(!p.users.mark_verified(id, "ann@example.com", 1, kNow));
    BOOST_TEST(p.users.mark_verified(id, "ann@example.com", 0, kNow));
    BOOST_TEST(!p.users.mark_verified(id, "ann@example.com", 0, kNow));
    BOOST_TEST(p.users.find(id, kNow)->is_verified);
}

inline void an_unverified_address_was_still_verified_once(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    const auto ever = [&] { return p.users.find(id, kNow)->was_ever_verified; };
    BOOST_TEST(!ever());
    BOOST_TEST(!p.users.lock(id, kNow)->was_ever_verified);
    p.users.mark_verified(id, "ann@example.com", 0, kNow);
    BOOST_TEST(ever());
    p.users.mark_unverified(id, kNow + 1us);
    BOOST_TEST(ever());
    BOOST_TEST(p.users.credentials(id, kNow)->user.was_ever_verified);
    BOOST_TEST(!p.users.lock(UserId{}, kNow).has_value());
}

inline void an_address_that_is_unverified_again_waits_anew(Ports& p) {
    const auto id = add_verified(p, "ann@example.com", "annie");
    BOOST_TEST(p.users.unverified_since(kNow + 24h, 10).empty());
    p.users.mark_unverified(id, kNow + 1h);
    BOOST_TEST(p.users.unverified_since(kNow + 1h, 10).empty());
    BOOST_TEST(p.users.unverified_since(kNow + 1h + 1us, 10).size() == 1U);
    p.users.mark_verified(id, "ann@example.com", 0, kNow);
    BOOST_TEST(p.users.unverified_since(kNow + 24h, 10).empty());
}

inline void an_unverified_address_loses_its_avatar(Ports& p) {
    const auto id = add_verified(p, "ann@example.com", "annie");
    const std::string picture(64, 'a');
    p.users.set_avatar(id, picture);
    BOOST_TEST(p.users.is_avatar_in_use(picture));
    BOOST_TEST(p.users.mark_unverified(id, kNow));
    BOOST_TEST(!p.users.find(id, kNow)->avatar.has_value());
    BOOST_TEST(!p.users.is_avatar_in_use(picture));
}

inline void users_unverified_for_too_long_are_found(Ports& p) {
    const auto late = add_user(p, "ann@example.com", "annie");
    const auto good = add_user(p, "bob@example.com", "bobby");
    p.users.mark_verified(good, "bob@example.com", 0, kNow);
    BOOST_TEST(p.users.unverified_since(kNow, 10).empty());
    const auto found = p.users.unverified_since(kNow + 1us, 10);
    BOOST_REQUIRE(found.size() == 1);
    BOOST_CHECK(found[0] == late);
}

inline void an_address_changes_once_and_not_to_a_taken_one(Ports& p) {
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

inline void a_rehash_replaces_only_the_hash_that_was_verified(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    p.users.replace_password_hash(id, "$another$", "$fresh$");
    BOOST_TEST(p.users.credentials(id, kNow)->password_hash == "$hash$");
    p.users.replace_password_hash(id, "$hash$", "$fresh$");
    BOOST_TEST(p.users.credentials(id, kNow)->password_hash == "$fresh$");
}

inline void a_password_is_set_only_with_the_present_epoch(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    BOOST_TEST(p.users.set_password(id, 0, "$new$"));
    BOOST_TEST(!p.users.set_password(id, 0, "$newer$"));
    const auto known = p.users.credentials(id, kNow);
    BOOST_TEST(known->password_hash == "$new$");
    BOOST_TEST(known->user.epoch == 1U);
}

inline void a_profile_changes_only_in_the_given_members(Ports& p) {
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

inline void an_avatar_is_in_use_while_a_user_has_it(Ports& p) {
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

inline void a_ban_lasts_until_its_end_or_until_it_is_lifted(Ports& p) {
    const auto id = add_verified(p, "ann@example.com", "annie");
    const auto session = add_session(p, id);
    BOOST_TEST(!p.users.lift_ban(id, {}));
    p.users.ban(id, {kNow + 1h, "spam"}, kNow);
    BOOST_TEST(!p.sessions.find_live(session.id, kNow).has_value());
    auto user = p.users.find(id, kNow);
    BOOST_TEST(user->ban->reason == "spam");
    BOOST_CHECK(user->ban->until == kNow + 1h);
    BOOST_TEST(user->epoch == 1U);
    BOOST_TEST(!p.users.find(id, kNow + 1h)->ban.has_value());
    BOOST_TEST(!p.sessions.find_live(session.id, kNow + 1h).has_value());

    BOOST_TEST(p.users.bans_ended(10, kNow + 1h - 1us).empty());
    BOOST_CHECK(p.users.bans_ended(10, kNow + 1h) == std::vector<UserId>{id});
    BOOST_TEST(!p.users.lift_ban(id, kNow + 1h - 1us));
    p.users.ban(id, {std::nullopt, "again"}, kNow);
    BOOST_TEST(!p.users.lift_ban(id, kNow + 24h));  // it has no end
    BOOST_TEST(p.users.bans_ended(10, kNow + 24h).empty());
    BOOST_TEST(p.users.lift_ban(id, {}));
    BOOST_TEST(!p.users.find(id, kNow)->ban.has_value());
}

inline void a_removed_user_has_no_sessions_and_no_devices(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    const auto session = add_session(p, id);
    BOOST_TEST(!p.users.remove(id, 1));
    BOOST_TEST(p.users.remove(id, 0));
    BOOST_TEST(!p.users.remove(id, 0));
    BOOST_TEST(!p.users.find(id, kNow).has_value());
    BOOST_TEST(!p.sessions.find_live(session.id, kNow).has_value());
    BOOST_TEST(p.devices.page_of(id, {}, 1000).empty());
}

inline constexpr Contract kUsers[] = {
    {"a_user_comes_back_as_it_was_added", a_user_comes_back_as_it_was_added},
    {"an_identifier_is_taken_once", an_identifier_is_taken_once},
    {"an_address_is_verified_once_and_only_while_unchanged",
     an_address_is_verified_once_and_only_while_unchanged},
    {"an_unverified_address_was_still_verified_once", an_unverified_address_was_still_verified_once},
    {"an_address_that_is_unverified_again_waits_anew", an_address_that_is_unverified_again_waits_anew},
    {"an_unverified_address_loses_its_avatar", an_unverified_address_loses_its_avatar},
    {"users_unverified_for_too_long_are_found", users_unverified_for_too_long_are_found},
    {"an_address_changes_once_and_not_to_a_taken_one", an_address_changes_once_and_not_to_a_taken_one},
    {"a_rehash_replaces_only_the_hash_that_was_verified", a_rehash_replaces_only_the_hash_that_was_verified},
    {"a_password_is_set_only_with_the_present_epoch", a_password_is_set_only_with_the_present_epoch},
    {"a_profile_changes_only_in_the_given_members", a_profile_changes_only_in_the_given_members},
    {"an_avatar_is_in_use_while_a_user_has_it", an_avatar_is_in_use_while_a_user_has_it},
    {"a_ban_lasts_until_its_end_or_until_it_is_lifted", a_ban_lasts_until_its_end_or_until_it_is_lifted},
    {"a_removed_user_has_no_sessions_and_no_devices", a_removed_user_has_no_sessions_and_no_devices},
};

}  // namespace csauth::contracts
