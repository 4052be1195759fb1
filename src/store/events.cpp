#include "store/events.h"

namespace csauth::store {
namespace {

constexpr std::string_view kRolesChanged = "roles.changed";

}  // namespace

void Events::roles_changed(UserId user) {
    db_.execute("INSERT INTO events (kind, user_id) VALUES (?, ?)", {kRolesChanged, user});
}

void Events::role_changed(std::string_view role) {
    db_.execute("INSERT INTO events (kind, role_name) VALUES (?, ?)", {kRolesChanged, role});
}

}  // namespace csauth::store
