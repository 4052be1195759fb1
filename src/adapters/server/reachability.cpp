#include "server/reachability.h"

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace csauth::server {
namespace {

namespace fs = std::filesystem;

// One of the three digits of a mode.
constexpr mode_t kWrite = 2;
constexpr mode_t kSearch = 1;
constexpr unsigned kOwnerShift = 6;
constexpr unsigned kGroupShift = 3;

/// Returns true if `user` has the right on the file. As in the kernel, the first rule that applies decides:
/// an owner without the right is refused although others have it.
bool may(mode_t right, const struct stat& file, const Identity& user) {
    if (user.uid == 0) return true;
    const bool in_group = std::find(user.groups.begin(), user.groups.end(), file.st_gid) != user.groups.end();
    const unsigned shift = user.uid == file.st_uid ? kOwnerShift : in_group ? kGroupShift : 0;
    return (file.st_mode & (right << shift)) != 0;
}

bool has_acl(const fs::path& path) {
    return ::getxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) > 0;
}

std::string name_of_user(uid_t uid) {
    const passwd* entry = ::getpwuid(uid);
    return entry == nullptr ? std::to_string(uid) : entry->pw_name;
}

std::string name_of_group(gid_t gid) {
    const group* entry = ::getgrgid(gid);
    return entry == nullptr ? std::to_string(gid) : entry->gr_name;
}

/// "/run/csauth (csauth:csauth, mode 0700)"
std::string described(const fs::path& path, const struct stat& file) {
    constexpr mode_t permissions = 07777;
    std::array<char, 8> mode{};
    (void)std::snprintf(mode.data(), mode.size(), "%04o", static_cast<unsigned>(file.st_mode & permissions));
    return path.string() + " (" + name_of_user(file.st_uid) + ':' + name_of_group(file.st_gid) + ", mode " +
           mode.data() + ')';
}

/// Returns the directory and all above it, the root first.
std::vector<fs::path> directories_to(const fs::path& directory) {
    std::vector<fs::path> all;
    for (fs::path path = directory;; path = path.parent_path()) {
        all.push_back(path);
        if (path == path.root_path()) break;
    }
    std::reverse(all.begin(), all.end());
    return all;
}

}  // namespace

std::optional<Identity> identity_of(const std::string& name) {
    const passwd* entry = ::getpwnam(name.c_str());
    if (entry == nullptr) return std::nullopt;
    Identity user{name, entry->pw_uid, {}};
    const gid_t primary = entry->pw_gid;
    int count = 0;
    ::getgrouplist(name.c_str(), primary, nullptr, &count);  // fails, and says how many there are
    user.groups.resize(static_cast<std::size_t>(std::max(count, 1)));
    count = static_cast<int>(user.groups.size());
    if (::getgrouplist(name.c_str(), primary, user.groups.data(), &count) < 0)
        user.groups = {primary};
    else
        user.groups.resize(static_cast<std::size_t>(count));
    return user;
}

std::optional<std::string> why_unreachable(const std::string& path, const Identity& user) {
    std::error_code error;
    // nginx may be configured with another name of the same place, such as /var/run; the real one counts.
    const fs::path directory = fs::canonical(fs::path{path}.parent_path(), error);
    if (error) return std::nullopt;
    struct stat file {};
    for (const auto& each : directories_to(directory)) {
        if (::stat(each.c_str(), &file) != 0) return std::nullopt;
        if (may(kSearch, file, user) || has_acl(each)) continue;
        return user.name + " can't search the directory " + described(each, file) +
               ", so nginx can't reach the sockets: run chmod o+x " + each.string() +
               ", or set server.nginx_user to the user of nginx' workers";
    }
    const fs::path socket = directory / fs::path{path}.filename();
    if (::stat(socket.c_str(), &file) != 0 || !S_ISSOCK(file.st_mode)) return std::nullopt;
    if (may(kWrite, file, user) || has_acl(socket)) return std::nullopt;
    return user.name + " can't connect to the socket " + described(socket, file) +
           ": set SocketGroup= of its systemd unit, or server.socket_group without systemd, to a group of " +
           user.name + " and restart the socket; or set server.nginx_user to the user of nginx' workers";
}

std::string path_of_socket(int fd) {
    sockaddr_un address{};
    socklen_t size = sizeof address;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
        address.sun_family != AF_UNIX || size <= offsetof(sockaddr_un, sun_path))
        return {};
    address.sun_path[sizeof address.sun_path - 1] = '\0';
    return address.sun_path;
}

}  // namespace csauth::server
