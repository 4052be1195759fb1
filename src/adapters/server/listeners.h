#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace csauth::server {

/// A socket to open.
struct ListenerSpec {
    std::string name;  ///< "api": the socket is <run_dir>/api.sock
    int backlog;       ///< connections that may wait, for listen(2)
};

/// Takes the lock of a run directory, so that a second master on the same sockets refuses to start. Makes the
/// directory if it is missing. The lock is held until every copy of the descriptor is closed. Throws
/// std::runtime_error if another process holds it, or if the directory or the file can't be opened safely.
UniqueFd lock_run_dir(const std::string& run_dir);

/// Writes the number of this process to a new file <run_dir>/csauthd.pid. Call it while the lock is held.
/// Throws if the file can't be written.
void write_pid_file(const std::string& run_dir);

/// Removes that file. Ignores errors.
void remove_pid_file(const std::string& run_dir);

/// A listening socket.
struct Listener {
    UniqueFd fd;
    bool is_inherited = false;  ///< true if systemd opened it; systemd then listens on after we stop
};
/// Listening sockets by name, such as "api".
using Listeners = std::map<std::string, Listener>;

/// Opens the Unix sockets that nginx connects to. Takes those that systemd handed over (LISTEN_FDS with
/// LISTEN_FDNAMES), and makes the others with mode 0660 and group `group`; empty: our own group. A backlog is
/// only for sockets that it makes. All are non-blocking and close on exec.
///
/// Call it once, while the lock is held: it replaces sockets that a killed master left, and unsets the
/// variables of systemd. Throws if a socket can't be made or the group does not exist.
Listeners open_listeners(const std::string& run_dir, const std::string& group,
                         const std::vector<ListenerSpec>& specs);

}  // namespace csauth::server
