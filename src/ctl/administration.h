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

/// The collaborators of csauthctl's services. It has no recall board, so the running nodes read its recalls
/// from the database.
struct Surroundings {
    /// Loads the key ring `seal` and the pepper. Throws std::runtime_error if one can't be read. Opens no
    /// connection yet.
    explicit Surroundings(const Config& config);

    SystemClock clock;
    SystemRandom random;
    KeyRings keys;
    Stores stores;
    crypto::PasswordHasher hasher;
    users::ContextWords context_words;
};

/// The stores and services of csauthctl. Each command makes one.
struct Administration : Surroundings, AdministrationServices {
    explicit Administration(const Config& config);

    /// Finds a user by id, address or username. Returns nullopt if there is none. Presence is not filled in
    /// if the username found it.
    std::optional<users::User> find_user(const std::string& who);

    /// Finds the user that the command's first word names. Returns nullopt, after a complaint, if there is
    /// none.
    std::optional<users::User> user_named_by(const Arguments& arguments);

    /// Returns true if the role exists. Otherwise complains and returns false.
    bool has_role(const std::string& name);

    /// The operator for the audit log: "csauthctl/root" in place of a request id.
    const Origin origin;
};

/// Writes "csauthctl: WHAT" to standard error. Returns kNoSuchThing, for use as the exit status.
int complain(const std::string& what);

/// Writes a refusal to standard error in sentences, without its code and JSON pointers, which are for
/// programs. Returns kNoSuchThing.
int complain(const Error& error);

/// Records an act that happened outside the database, such as a change of key files, in the audit log. If the
/// database does not answer, only warns on standard error, because the act is already done.
void record_outside(const Config& config, audit::Action action, const std::string& detail);

}  // namespace csauth::ctl
