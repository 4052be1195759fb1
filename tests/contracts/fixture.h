#pragma once

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "base/timestamps.h"
#include "contracts/ports.h"

namespace csauth::contracts {

using namespace std::chrono_literals;

inline const TimePoint kNow = *parse_sql_datetime("2026-11-23 08:00:00.123456");

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

inline UserId add_verified(Ports& p, std::string_view email, std::string_view username) {
    const auto id = add_user(p, email, username);
    BOOST_REQUIRE(p.users.mark_verified(id, *users::username_key(email), 0, kNow));
    return id;
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

inline roles::Role role(const char* name, int priority, roles::Flags flags = {}, roles::Custom custom = {}) {
    return {.name = name,
            .description = std::string{"the role "} + name,
            .priority = priority,
            .flags = flags,
            .custom = std::move(custom),
            .created_at = kNow};
}

}  // namespace csauth::contracts
