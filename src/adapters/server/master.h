#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/outage.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "server/listeners.h"
#include "server/process.h"
#include "server/scoreboard.h"
#include "server/signals.h"

namespace csauth::server {

/// The processes that a master runs.
struct Plan {
    std::vector<ProcessSpec> roles;
    std::chrono::seconds drain_timeout{30};  ///< after SIGTERM, children that still run by then are killed
};

/// Reads the configuration again. Returns nullopt, after writing the reasons to the log, if it is not
/// acceptable.
using LoadPlan = std::function<std::optional<Plan>()>;

/// The first process. It forks the processes of a plan, restarts those that exit and kills those that miss a
/// deadline. It parses no request and opens no database.
///
/// SIGTERM, SIGINT and SIGQUIT drain: the children finish their work and leave. A second one kills them at
/// once. SIGHUP reloads the configuration, and SIGUSR1 reopens the logs.
///
/// A reload starts a new generation of processes. When all of them are ready, the old generation leaves. If
/// they are not ready within 30 seconds, the new generation leaves and the old one stays.
///
/// A child that served a request or lived for 5 seconds is restarted at once. Others are restarted after a
/// pause that doubles from 0.5 to 60 seconds.
class Master {
public:
    /// Forks the first generation. Call block_signals() before. In a child it does not return: the child
    /// exits with the result of ProcessSpec::run, or 70 after an exception.
    ///
    /// `reload` is called in the master on SIGHUP. `lock` keeps a second master away. Only the master holds
    /// it, so it is free when the master dies.
    Master(Plan plan, LoadPlan reload, Listeners listeners, UniqueFd lock, Log& log);

    /// Runs the master. Returns 0 when all children have left after a drain. In a child that it forks it does
    /// not return.
    int run();

private:
    struct Child {
        Slot* slot;
        std::size_t generation;
        const ProcessSpec* role;
        std::chrono::steady_clock::time_point born;
    };
    /// The children of one plan. Closing `lifeline` makes them leave.
    struct Generation {
        std::size_t number;
        Plan plan;
        UniqueFd lifeline_read;
        UniqueFd lifeline_write;
    };
    /// A process to start again at a moment.
    struct Respawn {
        const ProcessSpec* role;
        std::size_t generation;
        std::chrono::steady_clock::time_point at;
    };

    /// Makes a generation the newest and forks its processes.
    void begin_generation(Plan plan);
    void spawn(const Generation& generation, const ProcessSpec& role);
    [[noreturn]] void become_child(const Generation& generation, const ProcessSpec& role, Slot& slot);
    void take_signals();
    void reap();

    /// Logs an exit that was not clean, and plans a restart unless the generation has been retired.
    void child_left(const Child& child, int status);

    /// Returns the pause before a restart, and counts early exits of the role.
    std::chrono::milliseconds respawn_wait(const Child& child);
    void spawn_due();
    void kill_overdue();
    void begin_reload();
    void finish_reload();
    void retire_newest();

    /// Begins the shutdown. On the second call kills all children.
    void drain();
    void signal_all(int signal) const;

    /// Returns true if all processes of the newest generation have started. `generation` is its number.
    bool is_ready(std::size_t generation) const;

    /// Returns nullptr if the generation has ended.
    Generation* find_generation(std::size_t number);

    LoadPlan reload_;
    Listeners listeners_;
    UniqueFd lock_;
    Log& log_;
    Scoreboard scoreboard_;
    SignalQueue signals_;
    std::vector<std::unique_ptr<Generation>>
        generations_;  // the last one is the present one, or becomes it when it is ready
    std::map<pid_t, Child> children_;
    std::vector<Respawn> respawns_;
    std::map<std::string, unsigned> early_deaths_;  // in a row, by role
    Outage fork_outage_{{.begun = "fork_failed", .ended = "forks_again", .settled = std::chrono::seconds{3}}};
    std::size_t next_generation_ = 1;
    std::optional<std::chrono::steady_clock::time_point> reload_deadline_;
    std::optional<std::chrono::steady_clock::time_point> drain_deadline_;
    bool announced_ = false;
};

}  // namespace csauth::server
