#pragma once

#include <optional>
#include <string>

#include "assembly.h"
#include "base/origin.h"
#include "base/random.h"
#include "crypto/password_hasher.h"
#include "ctl/command.h"
#include "stores.h"

namespace csauth::ctl {

/// What the services of csauthctl are made of. Running nodes hear of its recalls through the database.
struct Surroundings {
    explicit Surroundings(const Config& config);

    SystemClock clock;
    SystemRandom random;
    KeyRings keys;
    Stores stores;
    crypto::PasswordHasher hasher;
    users::ContextWords context_words;
};

/// The stores and services as csauthctl uses them.
struct Administration : Surroundings, AdministrationServices {
    explicit Administration(const Config& config);

    /// By id, address or username.
    std::optional<users::User> find_user(const std::string& who);

    /// The same for a command's first word; says so where there is none.
    std::optional<users::User> user_named_by(const Arguments& arguments);

    /// True if there is such a role; says so where there is none.
    bool has_role(const std::string& name);

    /// Who does this, as the audit log has it: "csauthctl/root".
    const Origin origin;
};

/// Says it on standard error, and gives kNoSuchThing.
int complain(const std::string& what);

/// The same for a refusal, in sentences: neither its code nor JSON pointers, which are for programs.
int complain(const Error& error);

/// Puts an act into the audit log that has happened outside the database. Where that is away it only says so,
/// as what is done is done.
void record_outside(const Config& config, audit::Action action, const std::string& detail);

}  // namespace csauth::ctl
