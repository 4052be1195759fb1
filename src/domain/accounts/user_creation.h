#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "accounts/one_time_tokens.h"
#include "accounts/ports.h"
#include "accounts/verification.h"
#include "audit/audit_log.h"
#include "base/origin.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/password_hasher.h"
#include "outbox/outbox.h"
#include "roles/role_administration.h"
#include "users/context_words.h"
#include "users/email.h"
#include "users/password.h"
#include "users/profile.h"
#include "users/username.h"

namespace csauth::accounts {

/// How long the link of an invitation works.
inline constexpr std::chrono::hours kInvitationLifetime{72};

static_assert(kInvitationLifetime >= kConfirmationWindow);
static_assert(kInvitationLifetime / kConfirmationWindow * kMostConfirmationsADay < kMostLinks,
              "mails must not push a live link out");

/// The person for whom an account is created.
struct Invitee {
    users::Email email;
    users::Username username;
    users::FullName full_name;
    std::string language;
    std::vector<roles::RoleName> roles;  ///< besides the default roles
};

/// How the link of an invitation reaches the owner of the account. Both ways may be chosen.
struct Delivery {
    bool by_mail = true;       ///< the link is mailed to the owner
    bool by_operator = false;  ///< the token is returned, for the operator to hand the link over
};

/// The account as it is after the call.
struct CreatedUser {
    users::User user;
    std::vector<roles::Role> roles;
    Secret link_token = {};  ///< of the invitation's link; empty unless the operator delivers it
};

/// Creates accounts for others. The actor needs `can_manage_users`, and `can_manage_roles` to give roles.
/// Each call is one transaction.
///
/// Refusals of each call:
/// `permission_denied`, `session_ended`, `email_unverified`, `last_role_manager`: see roles::Hierarchy. Also
/// `permission_denied`: the actor can't hand out one of the roles.
/// `not_found`: one of the roles does not exist.
/// `email_taken`, `username_taken`: `fields` names all that is taken.
/// `limit_reached`: the user would have more than roles::kMostRolesOfUser roles.
class UserCreation {
public:
    UserCreation(const Ports& ports, roles::Hierarchy& hierarchy,
                 roles::RoleAdministration& role_administration, const crypto::PasswordHasher& hasher,
                 const users::ContextWords& context);

    /// Creates an account without a password. Its owner chooses one with the link of the invitation, which
    /// also confirms the address. The link works for kInvitationLifetime; an account whose address nobody
    /// confirms is deleted. Throws std::logic_error if `delivery.by_operator` is set and the actor is not the
    /// operator.
    ///
    /// `too_many_requests`: the address has had kMostConfirmationsADay mails that ask for a confirmation.
    /// `validation_failed`: see refuse_web_address().
    Result<CreatedUser> invite(const roles::Actor& actor, const Invitee& invitee, const Origin& origin,
                               Delivery delivery = {});

    /// Invites the owner of an account again. Earlier links keep working until one is used or they expire.
    /// Throws as invite() does.
    ///
    /// `not_found`: there is no such user.
    /// `email_taken`: the account has a password or its address was confirmed, so nobody waits for an
    /// invitation.
    /// `too_many_requests`: see invite().
    Result<CreatedUser> invite_again(const roles::Actor& actor, UserId user, const Origin& origin,
                                     Delivery delivery = {});

    /// Creates an account with a password and a confirmed address. Only the operator may, after asking the
    /// owner for the password. Hashes it before the transaction.
    ///
    /// `validation_failed`: see refuse_guessable() and refuse_web_address().
    Result<CreatedUser> create(const Invitee& invitee, const users::NewPassword& password,
                               const Origin& origin);

private:
    enum class Invitation { first, again };

    Result<CreatedUser> add(const roles::Actor& actor, const roles::Authority& authority,
                            const Invitee& invitee, const std::string& password_hash, const Origin& origin);
    Result<Secret> send(const users::User& user, Delivery delivery, Invitation how, const roles::Actor& actor,
                        const Origin& origin);

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
