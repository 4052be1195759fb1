#pragma once

#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "roles/role.h"

namespace csauth::roles {

/// The one that acts on others: an account, or the operator at the command line. No account outranks the
/// operator.
class Actor {
public:
    static Actor account(UserId id) { return Actor{id}; }
    static Actor the_operator() { return Actor{std::nullopt}; }

    /// Returns nullopt for the operator.
    std::optional<UserId> account() const { return id_; }
    bool is(UserId user) const { return id_ == user; }

private:
    explicit Actor(std::optional<UserId> id) : id_{id} {}
    std::optional<UserId> id_;
};

/// The rights of a user, or of the operator, over other users and roles. These are the only rules of priority
/// (docs/use/roles.md):
///
/// - A user can act on an account only if its highest priority is below the user's own highest priority. The
///   same holds for a role and its priority.
/// - A user cannot give others what the user lacks: a flag, or a custom permission with that value. That
///   includes taking a role away that hides what a lower role allows.
/// - Users with all flags at the highest priority that anybody holds are *peers*. A peer can also act on
///   accounts and roles of that same priority, and can give custom permissions that nobody had.
///
/// The functions that return a Result decide only; they change nothing. Each of them refuses with
/// `permission_denied`, and the detail names the rule.
class Authority {
public:
    /// The authority of a user with the roles `held`. `highest`: the highest priority that anybody holds.
    Authority(const std::vector<Role>& held, int highest);

    /// Returns the authority of the operator: all flags, and a priority above every role.
    static Authority of_the_operator();

    bool has(Flag flag) const { return permissions_.flags.*flag; }
    bool is_peer() const { return is_peer_; }

    /// Decides about acting on a user with the authority `subject`.
    Result<void> act_on(const Authority& subject) const;

    /// Decides about taking the role from a user, or deleting it. Only the priority counts.
    Result<void> reach(const Role& role) const;

    /// Decides about granting the role, or giving a role these contents. Priority, flags and custom
    /// permissions count.
    Result<void> hand_out(const Role& role) const;

    /// Decides about a change after which a user has the authority `after` instead of `before`, because the
    /// user lost a role. Refuses if a custom permission of a lower role then applies that this actor lacks.
    Result<void> uncover(const Authority& before, const Authority& after) const;

    /// Decides about deleting `role`, or changing it to `then`, by the same rule for every possible holder.
    /// `then`: null if the role is deleted. `all`: every role of the service.
    Result<void> uncover(const Role& role, const Role* then, const std::vector<Role>& all) const;

    /// Returns true if this is more than `before`: a higher priority, a further flag, or a further value of a
    /// custom permission. Custom permissions do not count if `before` was a peer, because peers may give any.
    bool exceeds(const Authority& before) const;

private:
    Authority() = default;
    bool is_in_reach(int priority) const;
    bool can_give(const std::string& name, const std::string& value) const;

    int priority_ = kLowestPriority - 1;
    Permissions permissions_;
    bool is_peer_ = false;
};

}  // namespace csauth::roles
