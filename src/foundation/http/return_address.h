#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace csauth::http {

inline constexpr std::size_t kLongestReturnAddress = 2048;  // characters

/// The hosts to which people may be sent back after signing in.
struct ReturnHosts {
    std::string scheme;              ///< of our own pages; others are refused
    std::vector<std::string> hosts;  ///< "app.example.com", with the port if it is not the usual one
};

/// Returns `address` if it is a path of our own site, or an address on one of the hosts. Returns nullopt for
/// everything else, also for text that browsers could read differently than we do.
std::optional<std::string> return_address(std::string_view address, const ReturnHosts& allowed);

/// Returns the scheme of our own address, its host first, then the hosts of a list with commas. Our own host
/// is in lower case and without the usual port, because browsers write it like that in an Origin.
ReturnHosts return_hosts(std::string_view own_url, std::string_view list);

}  // namespace csauth::http
