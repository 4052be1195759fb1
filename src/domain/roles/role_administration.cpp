#include "roles/role_administration.h"

#include <algorithm>

#include "base/encoding.h"

namespace csauth::roles {
namespace {

constexpr Flag kNeeded = &Flags::can_manage_roles;

Error no_such_role(const RoleName& name) {
    return {.code = ErrorCode::not_found, .detail = "There is no role '" + name.text + "'."};
}

Error limit_reached(std::string detail) {
    return {.code = ErrorCode::limit_reached, .detail = std::move(detail)};
}

/// Returns the first 40 bytes, so that one long value leaves room for others in a log entry.
std::string shortened(const std::string& value) {
    constexpr std::size_t longest = 40;  // bytes
    return value.size() <= longest ? value : std::string{utf8_prefix(value, longest)} + "…";
}

std::string value_in(const Custom& custom, const std::string& name) {
    const auto entry = custom.find(name);
    return entry == custom.end() ? "nothing" : shortened(entry->second);
}

/// Returns the contents of a role for the log: "priority 10, can_moderate, wiki:edit true".
std::string contents(const Role& role) {
    std::string text = "priority " + std::to_string(role.priority);
    for (const auto& named : kFlags)
        if (role.flags.*named.flag) text += ", " + std::string{named.name};
    for (const auto& [name, value] : role.custom)
        text += ", " + name + ' ' + shortened(value);
    return text;
}

/// Returns the differences for the log: "priority 10 to 20, can_moderate to true, wiki:edit true to nothing".
/// Empty if there are none.
std::string differences(const Role& before, const Role& after) {
    std::string text;
    const auto add = [&](const std::string& difference) { text += (text.empty() ? "" : ", ") + difference; };
    if (before.priority != after.priority)
        add("priority " + std::to_string(before.priority) + " to " + std::to_string(after.priority));
    for (const auto& named : kFlags)
        if (before.flags.*named.flag != after.flags.*named.flag)
            add(std::string{named.name} + (after.flags.*named.flag ? " to true" : " to false"));
    for (const auto& [name, value] : after.custom) {
        const auto was = before.custom.find(name);
        if (was == before.custom.end() || was->second != value)
            add(name + ' ' + value_in(before.custom, name) + " to " + shortened(value));
    }
    for (const auto& [name, value] : before.custom)
        if (!after.custom.contains(name)) add(name + ' ' + shortened(value) + " to nothing");
    if (before.description != after.description) add("description");
    return text;
}

}  // namespace

Role RoleChange::applied_to(Role role) const {
    if (description) role.description = description->text;
    role.priority = priority.value_or(role.priority);
    for (const auto& [flag, value] : flags)
        role.flags.*flag = value;
    if (custom) role.custom = *custom;
    return role;
}

Result<Role> RoleAdministration::create(const Actor& actor, const RoleName& name, const RoleChange& given,
                                        const Origin& origin) {
    return hierarchy_.act(actor, kNeeded, [&](const Authority& authority) -> Result<Role> {
        const Role role = given.applied_to({.name = name.text, .created_at = clock_.now()});
        if (const auto allowed = authority.hand_out(role); !allowed) return allowed.error();
        if (roles_.all().size() >= kMostRoles)
            return limit_reached("There are " + std::to_string(kMostRoles) + " roles, which is the most.");
        if (!roles_.add(role))
            return Error{.code = ErrorCode::role_taken,
                         .fields = {{"name", FieldCode::taken, "There is a role of this name."}}};
        record(actor, audit::Action::permissions_changed, {},
               "made role " + role.name + ": " + contents(role), origin);
        return role;
    });
}

Result<Role> RoleAdministration::change(const Actor& actor, const RoleName& name, const RoleChange& change,
                                        const Origin& origin) {
    return hierarchy_.act(actor, kNeeded, [&](const Authority& authority) -> Result<Role> {
        const auto before = roles_.find(name.text);
        if (!before) return no_such_role(name);
        const Role after = change.applied_to(*before);
        for (const Role* role : {&*before, &after})
            if (const auto allowed = authority.hand_out(*role); !allowed) return allowed.error();
        if (const auto allowed = authority.uncover(*before, &after, roles_.all()); !allowed)
            return allowed.error();
        const auto changes = differences(*before, after);
        if (changes.empty()) return after;
        roles_.change(after);
        record(actor, audit::Action::permissions_changed, {}, "role " + after.name + ": " + changes, origin);
        return after;
    });
}

Result<void> RoleAdministration::remove(const Actor& actor, const RoleName& name, const Origin& origin) {
    return hierarchy_.act(actor, kNeeded, [&](const Authority& authority) -> Result<void> {
        const auto role = roles_.find(name.text);
        if (!role) return no_such_role(name);
        if (const auto allowed = authority.reach(*role); !allowed) return allowed.error();
        if (role->is_default)
            return Error{.code = ErrorCode::role_in_use, .detail = "Everybody who registers gets this role."};
        if (const auto allowed = authority.uncover(*role, nullptr, roles_.all()); !allowed)
            return allowed.error();
        const auto holders = roles_.holders_of(name.text, kMostHoldersOfDeleted + 1);
        if (holders.size() > kMostHoldersOfDeleted)
            return Error{.code = ErrorCode::role_in_use,
                         .detail = "More than " + std::to_string(kMostHoldersOfDeleted) +
                                   " people hold this role: take it from them first."};
        roles_.remove(name.text);
        for (const UserId holder : holders)
            record(actor, audit::Action::roles_changed, holder,
                   "revoked " + role->name + ", which was deleted", origin);
        record(actor, audit::Action::permissions_changed, {},
               "deleted role " + role->name + ": " + contents(*role), origin);
        return {};
    });
}

Result<std::vector<Role>> RoleAdministration::grant(const Actor& actor, UserId user, const RoleName& name,
                                                    const Origin& origin) {
    return hierarchy_.act(actor, kNeeded, [&](const Authority& authority) -> Result<std::vector<Role>> {
        if (const auto holder = find_holder(actor, authority, user); !holder) return holder.error();
        if (const auto given = give(actor, authority, user, name, origin); !given) return given.error();
        return roles_.held_by(user);
    });
}

Result<void> RoleAdministration::give(const Actor& actor, const Authority& authority, UserId user,
                                      const RoleName& name, const Origin& origin) {
    const auto role = roles_.find(name.text);
    if (!role) return no_such_role(name);
    if (const auto allowed = authority.hand_out(*role); !allowed) return allowed.error();
    if (!roles_.grant(user, name.text, actor.account(), clock_.now())) return {};
    if (roles_.held_by(user).size() > kMostRolesOfUser)
        return limit_reached("A user holds at most " + std::to_string(kMostRolesOfUser) + " roles.");
    record(actor, audit::Action::roles_changed, user, "granted " + role->name, origin);
    return {};
}

Result<std::vector<Role>> RoleAdministration::revoke(const Actor& actor, UserId user, const RoleName& name,
                                                     const Origin& origin) {
    return hierarchy_.act(actor, kNeeded, [&](const Authority& authority) -> Result<std::vector<Role>> {
        const auto holder = find_holder(actor, authority, user);
        if (!holder) return holder.error();
        const auto role = roles_.find(name.text);
        if (!role) return no_such_role(name);
        if (const auto allowed = authority.reach(*role); !allowed) return allowed.error();
        if (!roles_.revoke(user, name.text)) return roles_.held_by(user);
        auto left = roles_.held_by(user);
        if (const auto allowed = authority.uncover(*holder, {left, roles_.highest_held()}); !allowed)
            return allowed.error();
        record(actor, audit::Action::roles_changed, user, "revoked " + role->name, origin);
        return left;
    });
}

/// Returns the user's authority if the actor may change the user's roles. Users may change their own roles;
/// only the rules about the role itself limit that.
Result<Authority> RoleAdministration::find_holder(const Actor& actor, const Authority& authority,
                                                  UserId user) {
    auto holder = hierarchy_.authority_of_user(user);
    if (!holder || actor.is(user)) return holder;
    if (const auto in_reach = authority.act_on(*holder); !in_reach) return in_reach.error();
    return holder;
}

void RoleAdministration::record(const Actor& actor, audit::Action action, std::optional<UserId> subject,
                                std::string detail, const Origin& origin) {
    audit_.record(
        {.action = action, .actor = actor.account(), .subject = subject, .detail = std::move(detail)}, origin,
        clock_.now());
}

}  // namespace csauth::roles
