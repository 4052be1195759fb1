#pragma once

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

namespace csauth::tests {

using namespace std::chrono_literals;

struct AccountFixture : fakes::World {
    users::User user = ann();
    UserId id = user.id;

    users::Password typed(std::string_view text) { return std::move(*users::Password::parse(text)); }
    users::NewPassword chosen(std::string_view text) { return std::move(*users::NewPassword::parse(text)); }
    sessions::OpenedSession signed_in(const char* device = "phone") {
        return std::move(*sign_in("ann@example.com", "correct horse",
                                  {.push_token = devices::PushToken{device}, .type = {}, .name = ""}));
    }
    bool works(const sessions::OpenedSession& admitted) {
        return !!gate.authenticate(admitted.tokens.access);
    }
    /// The token of the newest mail of a kind to Ann.
    accounts::PresentedToken mailed(outbox::Template which, const char* recipient = "ann@example.com") {
        const auto* letter = outbox.last(which, recipient);
        BOOST_REQUIRE(letter != nullptr);
        return *accounts::PresentedToken::parse(letter->secret);
    }
    void ask_for_reset(const char* email_key = "ann@example.com") {
        mail_requests.add(outbox::RequestKind::reset_password, email_key, clock.now(), "");
        requested_mail.handle_open(10);
    }
    std::optional<ErrorCode> refusal(const Result<void>& outcome) {
        return outcome ? std::nullopt : std::optional{outcome.error().code};
    }
};

}  // namespace csauth::tests
