#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>

#include "accounts/avatar.h"
#include "base/log.h"

namespace csauth::store {

/// Implements accounts::AvatarFiles: pictures below one directory, which nginx serves. A picture has two
/// files, <first two characters of the name>/<name>-512.webp and -96.webp. The name is the SHA-256 of the
/// large one in hexadecimal. Nodes that share a database share this directory too.
class AvatarFiles final : public accounts::AvatarFiles {
public:
    /// The number of directories below the top one. A sweep cleans one of them.
    static constexpr unsigned kShards = 256;

    AvatarFiles(std::filesystem::path directory, const Log& log)
        : directory_{std::move(directory)}, log_{log} {}

    /// Writes both files and returns the picture's name. They are on disk before it returns.
    /// `service_unavailable`: a file can't be written; the reason is in the log.
    Result<std::string> keep(const images::AvatarPictures& pictures) override;
    /// Removes both files if they are older than kGrace. Otherwise, or on an error, leaves them to a sweep.
    void remove(std::string_view name) override;

    /// Removes from one shard the pictures that are not in use and the files that a crash has left, if they
    /// are older than kGrace. Touches only regular files with names that this class gives. `shard` is less
    /// than kShards.
    ///
    /// Returns how many files it removed, or a sentence that names the path if the shard can't be opened. A
    /// symbolic link is not followed, because csauthctl may run as root and the service may write here.
    Result<std::size_t, std::string> sweep(unsigned shard,
                                           const std::function<bool(std::string_view name)>& is_in_use);

    /// The longest time between keep() and the commit of the row that names the picture.
    static constexpr std::chrono::seconds kGrace{120};

private:
    bool remove_if_old(int shard, const std::string& file) const;
    bool end_removal(int shard, const std::string& doomed, const std::string& file, bool must_stay) const;

    std::filesystem::path directory_;
    const Log& log_;
};

}  // namespace csauth::store
