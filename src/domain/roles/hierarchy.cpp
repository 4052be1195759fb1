#include "roles/hierarchy.h"

namespace csauth::roles {

Hierarchy::Stewards Hierarchy::stewards(const Actor& actor) {
    const TimePoint now = clock_.now();
    return {roles_.has_manager(now), actor.account() && roles_.has_peer(now)};
}

Result<void> Hierarchy::refuse_loss(const Stewards& before, const Stewards& after) {
    if (before.has_manager && !after.has_manager) return Error{.code = ErrorCode::last_role_manager};
    if (before.has_peer && !after.has_peer)
        return Error{.code = ErrorCode::last_role_manager,
                     .detail = "Nobody would have all flags at the highest priority."};
    return {};
}

Result<Authority> Hierarchy::authority_of_user(UserId user) {
    if (!users_.lock(user, clock_.now())) return Error{.code = ErrorCode::not_found};
    return Authority{roles_.held_by(user), roles_.highest_held()};
}

Result<Authority> Hierarchy::authority_of(const Actor& actor) {
    if (!actor.account()) return Authority::of_the_operator();
    // The token was valid a moment ago. An act that held the guard before this one may have changed that.
    const auto user = users_.find(*actor.account(), clock_.now());
    if (!user || user->ban) return Error{.code = ErrorCode::session_ended};
    if (!user->is_verified) return Error{.code = ErrorCode::email_unverified};
    return Authority{roles_.held_by(user->id), roles_.highest_held()};
}

Result<users::User> Hierarchy::find_other(const Actor& actor, const Authority& authority, UserId subject) {
    auto user = users_.lock(subject, clock_.now());
    if (!user) return Error{.code = ErrorCode::not_found};
    if (actor.is(subject))
        return Error{.code = ErrorCode::permission_denied,
                     .detail = "This is your own account, which /api/me/ is for."};
    const auto in_reach = authority.act_on({roles_.held_by(subject), roles_.highest_held()});
    if (!in_reach) return in_reach.error();
    return std::move(*user);
}

Result<void> Hierarchy::refuse_elevation(const Actor& actor, const Authority& before) {
    if (!actor.account()) return {};
    const Authority after{roles_.held_by(*actor.account()), roles_.highest_held()};
    if (!after.exceeds(before)) return {};
    return Error{.code = ErrorCode::permission_denied, .detail = "You would have more rights than before."};
}

Error Hierarchy::lacks(Flag flag) {
    return {.code = ErrorCode::permission_denied, .detail = "This needs " + std::string{name_of(flag)} + "."};
}

}  // namespace csauth::roles
