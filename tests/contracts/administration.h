#pragma once

#include "contracts/contracts.h"

namespace csauth::contracts {

inline roles::Role role(const char* name, int priority, roles::Flags flags = {}, roles::Custom custom = {}) {
    return {.name = name,
            .description = std::string{"the role "} + name,
            .priority = priority,
            .flags = flags,
            .custom = std::move(custom),
            .created_at = kNow};
}

inline UserId add_verified(Ports& p, std::string_view email, std::string_view username) {
    const auto id = add_user(p, email, username);
    BOOST_REQUIRE(p.users.mark_verified(id, *users::username_key(email), 0, kNow));
    return id;
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

inline void peers_are_found_among_those_who_can_manage_roles(Ports& p) {
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

inline void an_address_that_was_confirmed_once_was_confirmed(Ports& p) {
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

inline void lost_confirmation_takes_the_picture_away(Ports& p) {
    const auto id = add_verified(p, "ann@example.com", "annie");
    const std::string picture(64, 'a');
    p.users.set_avatar(id, picture);
    BOOST_TEST(p.users.is_avatar_in_use(picture));
    BOOST_TEST(p.users.mark_unverified(id, kNow));
    BOOST_TEST(!p.users.find(id, kNow)->avatar.has_value());
    BOOST_TEST(!p.users.is_avatar_in_use(picture));
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
    BOOST_TEST(held[0].name == "author");  // of one priority, by name
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

inline void what_changes_rights_is_recalled(Ports& p) {
    const auto id = add_user(p, "ann@example.com", "annie");
    const auto looked = [&](const recall::Marks& marks) {
        p.board.fed(1ms);
        return p.board.look(marks, 1ms) == recall::Word::speaks;
    };
    const std::vector<std::string> editor{"editor"};
    const std::vector<std::string> author{"author"};
    const recall::Marks marks{SessionId{}, id, editor, kNow};
    const recall::Marks other{SessionId{}, UserId::make(kNow, p.random), author, kNow};
    p.roles.add(role("editor", 10));
    BOOST_TEST(!looked(marks));
    p.roles.change(role("editor", 11));
    BOOST_TEST(looked(marks));
    BOOST_TEST(!looked(other));
    const recall::Marks by_user{SessionId{}, id, {}, kNow};
    BOOST_TEST(!looked(by_user));
    p.roles.grant(id, "editor", std::nullopt, kNow);
    BOOST_TEST(looked(by_user));
    BOOST_TEST(!looked(other));
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

inline void an_address_that_lost_its_confirmation_waits_anew(Ports& p) {
    const auto id = add_verified(p, "ann@example.com", "annie");
    BOOST_TEST(p.users.unverified_since(kNow + 24h, 10).empty());
    p.users.mark_unverified(id, kNow + 1h);
    BOOST_TEST(p.users.unverified_since(kNow + 1h, 10).empty());
    BOOST_TEST(p.users.unverified_since(kNow + 1h + 1us, 10).size() == 1U);
    p.users.mark_verified(id, "ann@example.com", 0, kNow);
    BOOST_TEST(p.users.unverified_since(kNow + 24h, 10).empty());
}

inline std::vector<std::string> names_on(Ports& p, const users::UserFilter& filter,
                                         std::size_t a_page = 100) {
    std::vector<std::string> names;
    std::string position;
    for (;;) {
        const auto page = p.directory.page(filter, position, a_page, kNow);
        BOOST_REQUIRE(page);
        if (page->empty()) return names;
        for (const auto& listed : *page)
            names.push_back(listed.user.username);
        position = page->back().position;
    }
}

/// Ann (active, an editor), Bob (unverified), Eve (banned, an editor), Dan (banned and unverified), each
/// newer than the one before.
inline void add_some(Ports& p) {
    p.roles.add(role("editor", 10));
    int hour = 0;
    for (const auto* name : {"Annie", "bobby", "eve", "daniel_1"}) {
        auto user = new_user(p, std::string{name} + "@example.com", name);
        user.created_at = kNow + std::chrono::hours{++hour};
        user.id = UserId::make(user.created_at, p.random);
        BOOST_REQUIRE(!p.users.add(user));
        const std::string_view all{name};
        if (all == "Annie" || all == "eve") {
            p.users.mark_verified(user.id, *users::username_key(std::string{name} + "@example.com"), 0, kNow);
            p.roles.grant(user.id, "editor", std::nullopt, kNow);
        }
        if (all == "eve" || all == "daniel_1") p.users.ban(user.id, {kNow + 24h, "spam"}, kNow);
        if (all == "Annie") p.users.ban(user.id, {kNow, "over"}, kNow - 1h);
    }
}

inline void users_are_found_by_what_is_asked_for(Ports& p) {
    add_some(p);
    using Names = std::vector<std::string>;
    using users::Status;
    const auto search = [](const char* text) { return *users::SearchPrefix::parse(text); };
    const auto found = [&](const users::UserFilter& filter) { return names_on(p, filter); };
    BOOST_TEST(found({}) == (Names{"daniel_1", "eve", "bobby", "Annie"}));
    BOOST_TEST(found({.status = Status::active}) == (Names{"Annie"}));
    BOOST_TEST(found({.status = Status::unverified}) == (Names{"bobby"}));
    BOOST_TEST(found({.status = Status::banned}) == (Names{"daniel_1", "eve"}));
    BOOST_TEST(found({.role = "editor"}) == (Names{"eve", "Annie"}));
    BOOST_TEST(found({.role = "editor", .status = Status::banned}) == (Names{"eve"}));
    BOOST_TEST(found({.role = "editor", .status = Status::active}) == (Names{"Annie"}));
    BOOST_TEST(found({.role = "none"}).empty());
    BOOST_TEST(found({.created_since = kNow + 3h}) == (Names{"daniel_1", "eve"}));
    BOOST_TEST(found({.role = "editor", .created_since = kNow + 2h}) == (Names{"eve"}));
    BOOST_TEST(found({.search = search("ANN")}) == (Names{"Annie"}));
    BOOST_TEST(found({.search = search("annie@exam")}) == (Names{"Annie"}));
    BOOST_TEST(found({.search = search("bobby@EXAMPLE.com")}) == (Names{"bobby"}));
    BOOST_TEST(found({.search = search("nie")}).empty());
    BOOST_TEST(found({.search = search("%")}).empty());
    BOOST_TEST(found({.search = search("daniel_")}) == (Names{"daniel_1"}));
    BOOST_TEST(found({.search = search("daniel|")}).empty());
    BOOST_TEST(found({.search = search("e"), .role = "editor", .status = Status::banned}) == (Names{"eve"}));
    BOOST_TEST(found({.search = search("e"), .status = Status::active}).empty());
}

inline void a_page_goes_on_where_the_one_before_ended(Ports& p) {
    add_some(p);
    for (const std::size_t a_page : {1U, 2U, 3U}) {
        BOOST_TEST(names_on(p, {}, a_page) == names_on(p, {}));
        BOOST_TEST(names_on(p, {.role = "editor"}, a_page) == names_on(p, {.role = "editor"}));
        BOOST_TEST(names_on(p, {.status = users::Status::banned}, a_page) ==
                   names_on(p, {.status = users::Status::banned}));
    }
    // By username, and by an address of who has another name, each once.
    auto other = new_user(p, "daniel@example.com", "zorro");
    BOOST_REQUIRE(!p.users.add(other));
    const users::UserFilter filter{.search = *users::SearchPrefix::parse("dan")};
    BOOST_TEST(names_on(p, filter) == (std::vector<std::string>{"zorro", "daniel_1"}));
    BOOST_TEST(names_on(p, filter, 1) == names_on(p, filter));
    const auto page = p.directory.page({.role = "editor"}, "", 1, kNow);
    BOOST_TEST(page->at(0).roles == (std::vector<std::string>{"editor"}));
    BOOST_TEST(!p.directory.page({}, "no position", 1, kNow).has_value());
}

inline void acts_are_found_by_who_what_and_when(Ports& p) {
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

inline constexpr Contract kAdministration[] = {
    {"a_role_comes_back_as_it_was_added_and_changed", a_role_comes_back_as_it_was_added_and_changed},
    {"a_role_is_granted_and_revoked_once", a_role_is_granted_and_revoked_once},
    {"peers_are_found_among_those_who_can_manage_roles", peers_are_found_among_those_who_can_manage_roles},
    {"lost_confirmation_takes_the_picture_away", lost_confirmation_takes_the_picture_away},
    {"an_address_that_was_confirmed_once_was_confirmed", an_address_that_was_confirmed_once_was_confirmed},
    {"what_changes_rights_is_recalled", what_changes_rights_is_recalled},
    {"a_manager_is_verified_and_not_banned", a_manager_is_verified_and_not_banned},
    {"a_ban_lasts_until_its_end_or_until_it_is_lifted", a_ban_lasts_until_its_end_or_until_it_is_lifted},
    {"an_address_that_lost_its_confirmation_waits_anew", an_address_that_lost_its_confirmation_waits_anew},
    {"users_are_found_by_what_is_asked_for", users_are_found_by_what_is_asked_for},
    {"a_page_goes_on_where_the_one_before_ended", a_page_goes_on_where_the_one_before_ended},
    {"acts_are_found_by_who_what_and_when", acts_are_found_by_who_what_and_when},
};

}  // namespace csauth::contracts
