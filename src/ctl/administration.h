#pragma once

#include <optional>
#include <string>

#include "accounts/bans.h"
#include "accounts/erasure.h"
#include "accounts/password_reset.h"
#include "accounts/profile.h"
#include "accounts/user_administration.h"
#include "accounts/user_creation.h"
#include "accounts/verification.h"
#include "base/origin.h"
#include "base/random.h"
#include "crypto/password_hasher.h"
#include "ctl/command.h"
#include "roles/hierarchy.h"
#include "roles/role_administration.h"
#include "stores.h"

namespace csauth::ctl {

/// The stores as csauthctl uses them: what it recalls, running nodes hear of through the database.
struct Administration {
    explicit Administration(const Config& config);

    /// By id, address or username.
    std::optional<users::User> find_user(const std::string& who);

    /// The same for a command's first word; says so where there is none.
    std::optional<users::User> user_named_by(const Arguments& arguments);

    /// True if there is such a role; says so where there is none.
    bool has_role(const std::string& name);

    /// Who does this, as the audit log has it: "csauthctl/root".
    const Origin origin;

    SystemClock clock;
    SystemRandom random;
    KeyRings keys;
    Stores stores;
    crypto::PasswordHasher hasher;
    users::ContextWords context_words;
    roles::Hierarchy hierarchy;
    roles::RoleAdministration role_administration;
    accounts::Profile profile;
    accounts::Erasure erasure;
    accounts::ResetMail reset_mail;
    accounts::VerificationMail verification_mail;
    accounts::Bans bans;
    accounts::UserAdministration user_administration;
    accounts::UserCreation user_creation;
};

/// Says it on standard error, and gives kNoSuchThing.
int complain(const std::string& what);

/// The same for a refusal, in sentences: neither its code nor JSON pointers, which are for programs.
int complain(const Error& error);

/// Puts an act into the audit log that has happened outside the database. Where that is away it only says so,
/// as what is done is done.
void record_outside(const Config& config, audit::Action action, const std::string& detail);

}  // namespace csauth::ctl
