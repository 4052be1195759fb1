#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace csauth::crypto {

/// A key as it stands on disk.
struct KeyFile {
    std::string id;
    bool is_active = false;
};

// What follows works on the ring `ring` below the directory `keys_dir`: "access", or "audiences/NAME". The
// service may write below keys_dir, and csauthctl often runs as root: so nothing here follows a link below
// keys_dir. Each function returns a sentence that names the path where it meets a link, and throws
// std::system_error when a file can't be read or written.

/// Returns the keys of the ring, by id.
Result<std::vector<KeyFile>, std::string> key_files(const std::filesystem::path& keys_dir,
                                                    const std::string& ring);

/// A key of a ring with its secret bytes.
struct OpenKey {
    std::string id;
    bool is_active = false;
    Secret bytes;
};

/// Returns the keys of the ring with their bytes, by id.
Result<std::vector<OpenKey>, std::string> open_keys(const std::filesystem::path& keys_dir,
                                                    const std::string& ring);

/// Makes the ring with one new key if it has no active key yet. Returns whether it did.
Result<bool, std::string> create_ring(const std::filesystem::path& keys_dir, const std::string& ring,
                                      Random& random);

/// Adds a new key, which verifies from now on but does not sign.
Result<KeyFile, std::string> add_key(const std::filesystem::path& keys_dir, const std::string& ring,
                                     Random& random);

/// Makes the key the one that signs. False: there is no such key.
Result<bool, std::string> activate_key(const std::filesystem::path& keys_dir, const std::string& ring,
                                       std::string_view id);

/// Removes a key: what it signed is no longer genuine. False: there is no such key, or it is the one that
/// signs.
Result<bool, std::string> retire_key(const std::filesystem::path& keys_dir, const std::string& ring,
                                     std::string_view id);

}  // namespace csauth::crypto
