#include "server/master.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <system_error>

#include "base/clock.h"
#include "server/niceness.h"
#include "server/notify.h"

namespace csauth::server {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto kTick = 100ms;
constexpr auto kReloadPatience = 30s;
constexpr auto kForkRetry = 1s;

// A child that served a request, or lived this long, is restarted at once. Another one is restarted after a
// wait that doubles, so that a broken installation does not spin.
constexpr auto kLived = 5s;
constexpr std::chrono::milliseconds kFirstWait = 500ms;
constexpr std::chrono::milliseconds kLongestWait = 60s;

constexpr int kExitAfterException = 70;  // EX_SOFTWARE

}  // namespace

Master::Master(Plan plan, LoadPlan reload, Listeners listeners, UniqueFd lock, Log& log)
    : reload_{std::move(reload)},
      listeners_{std::move(listeners)},
      lock_{std::move(lock)},
      log_{log},
      signals_{SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGCHLD} {
    begin_generation(std::move(plan));
}

int Master::run() {
    log_.info("started");
    for (;;) {
        pollfd fd{signals_.fd(), POLLIN, 0};
        (void)::poll(&fd, 1, static_cast<int>(kTick.count()));
        take_signals();
        reap();
        kill_overdue();
        if (drain_deadline_) {
            if (children_.empty()) break;
            if (steady_clock::now() > *drain_deadline_) signal_all(SIGKILL);
            continue;
        }
        spawn_due();
        finish_reload();
        if (!announced_ && is_ready(generations_.back()->number)) {
            announced_ = true;
            log_.info("ready");
            notify_systemd("READY=1");
        }
    }
    log_.info("stopped");
    return 0;
}

void Master::begin_generation(Plan plan) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    generations_.push_back(std::make_unique<Generation>(
        Generation{next_generation_++, std::move(plan), UniqueFd{pipe[0]}, UniqueFd{pipe[1]}}));
    const Generation& generation = *generations_.back();
    for (const ProcessSpec& role : generation.plan.roles)
        for (unsigned i = 0; i < role.count; ++i)
            spawn(generation, role);
}

void Master::spawn(const Generation& generation, const ProcessSpec& role) {
    Slot& slot = scoreboard_.claim();
    const pid_t pid = ::fork();
    if (pid == 0) become_child(generation, role, slot);
    if (pid < 0) {
        Scoreboard::release(slot);
        fork_outage_.failed(log_, SystemClock{}.uptime(),
                            role.name + ": " + std::generic_category().message(errno));
        respawns_.push_back({&role, generation.number, steady_clock::now() + kForkRetry});
        return;
    }
    fork_outage_.succeeded(log_, SystemClock{}.uptime());
    slot.pid.store(pid);
    children_.emplace(pid, Child{&slot, generation.number, &role, steady_clock::now()});
}

void Master::become_child(const Generation& generation, const ProcessSpec& role, Slot& slot) {
    const int listener = role.listener.empty() ? -1 : listeners_.at(role.listener).fd.get();
    const int lifeline = generation.lifeline_read.get();
    // Only the master may hold the writing ends. When they close, a child knows that the master is gone.
    for (const auto& other : generations_)
        other->lifeline_write.reset();
    for (auto& [name, socket] : listeners_)
        if (socket.fd.get() != listener) socket.fd.reset();
    lock_.reset();
    ::prctl(PR_SET_NAME, ("csauthd:" + role.name).c_str());
    if (role.niceness != 0) stand_behind_others(role.niceness);
    log_.set_process(role.name);

    int status = kExitAfterException;
    try {
        SignalQueue signals{SIGTERM, SIGUSR1};
        Process process{lifeline, listener, slot, scoreboard_, log_, signals};
        status = role.run(process);
    } catch (const std::exception& e) {
        log_.error("process_failed", {{"what", e.what()}});
    }
    ::_exit(status);  // skips destructors and exit handlers, which belong to the master
}

void Master::take_signals() {
    while (const auto signal = signals_.next()) {
        switch (*signal) {
            case SIGTERM:
            case SIGINT:
            case SIGQUIT: drain(); break;
            case SIGHUP:
                if (!drain_deadline_) begin_reload();
                break;
            case SIGUSR1:
                log_.reopen();
                signal_all(SIGUSR1);
                break;
            default: break;  // SIGCHLD only ends the poll
        }
    }
}

void Master::reap() {
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
        const auto found = children_.find(pid);
        if (found == children_.end()) continue;
        const Child child = found->second;
        children_.erase(found);
        child_left(child, status);
        Scoreboard::release(*child.slot);
    }
    std::erase_if(generations_, [&](const auto& generation) {
        return generation != generations_.back() && !generation->lifeline_write &&
               std::none_of(children_.begin(), children_.end(),
                            [&](const auto& child) { return child.second.generation == generation->number; });
    });
}

