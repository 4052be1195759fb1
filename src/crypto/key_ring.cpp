#include "crypto/key_ring.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "base/encoding.h"
#include "base/unique_fd.h"

namespace csauth::crypto {
namespace {

constexpr std::string_view kKeySuffix = ".key";
constexpr const char* kActiveFile = "active";
constexpr mode_t kKeyMode = 0400;
constexpr std::size_t kLongestFile = 4096;

bool good_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    });
}

std::optional<std::string> read_line(const std::filesystem::path& path) {
    std::ifstream file{path};
    std::string line;
    if (!file || !std::getline(file, line) || line.size() > kLongestFile) return std::nullopt;
    return std::string{trimmed(line)};
}

/// Whole or not at all: written beside its place, synced, then renamed.
void write_file(const std::filesystem::path& path, std::string_view text, mode_t mode) {
    const std::filesystem::path fresh = path.string() + ".new";
    std::filesystem::remove(fresh);
    const UniqueFd fd{::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)};
    if (!fd || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(fd.get()) != 0)
        throw std::system_error(errno, std::generic_category(), "writing " + fresh.string());
    std::filesystem::rename(fresh, path);
}

}  // namespace

Key make_key(std::string id, std::span<const std::uint8_t> bytes) {
    return {std::move(id), Secret{bytes}, HmacSha256{bytes}};
}

KeyRing::KeyRing(std::vector<Key> keys, std::string_view active_id) {
    for (auto& key : keys)
        keys_.push_back(std::make_unique<Key>(std::move(key)));
    active_ = find(active_id);
    if (active_ == nullptr) throw std::invalid_argument("the active key is not in the ring");
}

const Key* KeyRing::find(std::string_view id) const {
    for (const auto& key : keys_)
        if (key->id == id) return key.get();
    return nullptr;
}

Result<KeyRing, std::string> KeyRing::load(const std::filesystem::path& directory) {
    std::error_code error;
    if (!std::filesystem::is_directory(directory, error))
        return "there is no key directory " + directory.string() + " (csauthctl key init makes it)";

    std::vector<Key> keys;
    std::filesystem::directory_iterator entries{directory, error};
    if (error) return "the key directory " + directory.string() + " can't be read";
    for (const auto& entry : entries) {
        const std::filesystem::path& path = entry.path();
        if (path.extension() != kKeySuffix) continue;
        struct stat status {};
        if (::stat(path.c_str(), &status) != 0) return "the key file " + path.string() + " can't be read";
        if ((status.st_mode & S_IRWXO) != 0) return "the key file " + path.string() + " is open to everybody";
        const auto line = read_line(path);
        const auto bytes = line ? decode_base64url(*line) : std::nullopt;
        if (!bytes || !good_id(path.stem().string()))
            return "the key file " + path.string() + " is not a key: base64url on one line";
        if (bytes->size() < kLeastKeyBytes)
            return "the key in " + path.string() + " is shorter than " + std::to_string(kLeastKeyBytes) +
                   " bytes";
        keys.push_back(make_key(path.stem().string(), as_bytes(*bytes)));
    }

    const auto active = read_line(directory / kActiveFile);
    if (!active) return "there is no active key in " + directory.string() + " (csauthctl key init makes one)";
    if (std::none_of(keys.begin(), keys.end(), [&](const Key& key) { return key.id == *active; }))
        return "the active key of " + directory.string() + " is not in it";
    return KeyRing{std::move(keys), *active};
}

bool KeyRing::create(const std::filesystem::path& directory, Random& random) {
    std::filesystem::create_directories(directory);
    if (std::filesystem::exists(directory / kActiveFile)) return false;
    const std::string id = hex(random.bytes<4>());
    const Secret key{base64url(as_text(random.bytes<kLeastKeyBytes>()))};
    write_file(directory / (id + std::string{kKeySuffix}), key.reveal(), kKeyMode);
    write_file(directory / kActiveFile, id, kKeyMode);
    return true;
}

}  // namespace csauth::crypto
