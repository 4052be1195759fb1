#include "ctl/role.h"

#include <charconv>
#include <iostream>

#include "base/lists.h"
#include "base/timestamps.h"
#include "ctl/administration.h"
#include "ctl/table.h"
#include "handlers/views/roles.h"
#include "json/object.h"
#include "json/writer.h"

namespace csauth::ctl {
namespace {

const roles::Actor kOperator = roles::Actor::the_operator();

std::string flags_of(const roles::Role& role) {
    std::vector<std::string> names;
    for (const auto& named : roles::kFlags)
        if (role.flags.*named.flag) names.emplace_back(named.name);
    return joined(names);
}

/// Adds the named flags to the change. Complains and returns false if a name is not a flag's.
bool read_flags(const std::string& list, bool value, roles::RoleChange& change) {
    for (const auto& name : split_list(list)) {
        const auto before = change.flags.size();
        for (const auto& named : roles::kFlags)
            if (named.name == name) change.flags.emplace_back(named.flag, value);
        if (change.flags.size() == before) {
            complain("there is no permission " + name);
            return false;
        }
    }
    return true;
}

std::optional<roles::RoleName> name_in(const std::string& text) {
    auto name = roles::RoleName::parse(text);
    if (!name) return complain("'" + text + "' is no name of a role: " + name.error().detail), std::nullopt;
    return std::move(*name);
}

std::optional<roles::Custom> custom_in(const std::string& text) {
    const auto object = json::Object::parse(
        text, {.bytes = roles::kLongestCustomPermissions, .depth = roles::kDeepestCustomPermissions});
    if (!object) return complain("--custom: " + object.error().detail), std::nullopt;
    auto custom = object->members();
    if (const auto good = roles::check_custom(custom); !good)
        return complain("--custom: " + good.error().detail), std::nullopt;
    return custom;
}

std::optional<int> priority_in(const std::string& text) {
    int priority = -1;
    const auto* end = text.data() + text.size();
    if (std::from_chars(text.data(), end, priority).ptr != end || priority < roles::kLowestPriority ||
        priority > roles::kHighestPriority)
        return complain("--priority is a number from " + std::to_string(roles::kLowestPriority) + " to " +
                        std::to_string(roles::kHighestPriority)),
               std::nullopt;
    return priority;
}

/// Returns the change that the options describe, or nullopt, after a complaint, if one is malformed.
std::optional<roles::RoleChange> change_in(const Arguments& arguments) {
    roles::RoleChange change;
    if (const auto text = arguments.option("description")) {
        auto description = roles::RoleDescription::parse(*text);
        if (!description) return complain("--description: " + description.error().detail), std::nullopt;
        change.description = std::move(*description);
    }
    if (const auto text = arguments.option("priority"))
        if (!(change.priority = priority_in(*text))) return std::nullopt;
    if (const auto text = arguments.option("custom"))
        if (!(change.custom = custom_in(*text))) return std::nullopt;
    if (!read_flags(arguments.option("allow").value_or(""), true, change) ||
        !read_flags(arguments.option("deny").value_or(""), false, change))
        return std::nullopt;
    return change;
}

}  // namespace

int role_list(const Config& config, const Arguments& arguments) {
    Administration administration{config};
    json::Writer json;
    json.begin_array();
    Table table{{"PRIORITY", "NAME", "PERMISSIONS", "DESCRIPTION"}};
    for (const auto& role : administration.stores.roles.all()) {
        if (!arguments.json) {
            table.add({std::to_string(role.priority), role.name, flags_of(role), role.description});
            continue;
        }
        handlers::views::begin_role(json, role);
        json.member("is_default", role.is_default).end_object();
    }
    json.end_array();
    if (arguments.json)
        std::cout << json.text() << '\n';
    else
        table.print(std::cout);
    return 0;
}

int role_add(const Config& config, const Arguments& arguments) {
    const auto name = name_in(arguments.words.at(0));
    if (!name) return kNoSuchThing;
    const auto given = change_in(arguments);
    if (!given) return kNoSuchThing;
    Administration administration{config};
    const auto role =
        administration.role_administration.create(kOperator, *name, *given, administration.origin);
    if (!role) return complain(role.error());
    std::cout << "there is a role " << role->name << '\n';
    return 0;
}

int role_edit(const Config& config, const Arguments& arguments) {
    constexpr const char* options[] = {"description", "priority", "custom", "allow", "deny"};
    if (std::none_of(std::begin(options), std::end(options),
                     [&](const char* option) { return arguments.option(option).has_value(); })) {
        std::cerr << "csauthctl: role edit: give at least one change, for example --priority 20\n";
        return kUsage;
    }
    const auto name = name_in(arguments.words.at(0));
    const auto change = change_in(arguments);
    if (!name || !change) return kNoSuchThing;
    Administration administration{config};
    const auto role =
        administration.role_administration.change(kOperator, *name, *change, administration.origin);
    if (!role) return complain(role.error());
    std::cout << "the role " << role->name << " is changed\n";
    return 0;
}

int role_delete(const Config& config, const Arguments& arguments) {
    const auto name = name_in(arguments.words.at(0));
    if (!name) return kNoSuchThing;
    if (!is_confirmed("Delete the role " + name->text + ", also from those who hold it?", arguments))
        return kUsage;
    Administration administration{config};
    const auto removed = administration.role_administration.remove(kOperator, *name, administration.origin);
    if (!removed) return complain(removed.error());
    std::cout << "the role " << name->text << " is deleted\n";
    return 0;
}

int role_grant(const Config& config, const Arguments& arguments) {
    Administration administration{config};
    const auto user = administration.user_named_by(arguments);
    const auto name = name_in(arguments.words.at(1));
    if (!user || !name) return kNoSuchThing;
    const auto held =
        administration.role_administration.grant(kOperator, user->id, *name, administration.origin);
    if (!held) return complain(held.error());
    std::cout << user->username << " holds " << joined(roles::names_of(*held)) << '\n';
    return 0;
}

int role_revoke(const Config& config, const Arguments& arguments) {
    Administration administration{config};
    const auto user = administration.user_named_by(arguments);
    const auto name = name_in(arguments.words.at(1));
    if (!user || !name) return kNoSuchThing;
    const auto held =
        administration.role_administration.revoke(kOperator, user->id, *name, administration.origin);
    if (!held) return complain(held.error());
    std::cout << user->username << " holds " << (held->empty() ? "no role" : joined(roles::names_of(*held)))
              << '\n';
    return 0;
}

}  // namespace csauth::ctl
