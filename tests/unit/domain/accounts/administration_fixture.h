#pragma once

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

namespace csauth::tests {

using namespace std::chrono_literals;
using roles::Actor;

inline constexpr roles::Flags kAll{true, true, true, true, true};

struct AdministrationFixture : fakes::World {
    UserId boss = made("boss@example.com", "boss", {{.name = "admin", .priority = 100, .flags = kAll}});
    UserId bob = made("bob@example.com", "bobby", {{.name = "member", .is_default = true}});
    Actor actor = Actor::account(boss);

    UserId made(const char* email, const char* username, const std::vector<roles::Role>& held) {
        const auto id = register_account(email, username)->user.id;
        users.rows.at(id).user.is_verified = true;
        roles.give(id, held);
        return id;
    }
    template <class T>
    static ErrorCode refused(const Result<T>& result) {
        return result ? ErrorCode::internal_error : result.error().code;
    }
    accounts::BanReason reason = *accounts::BanReason::parse("spam in every room");
    std::size_t live_sessions(UserId user) { return sessions.live_of(user, clock.now()).size(); }
};

}  // namespace csauth::tests
