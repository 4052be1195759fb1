#pragma once

#include "db/database.h"
#include "recall/recall.h"
#include "roles/roles.h"
#include "store/event_writer.h"

namespace csauth::store {

/// Implements roles::Roles over the tables `roles` and `user_roles`. Posts recalls and writes events in the
/// transaction of the change.
class Roles final : public roles::Roles {
public:
    Roles(db::Database& database, recall::Recalls& recalls, EventWriter& events)
        : db_{database}, recalls_{recalls}, events_{events} {}

    std::vector<roles::Role> held_by(UserId user) override;
    std::vector<roles::Role> grant_defaults(UserId user, TimePoint now) override;
    std::vector<roles::Role> all() override;
    std::optional<roles::Role> find(std::string_view name) override;
    bool add(const roles::Role& role) override;
    void change(const roles::Role& role) override;
    std::vector<UserId> holders_of(std::string_view name, std::size_t most) override;
    void remove(std::string_view name) override;
    bool grant(UserId user, std::string_view name, std::optional<UserId> granted_by, TimePoint now) override;
    bool revoke(UserId user, std::string_view name) override;
    int highest_held() override;
    bool has_manager(TimePoint now) override;
    bool has_peer(TimePoint now) override;
    void enter_guard() override;

private:
    void tell_holders_of(std::string_view name);
    void tell(UserId user);

    db::Database& db_;
    recall::Recalls& recalls_;
    EventWriter& events_;
};

}  // namespace csauth::store
