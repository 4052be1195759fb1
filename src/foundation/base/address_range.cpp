#include "base/address_range.h"

#include <arpa/inet.h>

#include <charconv>

namespace csauth {
namespace {

constexpr unsigned kBits = 128;
constexpr unsigned kMappedBits = 96;  // the prefix of an IPv4-mapped address (RFC 4291 section 2.5.5.2)

}  // namespace

std::optional<AddressRange::Bytes> AddressRange::bytes_of(std::string_view address) {
    const std::string text{address};
    Bytes bytes{};
    if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
    bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (::inet_pton(AF_INET, text.c_str(), bytes.data() + kMappedBits / 8) == 1) return bytes;
    return std::nullopt;
}

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto network = bytes_of(text.substr(0, slash));
    if (!network) return std::nullopt;
    AddressRange range;
    range.network_ = *network;
    range.prefix_ = kBits;
    if (slash == std::string_view::npos) return range;
    const bool is_v4 = text.substr(0, slash).find(':') == std::string_view::npos;
    const auto digits = text.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    const unsigned most = is_v4 ? kBits - kMappedBits : kBits;
    if (error != std::errc{} || end != digits.data() + digits.size() || bits > most) return std::nullopt;
    range.prefix_ = is_v4 ? bits + kMappedBits : bits;
    return range;
}

bool AddressRange::contains(std::string_view address) const {
    const auto bytes = bytes_of(address);
    if (!bytes) return false;
    for (unsigned bit = 0; bit < prefix_; ++bit) {
        const auto mask = 0x80U >> (bit % 8);
        if (((*bytes)[bit / 8] & mask) != (network_[bit / 8] & mask)) return false;
    }
    return true;
}

}  // namespace csauth
