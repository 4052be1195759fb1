#include "users/reservations.h"

namespace csauth::users {

std::string_view name_of(Identifier kind) { return kind == Identifier::email ? "email" : "username"; }

}  // namespace csauth::users
