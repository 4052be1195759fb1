#pragma once

#include <string_view>

namespace csauth {

/// Returns true for a letter or digit of ASCII.
bool is_letter_or_digit(char c);

/// Returns true for a text of digits and dots, as in an IPv4 address. Does not check the numbers.
bool is_ipv4(std::string_view host);

/// Returns true for a text that may be an IPv6 address, without brackets.
bool is_ipv6(std::string_view host);

/// Returns true for a host name (RFC 1123, section 2.1, as A-labels; underscores are allowed too) or an IPv4
/// address.
bool is_host_name(std::string_view host);

/// A host with or without a port: "app.example.com", "app.example.com:8443", "[::1]:8080".
struct HostAndPort {
    std::string_view host;  ///< with the brackets of an IPv6 address
    std::string_view port;  ///< empty if there is none
    bool is_valid = false;
};

/// Splits a text into host and port. `is_valid` is false if either is malformed; the port must be 1 to 65535.
/// The result refers to `text`.
HostAndPort host_and_port_of(std::string_view text);

/// Returns true for a name or address of this machine. Browsers accept its Secure cookies without TLS.
bool is_this_machine(std::string_view host);

/// Returns true if cookies for `domain` (RFC 6265 section 5.1.3) reach `host`. Returns false for a top-level
/// domain, because its hosts belong to strangers.
bool is_domain_of(std::string_view domain, std::string_view host);

}  // namespace csauth
