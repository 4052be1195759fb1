#include "outbox/letter.h"

#include <stdexcept>

namespace csauth::outbox {

std::string_view name_of(Template which) {
    switch (which) {
        case Template::verify_email: return "verify_email";
        case Template::already_registered: return "already_registered";
        case Template::session_ended: return "session_ended";
    }
    throw std::logic_error("a Template without a name");
}

std::optional<Template> template_named(std::string_view name) {
    for (const Template which : kAllTemplates)
        if (name_of(which) == name) return which;
    return std::nullopt;
}

}  // namespace csauth::outbox
