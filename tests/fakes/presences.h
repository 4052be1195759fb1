#pragma once

#include <map>
#include <vector>

#include "base/unavailable.h"
#include "fakes/users.h"
#include "presence/presences.h"

namespace csauth::fakes {

/// Nobody is online elsewhere, but as it is set.
class Presences final : public presence::Presences {
public:
    explicit Presences(Users& users) : users_{users} {}

    std::map<UserId, presence::Status> elsewhere;
    std::map<UserId, TimePoint> went_at;

    std::vector<presence::Record> of(std::span<const UserId> users) override {
        std::vector<presence::Record> found;
        for (const UserId id : users) {
            const auto row = users_.rows.find(id);
            if (row == users_.rows.end() || !row->second.user.is_verified) continue;
            const auto went = went_at.find(id);
            found.push_back(
                {.user = id,
                 .hides = row->second.user.hide_presence,
                 .elsewhere = elsewhere[id],
                 .last_seen = went == went_at.end() ? std::nullopt : std::optional{went->second}});
        }
        return found;
    }

private:
    Users& users_;
};

}  // namespace csauth::fakes
