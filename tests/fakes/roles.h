#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "base/transactions.h"
#include "base/unavailable.h"
#include "fakes/recalls.h"
#include "fakes/transactions.h"
#include "fakes/users.h"
#include "recall/board.h"
#include "roles/authority.h"
#include "roles/roles.h"

namespace csauth::fakes {

/// The roles, and the users that hold them. It finds the users who can manage roles among `users`.
class Roles final : public roles::Roles, public Remembering {
public:
    std::function<void()> remember() override { return restorer(held, rows); }

    Roles(Users& users, Recalls& recalls) : users_{users}, recalls_{recalls} {}

    std::map<std::string, roles::Role, std::less<>> rows{{"member", {.name = "member", .is_default = true}}};
    std::map<UserId, std::set<std::string, std::less<>>> held;
    int guards = 0;

    /// These the user holds, and nothing else.
    void give(UserId user, const std::vector<roles::Role>& given) {
        held[user].clear();
        for (const auto& role : given) {
            rows[role.name] = role;
            held[user].insert(role.name);
        }
    }

    std::vector<roles::Role> held_by(UserId user) override {
        std::vector<roles::Role> found;
        for (const auto& name : held[user])
            found.push_back(rows.at(name));
        return sorted(std::move(found));
    }
    std::vector<roles::Role> grant_defaults(UserId user, TimePoint) override {
        std::vector<roles::Role> granted;
        for (const auto& [name, role] : rows)
            if (role.is_default && held[user].insert(name).second) granted.push_back(role);
        return sorted(std::move(granted));
    }
    std::vector<roles::Role> all() override {
        std::vector<roles::Role> found;
        for (const auto& [name, role] : rows)
            found.push_back(role);
        return sorted(std::move(found));
    }
    std::optional<roles::Role> find(std::string_view name) override {
        const auto row = rows.find(name);
        return row == rows.end() ? std::nullopt : std::optional{row->second};
    }
    bool add(const roles::Role& role) override { return rows.emplace(role.name, role).second; }
    void change(const roles::Role& role) override {
        rows.at(role.name) = role;
        recalls_.post(recall::Recall::of_role(role.name));
    }
    std::vector<UserId> holders_of(std::string_view name, std::size_t most) override {
        std::vector<UserId> found;
        for (const auto& [user, names] : held)
            if (names.contains(name) && found.size() < most) found.push_back(user);
        return found;
    }
    void remove(std::string_view name) override {
        for (auto& [user, names] : held)
            names.erase(std::string{name});
        rows.erase(std::string{name});
        recalls_.post(recall::Recall::of_role(name));
    }
    bool grant(UserId user, std::string_view name, std::optional<UserId>, TimePoint) override {
        const bool is_new = held[user].insert(std::string{name}).second;
        if (is_new) recalls_.post(recall::Recall::of(user));
        return is_new;
    }
    bool revoke(UserId user, std::string_view name) override {
        const bool was_held = held[user].erase(std::string{name}) > 0;
        if (was_held) recalls_.post(recall::Recall::of(user));
        return was_held;
    }
    int highest_held() override {
        int highest = roles::kLowestPriority;
        for (const auto& [user, names] : held)
            for (const auto& name : names)
                highest = std::max(highest, rows.at(name).priority);
        return highest;
    }
    bool has_manager(TimePoint now) override {
        return std::any_of(held.begin(), held.end(), [&](const auto& entry) {
            const auto user = users_.find(entry.first, now);
            return user && user->is_verified && !user->ban &&
                   std::any_of(entry.second.begin(), entry.second.end(),
                               [&](const auto& name) { return rows.at(name).flags.can_manage_roles; });
        });
    }
    bool has_peer(TimePoint now) override {
        return std::any_of(users_.rows.begin(), users_.rows.end(), [&](const auto& row) {
            const auto user = users_.find(row.first, now);
            return user->is_verified && !user->ban &&
                   roles::Authority{held_by(row.first), highest_held()}.is_peer();
        });
    }
    void enter_guard() override { ++guards; }

private:
    static std::vector<roles::Role> sorted(std::vector<roles::Role> roles) {
        std::stable_sort(roles.begin(), roles.end(),
                         [](const auto& a, const auto& b) { return a.priority > b.priority; });
        return roles;
    }

    Users& users_;
    Recalls& recalls_;
};

}  // namespace csauth::fakes
