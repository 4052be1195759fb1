#pragma once

#include <optional>
#include <string_view>

namespace csauth::crypto {

/// The formats in which Django stores passwords: pbkdf2_sha256, argon2 (argon2id), bcrypt_sha256 and
/// scrypt. They are verified for accounts that were imported, and replaced at the next sign-in.
///
/// Nothing: `encoded` is none of them, is damaged, or asks for more work than kMost… below allow, so that
/// a hostile hash can't occupy a worker.
std::optional<bool> matches_django_hash(std::string_view password, std::string_view encoded);

inline constexpr int kMostPbkdf2Rounds = 3'000'000;
inline constexpr int kMostBcryptCost = 14;
inline constexpr unsigned long kMostScryptMemory = 128UL * 1024 * 1024;
inline constexpr unsigned long kMostArgon2Kib = 256UL * 1024;
inline constexpr unsigned long kMostArgon2Passes = 16;

}  // namespace csauth::crypto
