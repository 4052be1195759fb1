#pragma once

#include <chrono>

#include "accounts/password_reset.h"
#include "accounts/ports.h"
#include "accounts/verification.h"
#include "base/transactions.h"
#include "outbox/outbox.h"
#include "users/users.h"

namespace csauth::accounts {

/// An owner hears of sign-ups with their address at most once in this time.
inline constexpr std::chrono::hours kAlreadyRegisteredInterval{24};

/// The most mails that reset a password which an address gets within kResetWindow while one of their links
/// works. If the account has changed since and no link works, its confirmed address gets more, up to
/// kMostResetsInAnyCase.
inline constexpr std::size_t kMostResetsAnHour = 3;
inline constexpr std::size_t kMostResetsInAnyCase = 12;

static_assert(kResetLifetime >= kResetWindow);
static_assert(kResetLifetime <= 2 * kResetWindow && 2 * kMostResetsAnHour < kMostLinks,
              "a stranger's requests must not push a live link out");

/// A request that nobody could handle for so long is void: who still wants the mail asks again.
inline constexpr std::chrono::hours kRequestLifetime{1};

/// Turns requests for mail into mail, for the addresses that should have one. It runs in the mailer, so
/// that asking takes the same time for any address.
class RequestedMail {
public:
    RequestedMail(const Ports& ports, VerificationMail& verification, ResetMail& reset);

    /// Handles the requests that are open, `most` at a time; says how many it handled.
    std::size_t handle_open(std::size_t most);

private:
    bool answer(const outbox::MailRequest& request);
    std::string return_to_of(const outbox::MailRequest& request, UserId user);
    bool may_reset(const outbox::MailRequest& request, const users::User& user);
    std::size_t sent_within(const outbox::MailRequest& request, std::chrono::seconds time);

    outbox::MailRequests& requests_;
    users::Users& users_;
    OneTimeTokens& tokens_;
    VerificationMail& verification_;
    ResetMail& reset_;
    outbox::Outbox& outbox_;
    Transactions& transactions_;
    const Clock& clock_;
};

}  // namespace csauth::accounts
