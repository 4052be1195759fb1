#include "store/avatar_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/encoding.h"
#include "base/files.h"
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
constexpr std::string_view kNew = ".new.";    // and the number of the process that writes it
constexpr std::string_view kGone = ".gone.";  // and the number of the process that removes it

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// Opens the directory `path`, and makes it if it is missing. Its parent belongs to the administrator.
UniqueFd opened_top(const fs::path& path) {
    auto directory = open_directory(path);
    if (!directory && directory.error().code == ENOENT) {
        directory = make_directories(path, kDirectoryMode);
        if (directory && ::fchmod(directory->get(), kDirectoryMode) != 0) fail("chmod " + path.string());
    }
    if (!directory)
        throw std::system_error(directory.error().code, std::generic_category(), directory.error().text);
    return std::move(*directory);
}

Result<UniqueFd, FileProblem> open_shard(int top, const std::string& name, const fs::path& directory) {
    return open_inside(top, name, O_RDONLY | O_DIRECTORY, 0, directory / name);
}

UniqueFd made_shard(int top, const std::string& name, const fs::path& directory) {
    const bool is_new = ::mkdirat(top, name.c_str(), kDirectoryMode) == 0;
    if (!is_new && errno != EEXIST) fail("making " + (directory / name).string());
    auto shard = open_shard(top, name, directory);
    if (!shard) throw std::system_error(shard.error().code, std::generic_category(), shard.error().text);
    // mkdirat() applies the umask.
    if (is_new && ::fchmod(shard->get(), kDirectoryMode) != 0) fail("chmod " + (directory / name).string());
    return std::move(*shard);
}

/// Writes the whole file or nothing, even if the process is killed. Throws std::system_error on failure.
void write_whole(int shard, const std::string& name, std::string_view content) {
    const std::string temporary = name + std::string{kNew} + std::to_string(::getpid());
    ::unlinkat(shard, temporary.c_str(), 0);
    const UniqueFd fd{
        ::openat(shard, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode)};
    if (!fd) fail("opening " + temporary);
    try {
        while (!content.empty()) {
            const auto put = ::write(fd.get(), content.data(), content.size());
            if (put < 0 && errno == EINTR) continue;
            if (put <= 0) fail("writing " + temporary);
            content.remove_prefix(static_cast<std::size_t>(put));
        }
        if (::fchmod(fd.get(), kFileMode) != 0 || ::fsync(fd.get()) != 0) fail("flushing " + temporary);
        if (::renameat(shard, temporary.c_str(), shard, name.c_str()) != 0) fail("renaming " + temporary);
    } catch (...) {
        ::unlinkat(shard, temporary.c_str(), 0);
        throw;
    }
}

bool is_picture(std::string_view file) {
    if (file.size() <= kNameSize || (file.substr(kNameSize) != kLarge && file.substr(kNameSize) != kSmall))
        return false;
    return std::all_of(file.begin(), file.begin() + kNameSize,
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// Returns the picture that a temporary file belongs to: the part of the name before `mark` and the number of
/// a process. keep() makes such files, and so does a removal that a crash has interrupted. Empty for any
/// other file.
std::string_view picture_before(std::string_view file, std::string_view mark) {
    const auto at = file.find(mark);
    if (at == std::string_view::npos || !is_picture(file.substr(0, at))) return {};
    const auto number = file.substr(at + mark.size());
    const bool is_number =
        !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
    return is_number ? file.substr(0, at) : std::string_view{};
}

struct Found {
    bool is_file = false;
    bool is_young = false;
};

Found look_at(int shard, const std::string& file) {
    struct stat status {};
    timespec now{};
    if (::fstatat(shard, file.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
        return {};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return {true, now.tv_sec - status.st_mtim.tv_sec < AvatarFiles::kGrace.count()};
}

std::string shard_name(unsigned shard) { return hex(std::array{static_cast<std::uint8_t>(shard)}); }

}  // namespace

Result<std::string> AvatarFiles::keep(const images::AvatarPictures& pictures) {
    const std::string name = hex(crypto::sha256(pictures.large));
    try {
        const UniqueFd top = opened_top(directory_);
        const UniqueFd shard = made_shard(top.get(), name.substr(0, kShardSize), directory_);
        write_whole(shard.get(), name + std::string{kSmall}, pictures.small);
        write_whole(shard.get(), name + std::string{kLarge}, pictures.large);
        if (::fsync(shard.get()) != 0 || ::fsync(top.get()) != 0) fail("flushing " + directory_.string());
    } catch (const std::system_error& error) {
        log_.error("avatar_not_kept", {{"what", error.what()}});
        return Error{.code = ErrorCode::service_unavailable,
                     .detail = "The picture can't be kept at the moment."};
    }
    return name;
}

void AvatarFiles::remove(std::string_view name) {
    const auto top = open_directory(directory_);
    const auto shard =
        top ? open_shard(top->get(), std::string{name.substr(0, kShardSize)}, directory_) : top.error();
    if (!shard) return;
    for (const auto suffix : {kLarge, kSmall})
        (void)remove_if_old(shard->get(), std::string{name}.append(suffix));
}

Result<std::size_t, std::string> AvatarFiles::sweep(
    unsigned shard, const std::function<bool(std::string_view name)>& is_in_use) {
    const auto top = open_directory(directory_);
    const auto opened = top ? open_shard(top->get(), shard_name(shard), directory_) : top.error();
    if (!opened && opened.error().code == ENOENT) return std::size_t{0};
    if (!opened) return opened.error().text;
    std::size_t gone = 0;
    for (const auto& file : names_in(opened->get())) {
        const auto is_shown = [&](std::string_view picture) {
            return is_in_use(picture.substr(0, kNameSize));
        };
        if (is_picture(file)) {
            if (!is_shown(file) && remove_if_old(opened->get(), file)) ++gone;
        } else if (const auto half_written = picture_before(file, kNew); !half_written.empty()) {
            const auto found = look_at(opened->get(), file);
            if (found.is_file && !found.is_young && ::unlinkat(opened->get(), file.c_str(), 0) == 0) ++gone;
        } else if (const auto picture = picture_before(file, kGone); !picture.empty()) {
            if (look_at(opened->get(), file).is_file &&
                end_removal(opened->get(), file, std::string{picture}, is_shown(picture)))
                ++gone;
        }
    }
    return gone;
}

/// Renames the file first and looks at its age then. If another process keeps the same picture at this
/// moment, the file is young and gets its name back.
bool AvatarFiles::remove_if_old(int shard, const std::string& file) const {
    if (!look_at(shard, file).is_file) return false;
    const std::string doomed = file + std::string{kGone} + std::to_string(::getpid());
    if (::renameat(shard, file.c_str(), shard, doomed.c_str()) != 0) return false;
    return end_removal(shard, doomed, file, false);
}

/// Completes a removal that remove_if_old() began, even in a process that has died. A picture that is young
/// or must stay gets its name back.
bool AvatarFiles::end_removal(int shard, const std::string& doomed, const std::string& file,
                              bool must_stay) const {
    if (!must_stay && !look_at(shard, doomed).is_young) return ::unlinkat(shard, doomed.c_str(), 0) == 0;
    if (::linkat(shard, doomed.c_str(), shard, file.c_str(), 0) != 0 && errno != EEXIST) {
        log_.error("avatar_lost", {{"file", file}, {"errno", errno}});
        return false;
    }
    ::unlinkat(shard, doomed.c_str(), 0);
    return false;
}

}  // namespace csauth::store