void Master::child_left(const Child& child, int status) {
    const bool was_killed = WIFSIGNALED(status);
    const Generation* generation = find_generation(child.generation);
    const bool is_retired = drain_deadline_ || generation == nullptr || !generation->lifeline_write;
    const bool ended_well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!ended_well) {
        log_.error("process_died", {{"role", child.role->name},
                                    {"died_pid", child.slot->pid.load()},
                                    {"signal", was_killed ? WTERMSIG(status) : 0},
                                    {"exit_status", was_killed ? 0 : WEXITSTATUS(status)},
                                    {"request_id", child.slot->current_request_id()}});
    }
    if (!is_retired)
        respawns_.push_back({child.role, child.generation, steady_clock::now() + respawn_wait(child)});
}

std::chrono::milliseconds Master::respawn_wait(const Child& child) {
    unsigned& early = early_deaths_[child.role->name];
    if (child.slot->served.load() > 0 || steady_clock::now() - child.born > kLived) {
        early = 0;
        return 0ms;
    }
    constexpr unsigned doublings_to_longest = 7;
    return std::min(kLongestWait, kFirstWait * (1U << std::min(early++, doublings_to_longest)));
}

void Master::spawn_due() {
    const auto now = steady_clock::now();
    std::vector<Respawn> due;
    std::erase_if(respawns_, [&](const Respawn& respawn) {
        if (respawn.at > now) return false;
        due.push_back(respawn);
        return true;
    });
    for (const Respawn& respawn : due) {
        const Generation* generation = find_generation(respawn.generation);
        if (generation != nullptr && generation->lifeline_write) spawn(*generation, *respawn.role);
    }
}

void Master::kill_overdue() {
    for (const auto& [pid, child] : children_) {
        if (!child.slot->is_overdue()) continue;
        log_.error("process_overdue", {{"role", child.role->name},
                                       {"overdue_pid", pid},
                                       {"request_id", child.slot->current_request_id()}});
        child.slot->clear_deadline();
        ::kill(pid, SIGKILL);
    }
}

void Master::begin_reload() {
    if (reload_deadline_) {
        log_.warning("reload_ignored", {{"reason", "another one is under way"}});
        return;
    }
    notify_systemd("RELOADING=1");
    const auto before = generations_.size();
    try {
        if (auto plan = reload_()) {
            begin_generation(std::move(*plan));
            reload_deadline_ = steady_clock::now() + kReloadPatience;
            return;
        }
    } catch (const std::exception& e) {
        log_.error("reload_broke", {{"what", e.what()}});
        if (generations_.size() > before) retire_newest();
    }
    log_.error("reload_refused", {{"reason", "the old configuration stays"}});
    notify_systemd("READY=1");
}

/// Gives up the newest generation before it becomes the present one: makes its processes leave, and makes the
/// one before it the last of the list again.
void Master::retire_newest() {
    generations_.back()->lifeline_write.reset();
    std::rotate(generations_.begin(), generations_.end() - 1, generations_.end());
}

/// Retires the old processes if all new ones are ready, or the new ones if they are not ready by the
/// deadline. Otherwise does nothing.
void Master::finish_reload() {
    if (!reload_deadline_) return;
    Generation& newest = *generations_.back();
    if (is_ready(newest.number)) {
        for (const auto& generation : generations_)
            if (generation.get() != &newest) generation->lifeline_write.reset();
        log_.info("reloaded");
    } else if (steady_clock::now() > *reload_deadline_) {
        log_.error("reload_failed",
                   {{"reason", "the new processes did not become ready; the old ones stay"}});
        retire_newest();
    } else {
        return;
    }
    reload_deadline_.reset();
    notify_systemd("READY=1");
}

void Master::drain() {
    if (drain_deadline_) {
        log_.warning("stopping_now");
        signal_all(SIGKILL);
        return;
    }
    log_.info("stopping");
    notify_systemd("STOPPING=1");
    drain_deadline_ = steady_clock::now() + generations_.back()->plan.drain_timeout;
    // No connection enters the queues from now on. The workers still serve those that are waiting.
    for (auto& [name, socket] : listeners_)
        if (!socket.is_inherited) ::shutdown(socket.fd.get(), SHUT_RD);
    for (const auto& generation : generations_)
        generation->lifeline_write.reset();
}

void Master::signal_all(int signal) const {
    for (const auto& [pid, child] : children_)
        ::kill(pid, signal);
}

bool Master::is_ready(std::size_t generation) const {
    std::size_t ready = 0;
    for (const auto& [pid, child] : children_)
        if (child.generation == generation && child.slot->state.load() != SlotState::starting) ++ready;
    std::size_t wanted = 0;
    for (const auto& role : generations_.back()->plan.roles)
        wanted += role.count;
    return ready >= wanted;
}

Master::Generation* Master::find_generation(std::size_t number) {
    for (const auto& generation : generations_)
        if (generation->number == number) return generation.get();
    return nullptr;
}

}  // namespace csauth::server
