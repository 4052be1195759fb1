#include "host_names.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace csauth {
namespace {

constexpr std::size_t kLongestHost = 253;
constexpr std::size_t kLongestLabel = 63;

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

}  // namespace

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_ipv4(std::string_view host) {
    return host.find('.') != std::string_view::npos &&
           std::all_of(host.begin(), host.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

bool is_ipv6(std::string_view host) {
    return std::count(host.begin(), host.end(), ':') >= 2 &&
           std::all_of(host.begin(), host.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') ||
                      c == ':' || c == '.';
           });
}

bool is_host_name(std::string_view host) {
    if (host.empty() || host.size() > kLongestHost) return false;
    while (true) {
        const auto label = host.substr(0, host.find('.'));
        if (label.empty() || label.size() > kLongestLabel || label.front() == '-' || label.back() == '-')
            return false;
        if (!std::all_of(label.begin(), label.end(),
                         [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; }))
            return false;
        if (label.size() == host.size()) return true;
        host.remove_prefix(label.size() + 1);
    }
}

HostAndPort host_and_port_of(std::string_view text) {
    HostAndPort found;
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return {};
        found.host = text.substr(0, end + 1);
        rest = text.substr(end + 1);
        found.is_valid = is_ipv6(text.substr(1, end - 1));
    } else {
        found.host = text.substr(0, text.find(':'));
        rest = text.substr(found.host.size());
        found.is_valid = is_host_name(found.host);
    }
    if (!rest.empty()) {
        found.port = rest.substr(1);
        found.is_valid = found.is_valid && rest.front() == ':' && is_port(found.port);
    }
    return found;
}

bool is_this_machine(std::string_view host) {
    return host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || host == "::1" ||
           (is_ipv4(host) && host.starts_with("127."));
}

bool is_domain_of(std::string_view domain, std::string_view host) {
    if (domain.find('.') == std::string_view::npos) return false;
    return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

}  // namespace csauth
