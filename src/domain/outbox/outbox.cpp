#include "outbox/outbox.h"

#include <stdexcept>

namespace csauth::outbox {

std::string_view name_of(RequestKind kind) {
    switch (kind) {
        case RequestKind::verify_email: return "verify_email";
        case RequestKind::already_registered: return "already_registered";
        case RequestKind::reset_password: return "reset_password";
        case RequestKind::change_email: return "change_email";
    }
    throw std::logic_error("a RequestKind without a name");
}

}  // namespace csauth::outbox
