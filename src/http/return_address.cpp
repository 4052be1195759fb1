#include "http/return_address.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/lists.h"

namespace csauth::http {
namespace {

constexpr std::size_t kLongestAddress = 2048;
constexpr std::string_view kSchemeEnd = "://";

/// Printable ASCII without what a browser rewrites, or what would end an attribute or begin a tag.
bool is_plain(std::string_view address) {
    return std::all_of(address.begin(), address.end(), [](char c) {
        return c > ' ' && c < '\x7f' && std::string_view{"\\\"<>"}.find(c) == std::string_view::npos;
    });
}

}  // namespace

std::optional<std::string> return_address(std::string_view address, const ReturnHosts& allowed) {
    if (address.empty() || address.size() > kLongestAddress || !is_plain(address)) return std::nullopt;
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
    // As browsers write an origin: without the usual port.
    const std::string_view usual_port = allowed.scheme == "https" ? ":443" : ":80";
    if (own.ends_with(usual_port)) own.resize(own.size() - usual_port.size());
    allowed.hosts.push_back(std::move(own));
    for (auto& host : split_written_list(list))
        allowed.hosts.push_back(std::move(host));
    return allowed;
}

bool is_origin(std::string_view text) {
    const auto scheme_end = text.find(kSchemeEnd);
    const auto scheme = text.substr(0, scheme_end);
    if (scheme_end == std::string_view::npos || (scheme != "https" && scheme != "http")) return false;
    auto host = text.substr(scheme_end + kSchemeEnd.size());
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto in_brackets = host.starts_with('[') ? host.find(']') : 0;
    if (in_brackets == std::string_view::npos) return false;
    if (const auto colon = host.find(':', in_brackets); colon != std::string_view::npos) {
        const auto port = host.substr(colon + 1);
        if (port.empty() || port.size() > 5 || port.front() == '0' ||
            !std::all_of(port.begin(), port.end(), is_digit) || port == (scheme == "https" ? "443" : "80"))
            return false;
        host = host.substr(0, colon);
    }
    if (in_brackets > 0) {
        const auto address = host.substr(1, in_brackets - 1);
        return host.size() == in_brackets + 1 && !address.empty() &&
               address.find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
    }
    return !host.empty() && host.front() != '.' && host.front() != '-' &&
           host.find("..") == std::string_view::npos && std::all_of(host.begin(), host.end(), [&](char c) {
               return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_';
           });
}

}  // namespace csauth::http
