#include "image_process.h"

#include <sys/socket.h>

#include <csignal>

#include "base/unique_fd.h"
#include "images/imager.h"
#include "server/worker.h"

namespace csauth {
namespace {

using namespace std::chrono_literals;

constexpr auto kIdle = 60s;
constexpr auto kLongestPicture = images::kDecoderPatience + 10s;

}  // namespace

int run_imager(const Shared& shared, server::Process& process) {
    (void)::signal(SIGPIPE, SIG_IGN);
    shared.hide_from_children();
    process.scoreboard.hide_from_children();
    images::warm_up();
    // Returns false if no worker is waiting.
    const auto serve_next = [&] {
        const UniqueFd connection{::accept4(process.listener, nullptr, nullptr, SOCK_CLOEXEC)};
        if (!connection) return false;
        if (!server::may_connect(connection.get(), {})) return true;  // our own workers only
        process.slot.state.store(server::SlotState::busy);
        process.slot.set_deadline(kLongestPicture);
        images::serve_picture(connection.get(), process.log);
        process.slot.served.fetch_add(1);
        return true;
    };
    while (server::wait(process, process.listener, kIdle) != server::Wake::leave)
        serve_next();
    while (serve_next())  // workers that are also leaving may wait for an answer
        ;
    return 0;
}

}  // namespace csauth
