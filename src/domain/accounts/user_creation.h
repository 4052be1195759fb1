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

inline constexpr std::chrono::hours kInvitationLifetime{72};

static_assert(kInvitationLifetime >= kConfirmationWindow);
static_assert(kInvitationLifetime / kConfirmationWindow * kMostConfirmationsADay < kMostLinks,
              "mails must not push a live link out");

/// For whom an account is made.
struct Invitee {
    users::Email email;
    users::Username username;
    users::FullName full_name;
    std::string language;
    std::vector<roles::RoleName> roles;  ///< besides those that everybody starts with
};

/// How the link of an invitation reaches the owner of the account.
struct Delivery {
    bool by_mail = true;
    bool by_operator = false;  ///< it is returned, for the operator to hand over
};

struct CreatedUser {
    users::User user;
    std::vector<roles::Role> roles;
    Secret link_token = {};  ///< of the invitation's link, if it is delivered by the operator
};

/// Makes accounts for others.
///
/// Each: permission_denied and session_ended as roles::Hierarchy has them, permission_denied also for a role
/// that the actor can't hand out; not_found: there is no such role. email_taken, username_taken: `fields`
/// names all that is taken. limit_reached: too many roles.
class UserCreation {
public:
    UserCreation(const Ports& ports, roles::Hierarchy& hierarchy,
                 roles::RoleAdministration& role_administration, const crypto::PasswordHasher& hasher,
                 const users::ContextWords& context);

    /// Makes an account without a password. Its owner chooses one with the link of the invitation, which also
    /// confirms the address. The link works for kInvitationLifetime; an account whose address nobody confirms
    /// is deleted. `delivery.by_operator` is for the operator alone.
    ///
    /// too_many_requests: the address has had kMostConfirmationsADay mails that ask for a confirmation.
    /// validation_failed: see refuse_web_address().
    Result<CreatedUser> invite(const roles::Actor& actor, const Invitee& invitee, const Origin& origin,
                               Delivery delivery = {});

    /// Invites the owner of an account again. Earlier links keep working until one is used or they expire.
    ///
    /// not_found: no such user. email_taken: the account has a password or its address was confirmed, so
    /// nobody waits for an invitation. too_many_requests: as invite().
    Result<CreatedUser> invite_again(const roles::Actor& actor, UserId user, const Origin& origin,
                                     Delivery delivery = {});

    /// Makes an account that is ready, with a confirmed address. Only the operator may, who has asked its
    /// owner for the password. validation_failed, too: see refuse_guessable().
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
