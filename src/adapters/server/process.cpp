#include "server/process.h"

#include <poll.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace csauth::server {

Wake wait(Process& process, int fd, std::chrono::milliseconds time_out) {
    const auto end = std::chrono::steady_clock::now() + time_out;
    process.slot.clear_deadline();
    process.slot.state.store(SlotState::idle);
    bool has_looked = false;
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (left.count() < 0 || (time_out.count() == 0 && has_looked)) return Wake::time_out;
        std::array<pollfd, 3> fds{pollfd{process.lifeline, POLLIN, 0},
                                  pollfd{process.signals.fd(), POLLIN, 0}, pollfd{fd, POLLIN, 0}};
        const int ready =
            ::poll(fds.data(), fds.size(), static_cast<int>(time_out.count() == 0 ? 0 : left.count() + 1));
        if (ready < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
        if (fds[0].revents != 0) return Wake::leave;
        while (const auto signal = process.signals.next()) {
            if (*signal == SIGTERM) return Wake::leave;
            if (*signal == SIGUSR1) process.log.reopen();
        }
        if (fds[2].revents != 0) return Wake::readable;
        has_looked = true;
    }
}

}  // namespace csauth::server
