#pragma once

#include <chrono>

#include "accounts/password_reset.h"
#include "accounts/ports.h"
#include "accounts/verification.h"
#include "base/transactions.h"
#include "outbox/outbox.h"
#include "users/users.h"

namespace csauth::accounts {

/// The owner of an address is told of registrations with it at most once in this time.
inline constexpr std::chrono::hours kAlreadyRegisteredInterval{24};

/// The most mails that reset a password which an address gets within kResetWindow. If the account has changed
/// since and none of their links works, an address that was confirmed gets more, up to kMostResetsInAnyCase.
inline constexpr std::size_t kMostResetsAnHour = 3;
inline constexpr std::size_t kMostResetsInAnyCase = 12;

static_assert(kResetLifetime >= kResetWindow);
static_assert(kResetLifetime <= 2 * kResetWindow && 2 * kMostResetsAnHour < kMostLinks,
              "a stranger's requests must not push a live link out");

/// A request that was not handled within this time is void. A user who still wants the mail asks again.
inline constexpr std::chrono::hours kRequestLifetime{1};

/// Turns requests for mail into mail, for the addresses that should have one. The mailer runs it, so that
/// asking takes the same time for any address.
class RequestedMail {
public:
    RequestedMail(const Ports& ports, VerificationMail& verification, ResetMail& reset);

    /// Handles up to `most` open requests, each in a transaction of its own, and returns their number. A
    /// request that leads to no mail is handled, too: it is closed.
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
