#include "crypto/django_hashes.h"

#include <crypt.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <bit>
#include <charconv>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "crypto/failure.h"

namespace csauth::crypto {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// pbkdf2_sha256$rounds$salt$hash
std::optional<bool> pbkdf2(std::string_view password, const std::vector<std::string_view>& parts) {
    if (parts.size() != 4) return std::nullopt;
    const auto rounds = number(parts[1]);
    const auto expected = decode_base64(parts[3]);
    if (!rounds || *rounds < 1 || *rounds > kMostPbkdf2Rounds || !expected || expected->size() != kSha256Size)
        return std::nullopt;
    Sha256Digest derived;
    require(PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), as_bytes(parts[2]).data(),
                              static_cast<int>(parts[2].size()), static_cast<int>(*rounds), EVP_sha256(),
                              static_cast<int>(derived.size()), derived.data()) == 1,
            "PBKDF2");
    return equal_in_constant_time(as_text(derived), *expected);
}

// scrypt$work factor$salt$block size$parallelism$hash
std::optional<bool> scrypt(std::string_view password, const std::vector<std::string_view>& parts) {
    if (parts.size() != 6) return std::nullopt;
    const auto n = number(parts[1]);
    const auto r = number(parts[3]);
    const auto p = number(parts[4]);
    const auto expected = decode_base64(parts[5]);
    if (!n || !r || !p || !expected || expected->empty() || expected->size() > 64) return std::nullopt;
    if (*n < 2 || !std::has_single_bit(*n) || *n > (1U << 20U) || *r < 1 || *r > 64 || *p < 1 || *p > 16)
        return std::nullopt;
    if (128 * *n * *r > kMostScryptMemory) return std::nullopt;
    std::string derived(expected->size(), '\0');
    require(EVP_PBE_scrypt(password.data(), password.size(), as_bytes(parts[2]).data(), parts[2].size(), *n,
                           *r, *p, 2 * kMostScryptMemory, reinterpret_cast<unsigned char*>(derived.data()),
                           derived.size()) == 1,
            "scrypt");
    return equal_in_constant_time(derived, *expected);
}

// bcrypt_sha256$$2b$cost$salt and hash: bcrypt over the hexadecimal SHA-256 of the password
std::optional<bool> bcrypt_sha256(std::string_view password, std::string_view hash) {
    const auto parts = split(hash, '$');
    if (parts.size() != 4 || (parts[1] != "2b" && parts[1] != "2a" && parts[1] != "2y")) return std::nullopt;
    const auto cost = number(parts[2]);
    if (!cost || *cost < 4 || *cost > kMostBcryptCost) return std::nullopt;
    const auto data = std::make_unique<crypt_data>();
    const std::string key = hex(sha256(password));
    const char* derived = ::crypt_r(key.c_str(), std::string{hash}.c_str(), data.get());
    if (derived == nullptr || *derived == '*') return std::nullopt;
    return equal_in_constant_time(derived, hash);
}

// argon2$argon2id$v=19$m=…,t=…,p=…$salt$hash: the PHC string after Django's own prefix
std::optional<bool> argon2(std::string_view password, std::string_view phc) {
    const auto parts = split(phc, '$');
    if (parts.size() != 6 || parts[1] != "argon2id" || phc.size() >= crypto_pwhash_STRBYTES)
        return std::nullopt;
    const auto costs = split(parts[3], ',');
    if (costs.size() != 3 || !costs[0].starts_with("m=") || !costs[1].starts_with("t=")) return std::nullopt;
    const auto memory = number(costs[0].substr(2));
    const auto passes = number(costs[1].substr(2));
    if (!memory || *memory > kMostArgon2Kib || !passes || *passes > kMostArgon2Passes) return std::nullopt;
    return crypto_pwhash_str_verify(std::string{phc}.c_str(), password.data(), password.size()) == 0;
}

}  // namespace

std::optional<bool> matches_django_hash(std::string_view password, std::string_view encoded) {
    const auto parts = split(encoded, '$');
    if (parts[0] == "pbkdf2_sha256") return pbkdf2(password, parts);
    if (parts[0] == "scrypt") return scrypt(password, parts);
    if (parts[0] == "bcrypt_sha256") return bcrypt_sha256(password, encoded.substr(parts[0].size() + 1));
    if (parts[0] == "argon2") return argon2(password, encoded.substr(parts[0].size()));
    return std::nullopt;
}

}  // namespace csauth::crypto
