#pragma once

#include <string>
#include <vector>

#include "contracts/fixture.h"

namespace csauth::contracts {

inline void a_new_user_gets_the_default_role(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    BOOST_TEST(p.roles.held_by(id).empty());
    const auto granted = p.roles.grant_defaults(id, kNow);
    BOOST_REQUIRE(granted.size() == 1);
    BOOST_TEST(granted[0].name == "member");
    BOOST_REQUIRE(p.roles.held_by(id).size() == 1);
    BOOST_TEST(p.roles.held_by(id)[0].name == "member");
}

inline void a_role_comes_back_as_it_was_added_and_changed(Ports& p) {
    auto editor = role("editor", 10, {.can_moderate = true, .can_ban_users = true},
                       {{"quota", R"({"mb":5,"of":[1,"\u20ac"]})"}, {"wiki:edit", "true"}});
    BOOST_TEST(p.roles.add(editor));
    BOOST_TEST(!p.roles.add(editor));
    auto found = p.roles.find("editor");
    BOOST_REQUIRE(found);
    BOOST_TEST(found->description == "the role editor");
    BOOST_TEST(found->priority == 10);
    BOOST_CHECK(found->flags == editor.flags);
    BOOST_TEST(found->custom.size() == 2U);
    BOOST_TEST(found->custom.at("wiki:edit") == "true");
    BOOST_TEST(!found->is_default);
    BOOST_CHECK(found->created_at == kNow);

    editor.description = "";
    editor.priority = 1'000'000;
    editor.flags = {.can_manage_roles = true};
    editor.custom = {};
    p.roles.change(editor);
    found = p.roles.find("editor");
    BOOST_TEST(found->description.empty());
    BOOST_TEST(found->priority == 1'000'000);
    BOOST_CHECK(found->flags == editor.flags);
    BOOST_TEST(found->custom.empty());
    BOOST_TEST(p.roles.all().front().name == "editor");  // the highest first
    BOOST_TEST(!p.roles.find("Editor").has_value());
}

inline void a_role_is_granted_and_revoked_once(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    p.roles.add(role("editor", 10));
    p.roles.add(role("author", 10));
    BOOST_TEST(p.roles.grant(id, "editor", std::nullopt, kNow));
    BOOST_TEST(!p.roles.grant(id, "editor", std::nullopt, kNow));
    BOOST_TEST(p.roles.grant(id, "author", id, kNow));
    const auto held = p.roles.held_by(id);
    BOOST_REQUIRE(held.size() == 2);
    BOOST_TEST(held[0].name == "author");  // roles of the same priority are sorted by name
    BOOST_CHECK(p.roles.holders_of("editor", 5) == std::vector{id});
    BOOST_TEST(p.roles.holders_of("editor", 0).empty());
    BOOST_TEST(p.roles.revoke(id, "author"));
    BOOST_TEST(!p.roles.revoke(id, "author"));
    BOOST_TEST(p.roles.highest_held() == 10);
    p.roles.remove("editor");
    BOOST_TEST(p.roles.held_by(id).empty());
    BOOST_TEST(!p.roles.find("editor").has_value());
    BOOST_TEST(p.roles.highest_held() == roles::kLowestPriority);
}

inline void a_manager_is_verified_and_not_banned(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    p.roles.add(role("chief", 90, {.can_manage_roles = true}));
    BOOST_TEST(!p.roles.has_manager(kNow));
    p.roles.grant(id, "chief", std::nullopt, kNow);
    BOOST_TEST(!p.roles.has_manager(kNow));
    BOOST_TEST(p.users.mark_verified(id, "ann@example.com", 0, kNow));
    BOOST_TEST(p.roles.has_manager(kNow));
    p.users.ban(id, {kNow + 1h, "spam"}, kNow);
    BOOST_TEST(!p.roles.has_manager(kNow + 1h - 1us));
    BOOST_TEST(p.roles.has_manager(kNow + 1h));
    BOOST_TEST(p.users.mark_unverified(id, kNow));
    BOOST_TEST(!p.users.mark_unverified(id, kNow));
    BOOST_TEST(!p.roles.has_manager(kNow + 1h));
    p.roles.enter_guard();
}

inline void a_peer_is_verified_not_banned_and_of_highest_priority(Ports& p) {
    const auto ann = add_user(p, "ann@example.com", "annie");
    const auto bob = add_user(p, "bob@example.com", "bobby");
    p.users.mark_verified(ann, "ann@example.com", 0, kNow);
    p.users.mark_verified(bob, "bob@example.com", 0, kNow);
    roles::Role most = role("most", 50);
    most.flags = {true, true, true, true, false};
    roles::Role rest = role("rest", 5);
    rest.flags.can_ban_users = true;
    p.roles.add(most);
    p.roles.add(rest);
    p.roles.grant(ann, "most", std::nullopt, kNow);
    BOOST_TEST(!p.roles.has_peer(kNow));
    p.roles.grant(ann, "rest", std::nullopt, kNow);  // the flags may come from several roles
    BOOST_TEST(p.roles.has_peer(kNow));
    p.roles.add(role("higher", 51));
    p.roles.grant(bob, "higher", std::nullopt, kNow);
    BOOST_TEST(!p.roles.has_peer(kNow));
    p.roles.revoke(bob, "higher");
    BOOST_TEST(p.roles.has_peer(kNow));
    p.users.ban(ann, {kNow + 1h, "x"}, kNow);
    BOOST_TEST(!p.roles.has_peer(kNow));
    BOOST_TEST(p.roles.has_peer(kNow + 1h));
    p.users.lift_ban(ann);
    p.users.mark_unverified(ann, kNow);
    BOOST_TEST(!p.roles.has_peer(kNow));
}

inline constexpr Contract kRoles[] = {
    {"a_new_user_gets_the_default_role", a_new_user_gets_the_default_role},
    {"a_role_comes_back_as_it_was_added_and_changed", a_role_comes_back_as_it_was_added_and_changed},
    {"a_role_is_granted_and_revoked_once", a_role_is_granted_and_revoked_once},
    {"a_manager_is_verified_and_not_banned", a_manager_is_verified_and_not_banned},
    {"a_peer_is_verified_not_banned_and_of_highest_priority",
     a_peer_is_verified_not_banned_and_of_highest_priority},
};

}  // namespace csauth::contracts
