#pragma once

#include <optional>

#include "accounts/erasure.h"
#include "accounts/one_time_tokens.h"
#include "accounts/password_reset.h"
#include "accounts/ports.h"
#include "accounts/profile.h"
#include "accounts/verification.h"
#include "audit/audit_log.h"
#include "base/origin.h"
#include "base/result.h"
#include "devices/devices.h"
#include "roles/hierarchy.h"
#include "sessions/sessions.h"
#include "users/users.h"

namespace csauth::accounts {

/// What a manager of users changes of an account. Members that are nullopt change nothing.
struct UserChange {
    users::ProfileChange profile = {};
    std::optional<bool> is_verified = {};
};

/// What managers of users do to the accounts of others. The actor needs `can_manage_users`, and never sees or
/// sets a password. Each call is one transaction.
///
/// Refusals of each call: `not_found`, `permission_denied`, `session_ended`, `email_unverified` and
/// `last_role_manager`; see roles::Hierarchy::act_on().
class UserAdministration {
public:
    UserAdministration(const Ports& ports, roles::Hierarchy& hierarchy, Profile& profile, Erasure& erasure,
                       ResetMail& reset_mail, VerificationMail& verification_mail);

    /// Changes the profile as Profile::apply() does, and returns the user as changed.
    ///
    /// An address that loses its confirmation gets a verification mail, as far as
    /// VerificationMail::send_if_few() allows. Earlier links of that kind stop working, and the picture is
    /// taken away. The account is deleted if the address is not confirmed again within kUnverifiedLifetime.
    ///
    /// `username_taken`, `validation_failed`, `too_many_requests`: see Profile::change().
    Result<users::User> change(const roles::Actor& actor, UserId user, const UserChange& change,
                               const Origin& origin);

    /// Erases the account; see Erasure::erase().
    Result<void> remove(const roles::Actor& actor, UserId user, const Origin& origin);

    /// Ends all sessions, also one that is being opened at this moment. Voids every one-time token of the
    /// user but those that take back a change of address.
    Result<void> sign_out(const roles::Actor& actor, UserId user, const Origin& origin);

    /// Ends one session of the user.
    /// `not_found`: the user has no such session, or it has ended.
    Result<void> end_session(const roles::Actor& actor, UserId user, SessionId session, const Origin& origin);

    /// Deletes one device of the user and ends its sessions.
    /// `not_found`: the user has no such device.
    Result<void> remove_device(const roles::Actor& actor, UserId user, DeviceId device, const Origin& origin);

    /// Voids the password, ends all sessions, and mails a link for choosing a new password. It is for an
    /// account that is in the hands of a stranger.
    Result<void> reset_password(const roles::Actor& actor, UserId user, const Origin& origin);

private:
    void confirm(const roles::Actor& actor, const users::User& user, bool is_verified, const Origin& origin);
    void record(const roles::Actor& actor, audit::Action action, UserId subject, std::string detail,
                const Origin& origin);

    roles::Hierarchy& hierarchy_;
    users::Users& users_;
    sessions::Sessions& sessions_;
    devices::Devices& devices_;
    OneTimeTokens& tokens_;
    Profile& profile_;
    Erasure& erasure_;
    ResetMail& reset_mail_;
    VerificationMail& verification_mail_;
    audit::AuditLog& audit_;
    const Clock& clock_;
};

}  // namespace csauth::accounts
