#pragma once

#include <string>

#include "accounts/ports.h"
#include "audit/audit_log.h"
#include "base/origin.h"
#include "base/result.h"
#include "outbox/outbox.h"
#include "roles/authority.h"
#include "users/reservations.h"
#include "users/users.h"

namespace csauth::accounts {

/// Erases accounts.
class Erasure {
public:
    explicit Erasure(const Ports& ports);

    /// Deletes the user with profile, sessions, devices, roles, tokens and mails. Writes the last audit entry
    /// about the user, with `why` as its detail. Asks the keeper to erase what is personal from the earlier
    /// entries.
    ///
    /// A user whose address was ever confirmed is told by mail. Their username is then held for good, so that
    /// nobody can be mistaken for them.
    ///
    /// Runs inside the caller's transaction. That is one of roles::Hierarchy, unless the address is
    /// unconfirmed: such a user does not count as a manager of roles.
    ///
    /// `not_found`: the account no longer exists, or its epoch has changed since `user` was read.
    Result<void> erase(const users::User& user, const roles::Actor& actor, const Origin& origin,
                       std::string why = {});

private:
    users::Users& users_;
    users::Reservations& reservations_;
    outbox::Outbox& outbox_;
    outbox::MailRequests& mail_requests_;
    audit::AuditLog& audit_;
    const Clock& clock_;
};

}  // namespace csauth::accounts
