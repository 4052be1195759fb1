#include "roles/authority.h"

#include <algorithm>

namespace csauth::roles {
namespace {

Error denied(std::string why) { return {.code = ErrorCode::permission_denied, .detail = std::move(why)}; }

/// Returns true if a custom permission with this value may allow something.
bool is_something(const std::string& json) { return json != "false" && json != "null"; }

bool holds(const Custom& custom, const std::string& name, const std::string& value) {
    const auto own = custom.find(name);
    return own != custom.end() && own->second == value;
}

}  // namespace

Authority::Authority(const std::vector<Role>& held, int highest) : permissions_{effective_permissions(held)} {
    for (const Role& role : held)
        priority_ = std::max(priority_, role.priority);
    is_peer_ = !held.empty() && priority_ >= highest &&
               std::all_of(std::begin(kFlags), std::end(kFlags),
                           [&](const NamedFlag& named) { return has(named.flag); });
}

Authority Authority::of_the_operator() {
    Authority all;
    all.priority_ = kHighestPriority + 1;
    all.is_peer_ = true;
    for (const auto& named : kFlags)
        all.permissions_.flags.*named.flag = true;
    return all;
}

bool Authority::is_in_reach(int priority) const {
    return is_peer_ ? priority <= priority_ : priority < priority_;
}

bool Authority::can_give(const std::string& name, const std::string& value) const {
    return is_peer_ || !is_something(value) || holds(permissions_.custom, name, value);
}

Result<void> Authority::act_on(const Authority& subject) const {
    if (is_in_reach(subject.priority_)) return {};
    return denied("This account stands as high as yours, or higher.");
}

Result<void> Authority::reach(const Role& role) const {
    if (is_in_reach(role.priority)) return {};
    return denied("The role '" + role.name + "' stands as high as yours, or higher.");
}

Result<void> Authority::hand_out(const Role& role) const {
    if (const auto in_reach = reach(role); !in_reach) return in_reach.error();
    for (const auto& named : kFlags)
        if (role.flags.*named.flag && !has(named.flag))
            return denied("The role '" + role.name + "' has " + std::string{named.name} +
                          ", which you don't have.");
    for (const auto& [name, value] : role.custom)
        if (!can_give(name, value))
            return denied("The role '" + role.name + "' has '" + name +
                          "' with a value that you don't have.");
    return {};
}

Result<void> Authority::uncover(const Authority& before, const Authority& after) const {
    for (const auto& [name, value] : after.permissions_.custom)
        if (!holds(before.permissions_.custom, name, value) && !can_give(name, value))
            return denied("They would have '" + name + "' with a value that you don't have.");
    return {};
}

Result<void> Authority::uncover(const Role& role, const Role* then, const std::vector<Role>& all) const {
    for (const Role& other : all) {
        if (other.name == role.name || !outranks(role, other)) continue;
        const bool stays_above = then != nullptr && outranks(*then, other);
        for (const auto& [name, value] : other.custom)
            if (role.custom.contains(name) && !(stays_above && then->custom.contains(name)) &&
                !can_give(name, value))
                return denied("The role '" + role.name + "' hides '" + name + "' of the role '" + other.name +
                              "', with a value that you don't have.");
    }
    return {};
}

bool Authority::exceeds(const Authority& before) const {
    if (priority_ > before.priority_) return true;
    for (const auto& named : kFlags)
        if (has(named.flag) && !before.has(named.flag)) return true;
    return !before.is_peer_ &&
           std::any_of(permissions_.custom.begin(), permissions_.custom.end(), [&](const auto& entry) {
               return is_something(entry.second) &&
                      !holds(before.permissions_.custom, entry.first, entry.second);
           });
}

}  // namespace csauth::roles
