#include "roles/role.h"

#include <algorithm>
#include <stdexcept>

#include "base/encoding.h"
#include "text/plain_text.h"

namespace csauth::roles {
namespace {

bool is_lower_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// Returns true if the name is [a-z0-9][a-z0-9<more>]{0,49}.
bool is_name(std::string_view name, std::string_view more) {
    if (name.empty() || name.size() > kLongestRoleName || !is_lower_alphanumeric(name.front())) return false;
    return std::all_of(name.begin(), name.end(), [&](char c) {
        return is_lower_alphanumeric(c) || more.find(c) != std::string_view::npos;
    });
}

}  // namespace

std::string_view name_of(Flag flag) {
    for (const auto& named : kFlags)
        if (named.flag == flag) return named.name;
    throw std::logic_error("a Flag without a name");
}

Result<RoleName, Complaint> RoleName::parse(std::string_view given) {
    given = trimmed(given);
    if (given.size() > kLongestRoleName)
        return Complaint{FieldCode::too_long,
                         "At most " + std::to_string(kLongestRoleName) + " characters are allowed."};
    if (!is_name(given, "._-"))
        return Complaint{FieldCode::invalid,
                         "Lower-case letters and digits are allowed, and . _ - after the first."};
    return RoleName{std::string{given}};
}

Result<RoleDescription, Complaint> RoleDescription::parse(std::string_view given) {
    auto text = text::plain_text(given, kLongestDescription, text::Lines::one);
    if (!text) return text.error();
    return RoleDescription{std::move(*text)};
}

Result<void, Complaint> check_custom(const Custom& custom) {
    std::size_t bytes = 2;  // the braces
    for (const auto& [name, value] : custom) {
        bytes += name.size() + value.size() + 4;  // two quotes, a colon, a comma
        if (!is_name(name, "._-:"))
            return Complaint{FieldCode::invalid,
                             "'" + name +
                                 "' is no name: lower-case letters and digits, and . _ - : "
                                 "behind the first, at most 50 in all."};
        for (const auto& named : kFlags)
            if (named.name == name)
                return Complaint{FieldCode::reserved, "'" + name + "' is a permission of its own."};
    }
    if (bytes > kLongestCustomPermissions + 1)  // the last entry has no comma
        return Complaint{FieldCode::too_long,
                         "At most " + std::to_string(kLongestCustomPermissions) + " bytes are allowed."};
    return {};
}

std::vector<std::string> names_of(const std::vector<Role>& roles) {
    std::vector<std::string> names;
    names.reserve(roles.size());
    for (const Role& role : roles)
        names.push_back(role.name);
    return names;
}

bool outranks(const Role& a, const Role& b) {
    return a.priority != b.priority ? a.priority > b.priority : a.name < b.name;
}

std::vector<std::string> Permissions::granted() const {
    std::vector<std::string> names;
    for (const auto& named : kFlags)
        if (flags.*named.flag) names.emplace_back(named.name);
    for (const auto& [name, value] : custom)
        if (value == "true") names.push_back(name);
    return names;
}

Permissions effective_permissions(std::vector<Role> roles) {
    std::sort(roles.begin(), roles.end(), outranks);
    Permissions all;
    for (const Role& role : roles) {
        for (const auto& named : kFlags)
            all.flags.*named.flag |= role.flags.*named.flag;
        all.custom.insert(role.custom.begin(), role.custom.end());  // keeps the values of higher roles
    }
    for (const auto& named : kFlags)
        all.custom.erase(std::string{named.name});
    return all;
}

}  // namespace csauth::roles
