#pragma once

#include <string_view>

namespace csauth {

/// Returns true for a letter or digit of ASCII.
bool is_letter_or_digit(char c);

/// Returns true for digits and dots, as an IPv4 address has them.
bool is_ipv4(std::string_view host);

/// Returns true for what may be an IPv6 address, without brackets.
bool is_ipv6(std::string_view host);

/// Returns true for a host name of RFC 1123 section 2.1, as A-labels, or an IPv4 address.
bool is_host_name(std::string_view host);

/// A host with or without a port: "app.example.com", "app.example.com:8443", "[::1]:8080".
struct HostAndPort {
    std::string_view host;  ///< with the brackets of an IPv6 address
    std::string_view port;  ///< empty if there is none
    bool is_valid = false;
};

HostAndPort host_and_port_of(std::string_view text);

/// Returns true for this machine, from which browsers take Secure cookies without TLS.
bool is_this_machine(std::string_view host);

/// Returns true if cookies for `domain` (RFC 6265 section 5.1.3) reach `host`. A top-level domain's would
/// reach strangers, so it doesn't count.
bool is_domain_of(std::string_view domain, std::string_view host);

}  // namespace csauth
