#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/log.h"
#include "server/scoreboard.h"
#include "server/signals.h"

namespace csauth::server {

/// What the master hands to a child process. The master owns all of it.
struct Process {
    int lifeline;  ///< at end of file, finish the current work and leave; it is also there if the master died
    int listener;  ///< the listening socket; -1 if the role has none
    Slot& slot;    ///< of this process
    const Scoreboard& scoreboard;
    Log& log;
    SignalQueue& signals;  ///< SIGTERM: leave; SIGUSR1: reopen the log
};

/// One kind of child.
struct ProcessSpec {
    std::string name;                  ///< "api"; for the log and `ps`
    unsigned count = 1;                ///< how many of it run
    int niceness = 0;                  ///< for stand_behind_others() of server/niceness.h; 0: not called
    std::string listener;              ///< the name of its socket; empty if it has none
    std::function<int(Process&)> run;  ///< runs in the child and returns its exit status
};

/// Why wait() returned.
enum class Wake { leave, time_out, readable };

/// Waits until the process must leave, `fd` is readable, or the time is up. `fd` may be -1. Sets the slot to
/// idle and clears its deadline, and reopens the log on SIGUSR1. Leaving comes before readable. Throws
/// std::system_error if poll(2) fails.
Wake wait(Process& process, int fd, std::chrono::milliseconds time_out);

}  // namespace csauth::server
