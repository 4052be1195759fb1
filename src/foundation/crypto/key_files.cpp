#include "crypto/key_files.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "base/encoding.h"
#include "base/files.h"
#include "base/unique_fd.h"
#include "crypto/key_file_format.h"
#include "crypto/key_ring.h"

namespace csauth::crypto {
namespace {

constexpr mode_t kKeyMode = 0400;
constexpr mode_t kDirectoryMode = 0700;

/// An open directory, and its path for messages.
struct Directory {
    UniqueFd fd;
    std::filesystem::path path;

    Result<UniqueFd, FileProblem> open(const std::string& name, int flags, mode_t mode = 0) const {
        return open_inside(fd.get(), name, flags, mode, path / name);
    }
    [[noreturn]] void fail(const std::string& what, const std::string& name) const {
        throw std::system_error(errno, std::generic_category(), what + ' ' + (path / name).string());
    }
};

/// Returns the sentence for a link that was met, and throws std::system_error for any other problem.
std::string refusal_of(const FileProblem& problem) {
    if (problem.code != ELOOP)
        throw std::system_error(problem.code, std::generic_category(), "key ring: " + problem.text);
    return problem.text;
}

/// If this process is root's, gives a new file to the owner of its directory, because the service must be
/// able to read it.
void give_to_owner_of(const Directory& directory, int fd, const std::string& name) {
    struct stat status {};
    if (::geteuid() != 0) return;
    if (::fstat(directory.fd.get(), &status) != 0 || ::fchown(fd, status.st_uid, status.st_gid) != 0)
        directory.fail("handing over", name);
}

/// Opens the directory of the ring, one component after the other below keys_dir. `makes`: makes the
/// directories that are missing.
Result<Directory, std::string> directory_of(const std::filesystem::path& keys_dir, const std::string& ring,
                                            bool makes = false) {
    auto top = makes ? make_directories(keys_dir, kDirectoryMode) : open_directory(keys_dir);
    if (!top) return refusal_of(top.error());
    Directory directory{std::move(*top), keys_dir};
    for (const auto& part : std::filesystem::path{ring}) {
        const std::string name = part.string();
        if (makes && ::mkdirat(directory.fd.get(), name.c_str(), kDirectoryMode) != 0 && errno != EEXIST)
            directory.fail("making", name);
        auto next = directory.open(name, O_RDONLY | O_DIRECTORY);
        if (!next) return refusal_of(next.error());
        if (makes) give_to_owner_of(directory, next->get(), name);
        directory = {std::move(*next), directory.path / name};
    }
    return directory;
}

/// Writes the directory to disk, so that a new name in it survives a crash.
void sync(const Directory& directory) {
    if (::fsync(directory.fd.get()) != 0) directory.fail("writing", "");
}

/// Writes a file in one step, so that a reader sees all of it or the old one. It is written under another
/// name, synced, then renamed.
Result<void, std::string> write_file(const Directory& directory, const std::string& name,
                                     std::string_view text) {
    const std::string temporary = name + ".new";
    if (::unlinkat(directory.fd.get(), temporary.c_str(), 0) != 0 && errno != ENOENT)
        directory.fail("removing", temporary);
    const auto file = directory.open(temporary, O_WRONLY | O_CREAT | O_EXCL, kKeyMode);
    if (!file) return refusal_of(file.error());
    give_to_owner_of(directory, file->get(), temporary);
    if (::write(file->get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(file->get()) != 0)
        directory.fail("writing", temporary);
    if (::renameat(directory.fd.get(), temporary.c_str(), directory.fd.get(), name.c_str()) != 0)
        directory.fail("renaming", temporary);
    sync(directory);
    return {};
}

bool has_file(const Directory& directory, const std::string& name) {
    struct stat status {};
    return ::fstatat(directory.fd.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(status.st_mode);
}

/// Returns the id of the key that signs, or an empty text if there is none.
Result<std::string, FileProblem> active_in(const Directory& directory) {
    const auto file = directory.open(kActiveFile, O_RDONLY | O_NONBLOCK);
    if (!file && file.error().code == ENOENT) return std::string{};
    if (!file) return file.error();
    struct stat status {};
    const auto line = is_regular_file(file->get(), status) ? read_key_line(file->get()) : std::nullopt;
    return line ? std::string{line->reveal()} : std::string{};
}

Result<KeyFile, std::string> add_to(const Directory& directory, Random& random) {
    std::string id = hex(random.bytes<4>());
    auto bytes = random.bytes<kLeastKeyBytes>();
    std::string text = base64url(as_text(bytes));
    const auto written = write_file(directory, key_file_of(id), text);
    wipe(text);
    OPENSSL_cleanse(bytes.data(), bytes.size());
    if (!written) return written.error();
    return KeyFile{std::move(id), false};
}

}  // namespace

Result<std::vector<KeyFile>, std::string> key_files(const std::filesystem::path& keys_dir,
                                                    const std::string& ring) {
    const auto directory = directory_of(keys_dir, ring);
    if (!directory) return directory.error();
    const auto active = active_in(*directory);
    if (!active) return refusal_of(active.error());
    std::vector<KeyFile> files;
    for (const std::filesystem::path name : names_in(directory->fd.get()))
        if (name.extension() == kKeySuffix) files.push_back({name.stem().string(), name.stem() == *active});
    std::sort(files.begin(), files.end(), [](const KeyFile& a, const KeyFile& b) { return a.id < b.id; });
    return files;
}

Result<std::vector<OpenKey>, std::string> open_keys(const std::filesystem::path& keys_dir,
                                                    const std::string& ring) {
    const auto files = key_files(keys_dir, ring);
    if (!files) return files.error();
    const auto directory = directory_of(keys_dir, ring);
    if (!directory) return directory.error();
    std::vector<OpenKey> keys;
    for (const auto& key : *files) {
        const auto file = directory->open(key_file_of(key.id), O_RDONLY | O_NONBLOCK);
        if (!file) return refusal_of(file.error());
        struct stat status {};
        const auto line = is_regular_file(file->get(), status) ? read_key_line(file->get()) : std::nullopt;
        auto decoded = line ? decode_base64url(line->reveal()) : std::nullopt;
        if (!decoded)
            return "the key file " + (directory->path / key_file_of(key.id)).string() +
                   " is not a key: base64url on one line";
        keys.push_back({key.id, key.is_active, Secret{std::string_view{*decoded}}});
        wipe(*decoded);
    }
    return keys;
}

Result<bool, std::string> create_ring(const std::filesystem::path& keys_dir, const std::string& ring,
                                      Random& random) {
    const auto directory = directory_of(keys_dir, ring, true);
    if (!directory) return directory.error();
    const auto active = active_in(*directory);
    if (!active) return refusal_of(active.error());
    if (!active->empty()) return false;
    const auto key = add_to(*directory, random);
    if (!key) return key.error();
    if (const auto written = write_file(*directory, kActiveFile, key->id); !written) return written.error();
    return true;
}

Result<KeyFile, std::string> add_key(const std::filesystem::path& keys_dir, const std::string& ring,
                                     Random& random) {
    const auto directory = directory_of(keys_dir, ring);
    if (!directory) return directory.error();
    return add_to(*directory, random);
}

Result<bool, std::string> activate_key(const std::filesystem::path& keys_dir, const std::string& ring,
                                       std::string_view id) {
    if (!is_key_id(id)) return false;
    const auto directory = directory_of(keys_dir, ring);
    if (!directory) return directory.error();
    if (!has_file(*directory, key_file_of(id))) return false;
    if (const auto written = write_file(*directory, kActiveFile, id); !written) return written.error();
    return true;
}

Result<bool, std::string> retire_key(const std::filesystem::path& keys_dir, const std::string& ring,
                                     std::string_view id) {
    if (!is_key_id(id)) return false;
    const auto directory = directory_of(keys_dir, ring);
    if (!directory) return directory.error();
    const auto active = active_in(*directory);
    if (!active) return refusal_of(active.error());
    if (*active == id || !has_file(*directory, key_file_of(id))) return false;
    if (::unlinkat(directory->fd.get(), key_file_of(id).c_str(), 0) != 0)
        directory->fail("removing", key_file_of(id));
    sync(*directory);
    return true;
}

}  // namespace csauth::crypto
