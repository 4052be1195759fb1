#pragma once

#include <string>

namespace csauth {

/// Where a request came from, for sessions and the audit log.
struct Origin {
    std::string ip;          ///< the client's address, as far as the trusted proxies vouch for it
    std::string user_agent;  ///< as the client sent it; it proves nothing
    std::string request_id;  ///< the one in the response and in the log
};

}  // namespace csauth
