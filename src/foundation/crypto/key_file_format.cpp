#include "crypto/key_file_format.h"

#include <openssl/crypto.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/encoding.h"

namespace csauth::crypto {

bool is_key_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    });
}

std::string key_file_of(std::string_view id) { return std::string{id}.append(kKeySuffix); }

std::optional<Secret> read_key_line(int fd) {
    std::array<char, kLongestKeyFile> buffer{};
    std::size_t size = 0;
    ssize_t got = 0;
    while (size < buffer.size() && (got = ::read(fd, buffer.data() + size, buffer.size() - size)) != 0) {
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) break;
        size += static_cast<std::size_t>(got);
    }
    std::optional<Secret> line;
    const std::string_view text{buffer.data(), size};
    const auto end = text.find('\n');
    // A line that fills the buffer may go on.
    if (got >= 0 && (end != std::string_view::npos || size < buffer.size()))
        line.emplace(trimmed(text.substr(0, end)));
    OPENSSL_cleanse(buffer.data(), buffer.size());
    return line;
}

bool is_regular_file(int fd, struct stat& status) {
    return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace csauth::crypto
