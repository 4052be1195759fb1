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

/// Takes accounts away.
class Erasure {
public:
    explicit Erasure(const Ports& ports);

    /// Everything of the user is gone: profile, sessions, devices, roles, tokens, mails; they are told by
    /// mail. The username stays taken for good, so that nobody is mistaken for them; not so that of an
    /// account whose address was never confirmed, whom no mail goes to, either. What the audit log holds
    /// loses what is personal; `why` stands in its last entry.
    ///
    /// Inside the caller's transaction, which is one of roles::Hierarchy. not_found: the account has gone, or
    /// has another epoch than when `user` was read.
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
