#pragma once

#include <string>

namespace csauth {

/// Where a request came from, for sessions and the audit.
struct Origin {
    std::string ip;
    std::string user_agent;  ///< as sent; not to be believed
    std::string request_id;
};

}  // namespace csauth
