#pragma once

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "json/object.h"
#include "sessions/gate.h"

namespace csauth::tests {

using namespace std::chrono_literals;

struct SessionFixture : fakes::World {
    users::User user = ann();
    sessions::OpenedSession admitted = *sign_in("ann@example.com", "correct horse");
    const std::string& token = admitted.tokens.access;

    SessionFixture() {
        // Recalls from registering and signing in no longer concern the token.
        clock.advance(5min);
        board.fed(clock.uptime());
        admitted = *sign_in("ann@example.com", "correct horse");
    }
    std::optional<ErrorCode> refusal(sessions::Gate& by) {
        const auto caller = by.authenticate(token);
        return caller ? std::nullopt : std::optional{caller.error().code};
    }
};

}  // namespace csauth::tests
