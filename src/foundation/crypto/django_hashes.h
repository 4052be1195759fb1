#pragma once

#include <optional>
#include <string_view>

namespace csauth::crypto {

/// Returns whether the password belongs to a hash in a format of Django: pbkdf2_sha256, argon2 (argon2id),
/// bcrypt_sha256 or scrypt. Imported accounts have such hashes until their next sign-in.
///
/// Returns nullopt if `encoded` has another format, is damaged, or requires more work than the limits below.
/// The limits keep a hostile hash from occupying a worker. Throws Failure if OpenSSL fails.
std::optional<bool> matches_django_hash(std::string_view password, std::string_view encoded);

inline constexpr int kMostPbkdf2Rounds = 3'000'000;
inline constexpr int kMostBcryptCost = 14;                               // 2^14 rounds
inline constexpr unsigned long kMostScryptMemory = 128UL * 1024 * 1024;  // bytes
inline constexpr unsigned long kMostArgon2Kib = 256UL * 1024;
inline constexpr unsigned long kMostArgon2Passes = 16;

}  // namespace csauth::crypto
