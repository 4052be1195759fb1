#include "handlers/return_to.h"

namespace csauth::handlers {

std::string read_return_to(http::BodyReader& body, const http::ReturnHosts& allowed) {
    const auto wanted = body.optional<http::NonEmptyText>("return_to");
    if (!wanted) return {};
    if (auto address = http::return_address(wanted->text, allowed)) return std::move(*address);
    body.complain("return_to", {FieldCode::invalid,
                                "This address is not on one of the hosts that "
                                "`site.return_hosts` lists."});
    return {};
}

}  // namespace csauth::handlers
