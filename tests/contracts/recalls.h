#pragma once

#include <string>
#include <vector>

#include "contracts/fixture.h"
#include "recall/board.h"

namespace csauth::contracts {

inline void a_change_that_tokens_show_is_recalled(Ports& p) {
    const auto user = add_user(p, "ann@example.com", "annie");
    const auto session = add_session(p, user);
    const auto other = add_session(p, user);
    const auto says = [&](const sessions::Session& of) {
        p.board.fed(1ms);
        const auto word = p.board.look({of.id, of.user, {}, kNow}, 1ms);
        return word == recall::Word::speaks;
    };
    BOOST_TEST(!says(session));
    p.users.change_profile(user, {.language = "fr"});  // tokens do not show the language
    BOOST_TEST(!says(session));
    BOOST_TEST(
        !p.sessions.end(session.id, UserId::make(kNow, p.random), sessions::EndReason::signed_out, kNow));
    BOOST_TEST(!says(session));
    p.sessions.end(session.id, user, sessions::EndReason::signed_out, kNow);
    BOOST_TEST(says(session));
    BOOST_TEST(!says(other));
    p.sessions.end_all(user, std::nullopt, sessions::EndReason::signed_out, kNow);
    BOOST_TEST(says(other));

    // Each change alone is recalled.
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

inline void a_change_of_rights_is_recalled(Ports& p) {
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

inline constexpr Contract kRecalls[] = {
    {"a_change_that_tokens_show_is_recalled", a_change_that_tokens_show_is_recalled},
    {"a_change_of_rights_is_recalled", a_change_of_rights_is_recalled},
};

}  // namespace csauth::contracts
