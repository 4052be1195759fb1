#pragma once

#include <optional>
#include <string>

#include "accounts/ports.h"
#include "accounts/verification.h"
#include "base/result.h"
#include "crypto/password_hasher.h"
#include "sessions/session_opener.h"
#include "users/context_words.h"
#include "users/email.h"
#include "users/password.h"
#include "users/profile.h"
#include "users/username.h"

namespace csauth::accounts {

/// What a person registers with. Each value has passed its own parse().
struct Applicant {
    users::Email email;
    users::Username username;
    users::NewPassword password;
    users::FullName full_name;
    users::Bio bio;
    std::string language;
    devices::DeviceClaim device;
    std::string return_to = {};  ///< the return address; empty if there is none
};

/// Creates accounts: user, default roles, session, device, verification mail and audit row, or none of it.
class Registration {
public:
    Registration(const Ports& ports, VerificationMail& verification, sessions::SessionOpener& session_opener,
                 const crypto::PasswordHasher& hasher, const users::ContextWords& context);

    /// Creates the account and returns its first session. The address is not confirmed yet. Hashes the
    /// password first, and writes in a transaction of its own. If several calls with one address or name run
    /// at once, one succeeds. An address that has had kMostConfirmationsADay gets no verification mail.
    ///
    /// `validation_failed`: see refuse_guessable() and refuse_web_address().
    /// `email_taken`, `username_taken`: `fields` names all that is taken. The mailer tells the owner of a
    /// taken address, at most once within kAlreadyRegisteredInterval.
    Result<sessions::OpenedSession> register_account(const Applicant& applicant, const Origin& origin);

private:
    Error refuse(const users::Taken& taken, const Applicant& applicant);

    users::Users& users_;
    roles::Roles& roles_;
    VerificationMail& verification_;
    sessions::SessionOpener& opener_;
    outbox::MailRequests& mail_requests_;
    Transactions& transactions_;
    const crypto::PasswordHasher& hasher_;
    const users::ContextWords& context_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace csauth::accounts
