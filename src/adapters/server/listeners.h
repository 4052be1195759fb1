#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace csauth::server {

struct ListenerSpec {
    std::string name;  ///< "api": the socket is <run_dir>/api.sock
    int backlog;
};

/// Takes the lock of a run directory, so that a second master on the same sockets refuses to start; held
/// until the descriptor is closed. Throws when somebody holds it.
UniqueFd lock_run_dir(const std::string& run_dir);

/// Writes this process's number to <run_dir>/csauthd.pid, as a new file. Call it while the lock is held.
/// Throws when the file can't be made.
void write_pid_file(const std::string& run_dir);
void remove_pid_file(const std::string& run_dir);

struct Listener {
    UniqueFd fd;
    bool is_inherited = false;  ///< from systemd, which goes on listening after us
};
using Listeners = std::map<std::string, Listener>;

/// Unix sockets that nginx connects to, by name: those that systemd handed over (LISTEN_FDS with
/// LISTEN_FDNAMES), or our own, of mode 0660 and group `group`. Non-blocking, closed on exec.
Listeners open_listeners(const std::string& run_dir, const std::string& group,
                         const std::vector<ListenerSpec>& specs);

}  // namespace csauth::server
