#include "handlers/call.h"

#include "base/encoding.h"

namespace csauth::handlers {

Origin Call::origin() const {
    constexpr std::size_t longest_user_agent = 255;  // bytes, the size of the column
    const auto agent = valid_utf8(request.header("user-agent"));
    return {request.remote_ip, std::string{utf8_prefix(agent, longest_user_agent)}, request.id};
}

std::string_view Call::bearer_token() const {
    constexpr std::string_view scheme = "bearer ";  // in any case: RFC 9110, section 11.1
    const auto header = request.header("authorization");
    if (!equals_ignoring_case(header.substr(0, scheme.size()), scheme)) return {};
    return trimmed(header.substr(scheme.size()));
}

}  // namespace csauth::handlers
