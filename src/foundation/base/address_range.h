#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace csauth {

/// An IP address, or all of a network: "192.0.2.7", "192.0.2.0/24", "2001:db8::/48".
class AddressRange {
public:
    static std::optional<AddressRange> parse(std::string_view text);

    /// False for what is no address.
    bool contains(std::string_view address) const;

private:
    using Bytes = std::array<std::uint8_t, 16>;
    static std::optional<Bytes> bytes_of(std::string_view address);

    Bytes network_{};
    unsigned prefix_ = 0;  ///< in bits of an IPv6 address; IPv4 is mapped into that
};

}  // namespace csauth
