#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/log.h"
#include "server/scoreboard.h"
#include "server/signals.h"

namespace csauth::server {

/// What a child process has of its master.
struct Process {
    int lifeline;  ///< end of file: leave after what is being done. Also when the master has died.
    int listener;  ///< -1 where the role has none
    Slot& slot;
    const Scoreboard& scoreboard;
    Log& log;
    SignalQueue& signals;
};

/// One kind of child.
struct ProcessSpec {
    std::string name;
    unsigned count = 1;
    int niceness = 0;                  ///< how far it stands behind others (server/niceness.h)
    std::string listener;              ///< the name of its socket, if it has one
    std::function<int(Process&)> run;  ///< in the child; what it returns is the exit status
};

enum class Wake { leave, time_out, readable };

/// Sleeps until the master wants us to leave, `fd` (where not -1) is readable, or the time is up. Marks the
/// slot as idle meanwhile; reopens the log when asked to.
Wake wait(Process& process, int fd, std::chrono::milliseconds time_out);

}  // namespace csauth::server
