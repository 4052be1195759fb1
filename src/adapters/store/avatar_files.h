#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>

#include "accounts/avatar.h"
#include "base/log.h"

namespace csauth::store {

/// Pictures below one directory, which nginx serves: <first two of the name>/<name>-512.webp and -96.webp.
/// Nodes that share a database share this directory too.
class AvatarFiles final : public accounts::AvatarFiles {
public:
    /// How many parts a sweep can be done in.
    static constexpr unsigned kShards = 256;

    AvatarFiles(std::filesystem::path directory, const Log& log)
        : directory_{std::move(directory)}, log_{log} {}

    Result<std::string> keep(const images::AvatarPictures& pictures) override;
    void remove(std::string_view name) override;

    /// Removes from one shard the pictures that nobody shows and the files that a crash has left, if they are
    /// older than kGrace. Touches regular files with names that this class gives, and nothing else. Returns
    /// how many files went, or a sentence that names the path when the shard is a symbolic link: it is not
    /// followed, because csauthctl may run as root and the service may write here.
    Result<std::size_t, std::string> sweep(unsigned shard,
                                           const std::function<bool(std::string_view name)>& is_in_use);

    /// Between the keeping of a picture and the commit that names it no more time passes than this.
    static constexpr std::chrono::seconds kGrace{120};

private:
    bool remove_if_old(int shard, const std::string& file) const;
    bool end_removal(int shard, const std::string& doomed, const std::string& file, bool must_stay) const;

    std::filesystem::path directory_;
    const Log& log_;
};

}  // namespace csauth::store
