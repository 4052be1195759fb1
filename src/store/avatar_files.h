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

    /// Removes from one shard what nobody shows and what a crash has left, if it is older than kGrace; says
    /// how many files went.
    std::size_t sweep(unsigned shard, const std::function<bool(std::string_view name)>& is_in_use);

    /// Between the keeping of a picture and the commit that names it no more time passes than this.
    static constexpr std::chrono::seconds kGrace{120};

private:
    bool remove_if_old(const std::filesystem::path& file) const;

    std::filesystem::path directory_;
    const Log& log_;
};

}  // namespace csauth::store
