#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"

// The format of a key ring on disk. key_ring.cpp reads it, and key_files.cpp changes it.
namespace csauth::crypto {

inline constexpr std::string_view kKeySuffix = ".key";
inline constexpr const char* kActiveFile = "active";
inline constexpr std::size_t kLongestKeyFile = 4096;  // bytes

/// Returns true if `id` can be the id of a key: letters, digits, - and _; 1 to 64 characters.
bool is_key_id(std::string_view id);

/// Returns the name of a key's file.
std::string key_file_of(std::string_view id);

/// Reads the first line of a small file, without white space at either end. Returns nullopt if the file can't
/// be read, or if the line is longer than kLongestKeyFile - 1. No other buffer keeps the line.
std::optional<Secret> read_key_line(int fd);

/// Returns true if `fd` is a regular file, and sets `status`.
bool is_regular_file(int fd, struct stat& status);

}  // namespace csauth::crypto
