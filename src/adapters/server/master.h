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

/// What a master runs, and how patient it is.
struct Plan {
    std::vector<ProcessSpec> roles;
    std::chrono::seconds drain_timeout{30};
};

/// Reads the configuration anew. Nothing when it is not acceptable; the reasons are in the log then.
using LoadPlan = std::function<std::optional<Plan>()>;

/// Forks the processes of a plan and keeps them running: replaces who dies, kills who is past a deadline.
/// SIGTERM and SIGINT drain (a second one does not wait), SIGHUP reloads, SIGUSR1 reopens logs. It parses no
/// request and opens no database.
class Master {
public:
    /// `lock`: what keeps a second master away; held by the master alone, so that it is free when the master
    /// dies.
    Master(Plan plan, LoadPlan reload, Listeners listeners, UniqueFd lock, Log& log);

    /// Returns the exit status when all children have gone. In a child it does not return.
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
    struct Respawn {
        const ProcessSpec* role;
        std::size_t generation;
        std::chrono::steady_clock::time_point at;
    };

    void begin_generation(Plan plan);
    void spawn(const Generation& generation, const ProcessSpec& role);
    [[noreturn]] void become_child(const Generation& generation, const ProcessSpec& role, Slot& slot);
    void take_signals();
    void reap();
    void child_left(const Child& child, int status);
    std::chrono::milliseconds respawn_wait(const Child& child);
    void spawn_due();
    void kill_overdue();
    void begin_reload();
    void finish_reload();
    void retire_newest();
    void drain();
    void signal_all(int signal) const;
    bool is_ready(std::size_t generation) const;
    Generation* find_generation(std::size_t number);

    LoadPlan reload_;
    Listeners listeners_;
    UniqueFd lock_;
    Log& log_;
    Scoreboard scoreboard_;
    SignalQueue signals_;
    std::vector<std::unique_ptr<Generation>>
        generations_;  // the last one is, or is to become, the present one
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
