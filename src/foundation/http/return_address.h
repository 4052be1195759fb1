#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace csauth::http {

inline constexpr std::size_t kLongestReturnAddress = 2048;  // characters

/// Where people may be sent back to after signing in.
struct ReturnHosts {
    std::string scheme;              ///< of our own pages; others are refused
    std::vector<std::string> hosts;  ///< "app.example.com" or, where it is not the usual one, with its port
};

/// `address` when it is a path of our own site, or an address on one of the hosts; nothing for everything
/// else, above all for what browsers and we could understand differently.
std::optional<std::string> return_address(std::string_view address, const ReturnHosts& allowed);

/// The scheme and the host of our own address, as browsers write them in an Origin, and the hosts of a list
/// with commas between.
ReturnHosts return_hosts(std::string_view own_url, std::string_view list);

}  // namespace csauth::http
