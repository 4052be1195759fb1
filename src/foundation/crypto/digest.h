#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

struct evp_mac_ctx_st;  // OpenSSL's EVP_MAC_CTX, whose header few files need

namespace csauth::crypto {

inline constexpr std::size_t kSha256Size = 32;
using Sha256Digest = std::array<std::uint8_t, kSha256Size>;

/// Returns the SHA-256 of the data (FIPS 180-4). This and HmacSha256 throw Failure if OpenSSL fails.
Sha256Digest sha256(std::string_view data);

/// Compares two texts in a time that depends on their lengths alone. For everything that is secret.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// HMAC-SHA-256 (RFC 2104) under one key. The key is set up once, so a tag costs only the work on its data.
/// Two threads must not use the same object at the same time.
class HmacSha256 {
public:
    /// Copies the key, which may have any length.
    explicit HmacSha256(std::span<const std::uint8_t> key);

    Sha256Digest tag(std::string_view data) const;

private:
    struct FreeContext {
        void operator()(evp_mac_ctx_st* context) const;
    };
    std::unique_ptr<evp_mac_ctx_st, FreeContext> context_;
};

}  // namespace csauth::crypto
