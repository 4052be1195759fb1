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

/// What those who manage users change of an account.
struct UserChange {
    users::ProfileChange profile = {};
    std::optional<bool> is_verified = {};
};

/// What those who manage users do to the accounts of others. Nobody's password is seen or set here.
///
/// Each: not_found, permission_denied, session_ended and last_role_manager as roles::Hierarchy has them.
class UserAdministration {
public:
    UserAdministration(const Ports& ports, roles::Hierarchy& hierarchy, Profile& profile, Erasure& erasure,
                       ResetMail& reset_mail, VerificationMail& verification_mail);

    /// As Profile::change(). An address that loses its confirmation has the time of a new one to get it back,
    /// for which a mail goes out, as far as VerificationMail::send_if_few().
    Result<users::User> change(const roles::Actor& actor, UserId user, const UserChange& change,
                               const Origin& origin);

    /// As Erasure::erase().
    Result<void> remove(const roles::Actor& actor, UserId user, const Origin& origin);

    /// Ends all sessions, also one that is being opened at this moment.
    Result<void> sign_out(const roles::Actor& actor, UserId user, const Origin& origin);

    /// Ends one of the user's sessions; not_found, too, where it is none.
    Result<void> end_session(const roles::Actor& actor, UserId user, SessionId session, const Origin& origin);

    /// The user's device is forgotten, and its sessions end; not_found, too, where it is none.
    Result<void> remove_device(const roles::Actor& actor, UserId user, DeviceId device, const Origin& origin);

    /// The password opens nothing any more, all sessions end, and a mail goes out with which the user chooses
    /// another: for an account in strange hands.
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
