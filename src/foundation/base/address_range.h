#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace csauth {

/// One IP address, or all addresses of a network: "192.0.2.7", "192.0.2.0/24", "2001:db8::/48".
class AddressRange {
public:
    /// Returns nullopt if `text` is neither an address nor a network. Bits after the prefix are ignored.
    static std::optional<AddressRange> parse(std::string_view text);

    /// Returns false also if `address` is not an IP address. IPv4 and IPv4-mapped IPv6 addresses are the
    /// same.
    bool contains(std::string_view address) const;

private:
    using Bytes = std::array<std::uint8_t, 16>;
    static std::optional<Bytes> bytes_of(std::string_view address);

    Bytes network_{};
    unsigned prefix_ = 0;  ///< bits of an IPv6 address; an IPv4 network is mapped (::ffff:0:0/96)
};

}  // namespace csauth
