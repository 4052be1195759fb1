#pragma once

#include <string>
#include <vector>

#include "contracts/fixture.h"
#include "users/directory.h"

namespace csauth::contracts {

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

inline void users_are_found_by_each_filter(Ports& p) {
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

inline void a_page_begins_after_the_one_before(Ports& p) {
    add_some(p);
    for (const std::size_t a_page : {1U, 2U, 3U}) {
        BOOST_TEST(names_on(p, {}, a_page) == names_on(p, {}));
        BOOST_TEST(names_on(p, {.role = "editor"}, a_page) == names_on(p, {.role = "editor"}));
        BOOST_TEST(names_on(p, {.status = users::Status::banned}, a_page) ==
                   names_on(p, {.status = users::Status::banned}));
    }
    // A search finds usernames and addresses, and each user once.
    auto other = new_user(p, "daniel@example.com", "zorro");
    BOOST_REQUIRE(!p.users.add(other));
    const users::UserFilter filter{.search = *users::SearchPrefix::parse("dan")};
    BOOST_TEST(names_on(p, filter) == (std::vector<std::string>{"zorro", "daniel_1"}));
    BOOST_TEST(names_on(p, filter, 1) == names_on(p, filter));
    const auto page = p.directory.page({.role = "editor"}, "", 1, kNow);
    BOOST_TEST(page->at(0).roles == (std::vector<std::string>{"editor"}));
    BOOST_TEST(!p.directory.page({}, "no position", 1, kNow).has_value());
}

inline constexpr Contract kDirectory[] = {
    {"users_are_found_by_each_filter", users_are_found_by_each_filter},
    {"a_page_begins_after_the_one_before", a_page_begins_after_the_one_before},
};

}  // namespace csauth::contracts
