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

/// Runs whatever people do to others: one act after the other on all nodes, judged by what the database says
/// at that moment, and with what must hold behind every one of them.
class Hierarchy {
public:
    Hierarchy(Roles& roles, users::Users& users, Transactions& transactions, const Clock& clock)
        : roles_{roles}, users_{users}, transactions_{transactions}, clock_{clock} {}

    /// Runs `act(authority of the actor)`, which gives a Result, as one transaction.
    ///
    /// permission_denied: the actor lacks `needed`, or would have more than before. session_ended: the actor
    /// is gone or banned. email_unverified: their address is not confirmed any more. last_role_manager: as
    /// guard(). In each case nothing has happened.
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

    /// Runs `act(user)` with `actor` in authority over `subject`, who is somebody else, and whom nothing else
    /// changes meanwhile. not_found: there is no such user. permission_denied: they are out of reach, or the
    /// actor's own self. And as act().
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

    /// Runs `body`, which gives a Result, as a transaction that leaves somebody who can manage roles, if
    /// there was anybody; and if it is not the operator's, somebody among peers (see Authority).
    /// last_role_manager otherwise, and nothing has happened.
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

    /// Inside act(): what a user may do as the database has it, who changes by nothing else meanwhile.
    /// not_found.
    Result<Authority> authority_of_user(UserId user);

private:
    struct Stewards {
        bool has_manager;
        bool has_peer;  ///< where the act may not end that
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
