#pragma once

#include <chrono>

#include "accounts/account_proof.h"
#include "accounts/one_time_tokens.h"
#include "accounts/password_reset.h"
#include "accounts/ports.h"
#include "accounts/verification.h"
#include "audit/audit_log.h"
#include "base/transactions.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "roles/roles.h"
#include "sessions/authentication.h"
#include "users/reservations.h"
#include "users/users.h"

namespace csauth::accounts {

/// How long the link to the new address works.
inline constexpr std::chrono::hours kEmailChangeLifetime{24};

/// The shortest time between two requests of one user. Each request sends a mail to an address of their
/// choice.
inline constexpr std::chrono::minutes kEmailChangeInterval{3};

/// How long a change can be taken back from the former address. Nobody else can take that address meanwhile.
inline constexpr std::chrono::hours kRevertLifetime = users::kAddressHold;

/// Changes the address of an account. That takes the account and the new mailbox. The owner of the former
/// mailbox can take the change back.
class EmailChange {
public:
    EmailChange(const Ports& ports, sessions::Authentication& authentication, ResetMail& reset_mail);

    /// Mails a link to the new address, in a transaction of its own. Earlier links of this kind stop working.
    /// If the new address has an account, its owner is told instead, and the result is the same. No mail is
    /// sent to an address that has had kMostConfirmationsADay of them, with the same result.
    ///
    /// `validation_failed`: `password` is wrong, or `new_email` is the present address.
    /// `too_many_requests`: there were too many wrong passwords, or a request within kEmailChangeInterval.
    Result<void> request(UserId user, const users::Email& new_email, const users::Password& password,
                         const Origin& origin);

    /// Gives the account the new address, which counts as confirmed, in a transaction of its own. Returns the
    /// user. Using the link again succeeds without effect. The former address is told by mail, with a link
    /// that takes the change back. If no address of the account was ever confirmed, that mail is not sent.
    /// The account then loses every role that is not a default one, because these roles were meant for the
    /// owner of the former address.
    ///
    /// `one_time_token_invalid`, `link_superseded`: the link is unknown, expired, replaced by a newer one, or
    /// the password, address or epoch has changed since; see spent_link().
    /// `email_taken`: the new address has an account by now, or is held for another user.
    /// `authentication_required`, `permission_denied`, `invalid_credentials`, `too_many_requests`: see
    /// require_proof().
    Result<users::User> confirm(const PresentedToken& token, const AccountProof& proof, const Origin& origin);

    /// Gives the account its former address back, in a transaction of its own. The token is the only proof.
    /// Ends all sessions, and mails a link to that address for choosing a new password; no password opens the
    /// account until then. Other links stop working, except earlier ones that take a change back.
    ///
    /// `one_time_token_invalid`: the link is unknown, used or expired, or the account has that address; see
    /// spent_link().
    /// `email_taken`: another account has that address.
    Result<void> revert(const PresentedToken& token, const Origin& origin);

private:
    Result<users::User> apply(const OneTimeToken& token, const users::Email& new_email, const Origin& origin,
                              TimePoint now);
    void take_roles(UserId user, const Origin& origin, TimePoint now);
    void tell_former_address(const users::User& former, const Origin& origin, TimePoint now);

    OneTimeTokens& tokens_;
    users::Users& users_;
    roles::Roles& roles_;
    users::Reservations& reservations_;
    sessions::Sessions& sessions_;
    devices::Devices& devices_;
    sessions::Authentication& authentication_;
    ResetMail& reset_mail_;
    outbox::Outbox& outbox_;
    outbox::MailRequests& mail_requests_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace csauth::accounts
