#include "http/return_address.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/lists.h"

namespace csauth::http {
namespace {

constexpr std::string_view kSchemeEnd = "://";

/// Returns true for printable ASCII without characters that a browser rewrites, that end an attribute, or
/// that begin a tag.
bool is_plain(std::string_view address) {
    return std::all_of(address.begin(), address.end(), [](char c) {
        return c > ' ' && c < '\x7f' && std::string_view{"\\\"<>"}.find(c) == std::string_view::npos;
    });
}

}  // namespace

std::optional<std::string> return_address(std::string_view address, const ReturnHosts& allowed) {
    if (address.empty() || address.size() > kLongestReturnAddress || !is_plain(address)) return std::nullopt;
    if (address.front() == '/') {
        if (address.starts_with("//")) return std::nullopt;  // another host
        return std::string{address};
    }
    const std::string scheme = allowed.scheme + std::string{kSchemeEnd};
    if (!address.starts_with(scheme)) return std::nullopt;
    const auto rest = address.substr(scheme.size());
    const auto host = rest.substr(0, rest.find_first_of("/?#"));
    if (std::find(allowed.hosts.begin(), allowed.hosts.end(), host) == allowed.hosts.end())
        return std::nullopt;
    return std::string{address};
}

ReturnHosts return_hosts(std::string_view own_url, std::string_view list) {
    const auto scheme_end = own_url.find(kSchemeEnd);
    ReturnHosts allowed{.scheme = std::string{own_url.substr(0, scheme_end)}, .hosts = {}};
    const auto rest = own_url.substr(scheme_end + kSchemeEnd.size());
    std::string own = ascii_lower(rest.substr(0, rest.find('/')));
    // Browsers write an origin without the usual port.
    const std::string_view usual_port = allowed.scheme == "https" ? ":443" : ":80";
    if (own.ends_with(usual_port)) own.resize(own.size() - usual_port.size());
    allowed.hosts.push_back(std::move(own));
    for (auto& host : split_written_list(list))
        allowed.hosts.push_back(std::move(host));
    return allowed;
}

}  // namespace csauth::http
