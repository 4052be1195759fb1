#pragma once

#include <algorithm>
#include <vector>

#include "base/unavailable.h"
#include "fakes/roles.h"
#include "fakes/users.h"
#include "roles/roles.h"
#include "users/directory.h"
#include "users/reservations.h"
#include "users/users.h"

namespace csauth::fakes {

/// Finds among `users` by looking at each.
class Directory final : public users::Directory {
public:
    Directory(Users& users, Roles& roles) : users_{users}, roles_{roles} {}

    std::optional<std::vector<users::ListedUser>> page(const users::UserFilter& filter,
                                                       std::string_view position, std::size_t most,
                                                       TimePoint now) override {
        if (!filter.search && !position.empty() && !UserId::parse(position)) return std::nullopt;
        std::vector<users::ListedUser> found;
        for (const auto& [id, row] : users_.rows) {
            const auto user = users_.find(id, now);
            const auto held = roles_.held_by(id);
            if (filter.role && std::none_of(held.begin(), held.end(),
                                            [&](const auto& role) { return role.name == *filter.role; }))
                continue;
            if (filter.status && status_of(*user) != *filter.status) continue;
            if (filter.created_since && user->created_at < *filter.created_since) continue;
            auto at = id.text();
            if (filter.search) {
                const auto name = users::username_key(user->username).value_or("");
                if (name.starts_with(filter.search->key))
                    at = name;
                else if (user->email_key.starts_with(filter.search->key))
                    at = user->email_key;
                else
                    continue;
            }
            if (!position.empty() && (filter.search ? at <= position : at >= position)) continue;
            found.push_back({*user, roles::names_of(held), at});
        }
        std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
            return filter.search ? a.position < b.position : a.position > b.position;
        });
        if (found.size() > most) found.erase(found.begin() + static_cast<std::ptrdiff_t>(most), found.end());
        return found;
    }

private:
    static users::Status status_of(const users::User& user) {
        if (user.ban) return users::Status::banned;
        return user.is_verified ? users::Status::active : users::Status::unverified;
    }

    Users& users_;
    Roles& roles_;
};

}  // namespace csauth::fakes
