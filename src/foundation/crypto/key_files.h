#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace csauth::crypto {

/// A key file of a ring.
struct KeyFile {
    std::string id;
    bool is_active = false;  ///< this is the key that signs
};

// These functions work on the ring `ring` below the directory `keys_dir`, such as "access" or
// "audiences/NAME". The service may write below keys_dir, and csauthctl often runs as root. So they never
// follow a link below keys_dir: each returns a sentence with the path of the link. They throw
// std::system_error if a file can't be read or written.

/// Returns the key files of the ring, sorted by id. Does not read the keys in them.
Result<std::vector<KeyFile>, std::string> key_files(const std::filesystem::path& keys_dir,
                                                    const std::string& ring);

/// A key of a ring with its secret bytes.
struct OpenKey {
    std::string id;
    bool is_active = false;
    Secret bytes;
};

/// Returns the keys of the ring with their bytes, sorted by id. Returns a sentence also if a file contains no
/// key.
Result<std::vector<OpenKey>, std::string> open_keys(const std::filesystem::path& keys_dir,
                                                    const std::string& ring);

/// Makes the ring with one new key, which signs. Returns false if the ring already has an active key.
Result<bool, std::string> create_ring(const std::filesystem::path& keys_dir, const std::string& ring,
                                      Random& random);

/// Adds a new key of random bytes, which verifies from now on but does not sign.
Result<KeyFile, std::string> add_key(const std::filesystem::path& keys_dir, const std::string& ring,
                                     Random& random);

/// Makes the key the one that signs. Returns false if there is no such key.
Result<bool, std::string> activate_key(const std::filesystem::path& keys_dir, const std::string& ring,
                                       std::string_view id);

/// Removes a key: its signatures are no longer valid. Returns false if there is no such key, or if it is the
/// one that signs.
Result<bool, std::string> retire_key(const std::filesystem::path& keys_dir, const std::string& ring,
                                     std::string_view id);

}  // namespace csauth::crypto
