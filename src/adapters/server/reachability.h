#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace csauth::server {

/// A user as the kernel sees it when it checks file permissions.
struct Identity {
    std::string name;
    uid_t uid;
    std::vector<gid_t> groups;  ///< the primary group and all others
};

/// Returns the user of that name, or nullopt if there is none. Asks the system's user database.
std::optional<Identity> identity_of(const std::string& name);

/// Returns why `user` can't connect to the Unix socket at `path`, and what to do. Looks at the mode, owner
/// and group of each directory on the way and of the socket. Returns nullopt if the user can connect, and
/// also if this is unknown: the socket does not exist yet, we may not look, or an ACL decides.
std::optional<std::string> why_unreachable(const std::string& path, const Identity& user);

/// Returns the path that a listening Unix socket is bound to; empty if it has none.
std::string path_of_socket(int fd);

}  // namespace csauth::server
