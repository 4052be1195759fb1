#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/secret.h"

namespace csauth::outbox {

/// Which text a mail has: a file name in the template directory.
enum class Template { verify_email, already_registered, session_ended };

std::string_view name_of(Template which);
std::optional<Template> template_named(std::string_view name);
inline constexpr Template kAllTemplates[] = {Template::verify_email, Template::already_registered,
                                             Template::session_ended};

/// A mail before it is rendered.
struct Letter {
    Template which;
    std::string language;
    std::string recipient;
    std::map<std::string, std::string> parameters = {};  ///< what the template names, by name
    Secret secret = {};                                  ///< the one-time token in it, where it has one
    TimePoint give_up_at;                                ///< after this it would be of no use
};

}  // namespace csauth::outbox
