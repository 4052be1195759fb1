#pragma once

#include <functional>
#include <optional>
#include <type_traits>

#include "base/clock.h"
#include "base/result.h"
#include "base/transactions.h"
#include "roles/authority.h"
#include "roles/roles.h"
#include "users/users.h"

namespace csauth::roles {

/// Runs the acts of users on other users and on roles. The acts run one after the other on all nodes. Each is
/// judged by what the database says at that moment, and undone if it breaks a rule that must hold after it.
class Hierarchy {
public:
    Hierarchy(Roles& roles, users::Users& users, Transactions& transactions, const Clock& clock)
        : roles_{roles}, users_{users}, transactions_{transactions}, clock_{clock} {}

    /// Runs `act(authority of the actor)` as one transaction, and returns its Result. A deadlock runs it
    /// again (see Transactions), so it must have no other effect. After a refusal nothing has changed.
    ///
    /// `permission_denied`: the actor lacks `needed`, or would have more rights than before.
    /// `session_ended`: the actor's account is gone or banned.
    /// `email_unverified`: the actor's address is no longer confirmed.
    /// `last_role_manager`: see guard().
    template <class Act>
    auto act(const Actor& actor, Flag needed, Act act) -> std::invoke_result_t<Act, const Authority&> {
        using Outcome = std::invoke_result_t<Act, const Authority&>;
        return guard(actor, [&]() -> Outcome {
            const auto before = authority_of(actor);
            if (!before) return before.error();
            if (!before->has(needed)) return lacks(needed);
            auto outcome = act(*before);
            if (outcome)
                if (const auto same = refuse_elevation(actor, *before); !same) return same.error();
            return outcome;
        });
    }

    /// Runs `act(user)` as act() does, if `actor` may act on the user `subject`. The user's row is locked
    /// until the end of the transaction.
    ///
    /// The refusals are those of act(), and: `not_found`: there is no such user. `permission_denied`: the
    /// user's priority is out of reach, or the user is the actor.
    template <class Act>
    auto act_on(const Actor& actor, Flag needed, UserId subject, Act act)
        -> std::invoke_result_t<Act, const users::User&> {
        using Outcome = std::invoke_result_t<Act, const users::User&>;
        return this->act(actor, needed, [&](const Authority& authority) -> Outcome {
            const auto user = find_other(actor, authority, subject);
            if (!user) return user.error();
            return act(*user);
        });
    }

    /// Runs `body` as one transaction after all other guarded ones, and returns its Result. Does not check
    /// the actor's rights.
    ///
    /// `last_role_manager`: the act would remove the last manager (Roles::has_manager) or the last peer. The
    /// operator may remove the last peer. After the refusal nothing has changed.
    template <class Body>
    std::invoke_result_t<Body> guard(const Actor& actor, Body body) {
        using Outcome = std::invoke_result_t<Body>;
        return transactions_.run([&]() -> Outcome {
            roles_.enter_guard();
            const Stewards before = stewards(actor);
            auto outcome = body();
            if (outcome)
                if (const auto kept = refuse_loss(before, stewards(actor)); !kept) return kept.error();
            return outcome;
        });
    }

    /// Returns the authority of a user, and locks the user's row until the end of the transaction. Call it
    /// inside act(). `not_found`: there is no such user.
    Result<Authority> authority_of_user(UserId user);

private:
    struct Stewards {
        bool has_manager;
        bool has_peer;  ///< false for the operator, who may remove the last peer
    };
    Stewards stewards(const Actor& actor);
    static Result<void> refuse_loss(const Stewards& before, const Stewards& after);
    Result<Authority> authority_of(const Actor& actor);
    Result<users::User> find_other(const Actor& actor, const Authority& authority, UserId subject);
    Result<void> refuse_elevation(const Actor& actor, const Authority& before);
    static Error lacks(Flag flag);

    Roles& roles_;
    users::Users& users_;
    Transactions& transactions_;
    const Clock& clock_;
};

}  // namespace csauth::roles
