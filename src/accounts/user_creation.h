#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "accounts/one_time_tokens.h"
#include "accounts/verification.h"
#include "audit/audit_log.h"
#include "base/origin.h"
#include "base/result.h"
#include "crypto/password_hasher.h"
#include "outbox/outbox.h"
#include "roles/role_administration.h"
#include "users/context_words.h"
#include "users/email.h"
#include "users/password.h"
#include "users/profile.h"
#include "users/username.h"

namespace csauth::accounts {

inline constexpr std::chrono::hours kInvitationLifetime{72};

/// For whom an account is made.
struct Invitee {
    users::Email email;
    users::Username username;
    users::FullName full_name;
    std::string language;
    std::vector<roles::RoleName> roles;  ///< besides those that everybody starts with
};

struct CreatedUser {
    users::User user;
    std::vector<roles::Role> roles;
};

/// Makes accounts for others.
///
/// Each: permission_denied and session_ended as roles::Hierarchy has them, permission_denied also for a role
/// that the actor can't hand out; not_found: there is no such role. email_taken, username_taken: `fields`
/// names all that is taken. limit_reached: too many roles.
class UserCreation {
public:
    UserCreation(roles::Hierarchy& hierarchy, roles::RoleAdministration& role_administration,
                 roles::Roles& roles, users::Users& users, OneTimeTokens& tokens, outbox::Outbox& outbox,
                 outbox::MailRequests& mail_requests, audit::AuditLog& audit,
                 const crypto::PasswordHasher& hasher, const users::ContextWords& context, const Clock& clock,
                 Random& random);

    /// The account has no password; a mail goes out with which its owner chooses one, which also confirms the
    /// address. The link is good for kInvitationLifetime, and the account goes as every one goes that nobody
    /// confirms. too_many_requests: the address has had kMostConfirmationsADay mails that ask for
    /// confirmation.
    Result<CreatedUser> invite(const roles::Actor& actor, const Invitee& invitee, const Origin& origin);

    /// The account is ready, its address confirmed: for the operator alone, who has asked its owner for the
    /// password. validation_failed, too: the password resembles the account.
    Result<CreatedUser> create(const Invitee& invitee, const users::NewPassword& password,
                               const Origin& origin);

private:
    Result<CreatedUser> add(const roles::Actor& actor, const roles::Authority& authority,
                            const Invitee& invitee, const std::string& password_hash, const Origin& origin);
    void send(const users::User& user);

    roles::Hierarchy& hierarchy_;
    roles::RoleAdministration& role_administration_;
    roles::Roles& roles_;
    users::Users& users_;
    OneTimeTokens& tokens_;
    outbox::Outbox& outbox_;
    outbox::MailRequests& mail_requests_;
    audit::AuditLog& audit_;
    const crypto::PasswordHasher& hasher_;
    const users::ContextWords& context_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace csauth::accounts
