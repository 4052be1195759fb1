#include "store/avatar_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/encoding.h"
#include "base/unique_fd.h"
#include "crypto/digest.h"

namespace csauth::store {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFileMode = 0644;  // nginx reads them
constexpr mode_t kDirectoryMode = 0755;
constexpr std::size_t kNameSize = 64;
constexpr std::size_t kShardSize = 2;
constexpr std::string_view kLarge = "-512.webp";
constexpr std::string_view kSmall = "-96.webp";

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void make_directory(const fs::path& path) {
    if (::mkdir(path.c_str(), kDirectoryMode) == 0) {
        if (::chmod(path.c_str(), kDirectoryMode) != 0)
            fail("chmod " + path.string());  // whatever the umask is
    } else if (errno != EEXIST) {
        fail("making " + path.string());
    }
}

void flush_directory(const fs::path& path) {
    const UniqueFd fd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd || ::fsync(fd.get()) != 0) fail("flushing " + path.string());
}

/// The whole file or none of it, however this ends.
void write_whole(const fs::path& path, std::string_view content) {
    const fs::path temporary = path.string() + ".new." + std::to_string(::getpid());
    const UniqueFd fd{::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode)};
    if (!fd) fail("opening " + temporary.string());
    try {
        while (!content.empty()) {
            const auto put = ::write(fd.get(), content.data(), content.size());
            if (put < 0 && errno == EINTR) continue;
            if (put <= 0) fail("writing " + temporary.string());
            content.remove_prefix(static_cast<std::size_t>(put));
        }
        if (::fchmod(fd.get(), kFileMode) != 0 || ::fsync(fd.get()) != 0)
            fail("flushing " + temporary.string());
        if (::rename(temporary.c_str(), path.c_str()) != 0) fail("renaming " + temporary.string());
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
}

std::string shard_name(unsigned shard) { return hex(std::array{static_cast<std::uint8_t>(shard)}); }

}  // namespace

Result<std::string> AvatarFiles::keep(const images::AvatarPictures& pictures) {
    const std::string name = hex(crypto::sha256(pictures.large));
    const fs::path shard = directory_ / name.substr(0, kShardSize);
    try {
        make_directory(directory_);
        make_directory(shard);
        write_whole(shard / (name + std::string{kSmall}), pictures.small);
        write_whole(shard / (name + std::string{kLarge}), pictures.large);
        flush_directory(shard);
        flush_directory(directory_);
    } catch (const std::system_error& error) {
        log_.error("avatar_not_kept", {{"what", error.what()}});
        return Error{.code = ErrorCode::service_unavailable,
                     .detail = "The picture can't be kept at the moment."};
    }
    return name;
}

void AvatarFiles::remove(std::string_view name) {
    const fs::path shard = directory_ / std::string{name.substr(0, kShardSize)};
    for (const auto suffix : {kLarge, kSmall})
        (void)remove_if_old(shard / std::string{name}.append(suffix));
}

std::size_t AvatarFiles::sweep(unsigned shard, const std::function<bool(std::string_view name)>& is_in_use) {
    std::size_t gone = 0;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator{directory_ / shard_name(shard), none}) {
        const std::string file = entry.path().filename().string();
        const bool is_picture =
            file.size() > kNameSize && (file.substr(kNameSize) == kLarge || file.substr(kNameSize) == kSmall);
        if (is_picture && is_in_use(std::string_view{file}.substr(0, kNameSize))) continue;
        if (remove_if_old(entry.path())) ++gone;
    }
    return gone;
}

/// First out of sight, then looked at: whoever keeps the same picture in this moment has made it young, and
/// gets it back.
bool AvatarFiles::remove_if_old(const fs::path& file) const {
    const fs::path doomed = file.string() + ".gone." + std::to_string(::getpid());
    if (::rename(file.c_str(), doomed.c_str()) != 0) return false;
    struct stat status {};
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    if (::stat(doomed.c_str(), &status) == 0 && now.tv_sec - status.st_mtim.tv_sec < kGrace.count()) {
        if (::link(doomed.c_str(), file.c_str()) != 0 && errno != EEXIST)
            log_.error("avatar_lost", {{"file", file.filename().string()}, {"errno", errno}});
        ::unlink(doomed.c_str());
        return false;
    }
    return ::unlink(doomed.c_str()) == 0;
}

}  // namespace csauth::store
