#pragma once

#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "roles/role.h"

namespace csauth::roles {

/// Who does something to others: an account, or the operator at the machine itself, whom nobody outranks.
class Actor {
public:
    static Actor account(UserId id) { return Actor{id}; }
    static Actor the_operator() { return Actor{std::nullopt}; }

    /// Nothing for the operator.
    std::optional<UserId> account() const { return id_; }
    bool is(UserId user) const { return id_ == user; }

private:
    explicit Actor(std::optional<UserId> id) : id_{id} {}
    std::optional<UserId> id_;
};

/// What somebody may do to others and to roles. The rules of priority (design.md 8) stand here and nowhere
/// else:
///
/// Nobody acts on who stands, or on a role that is, at or above their own highest priority; nor gives
/// others what they lack, a flag or a custom permission of that value: neither by handing a role out, nor by
/// taking one away that hid what a lower one says. But holders of all flags at the highest
/// priority that anybody holds are peers: for them "at" is not out of reach, and they may name custom
/// permissions that nobody had.
class Authority {
public:
    /// Of who holds these roles; `highest`: the highest priority that anybody holds.
    Authority(const std::vector<Role>& held, int highest);
    static Authority of_the_operator();

    bool has(Flag flag) const { return permissions_.flags.*flag; }
    bool is_peer() const { return is_peer_; }

    /// Each: permission_denied, with the rule that is broken.
    Result<void> act_on(const Authority& subject) const;
    Result<void> reach(const Role& role) const;     ///< to take it from somebody, or to delete it
    Result<void> hand_out(const Role& role) const;  ///< to grant it, or to have it as it is

    Result<void> uncover(const Authority& before, const Authority& after) const;  ///< of who loses a role

    /// To have `role` gone, or as it is `then`, where there are all these.
    Result<void> uncover(const Role& role, const Role* then, const std::vector<Role>& all) const;

    /// Whether this is more than `before` was, where that matters: naming a custom permission is a peer's
    /// right.
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
