#include "image_process.h"

#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "base/unique_fd.h"
#include "images/imager.h"

namespace csauth {
namespace {

using namespace std::chrono_literals;

constexpr auto kIdle = 60s;
constexpr auto kLongestPicture = images::kDecoderPatience + 10s;

/// Our own workers, and nobody else.
bool may_connect(int connection) {
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           (peer.uid == ::getuid() || peer.uid == 0);
}

}  // namespace

int run_imager(const Shared& shared, server::Process& process) {
    (void)::signal(SIGPIPE, SIG_IGN);
    shared.hide_from_children();
    process.scoreboard.hide_from_children();
    images::warm_up();
    // False when nobody waits.
    const auto serve_next = [&] {
        const UniqueFd connection{::accept4(process.listener, nullptr, nullptr, SOCK_CLOEXEC)};
        if (!connection) return false;
        if (!may_connect(connection.get())) return true;
        process.slot.state.store(server::SlotState::busy);
        process.slot.set_deadline(kLongestPicture);
        images::serve_picture(connection.get(), process.log);
        process.slot.served.fetch_add(1);
        return true;
    };
    while (server::wait(process, process.listener, kIdle) != server::Wake::leave)
        serve_next();
    while (serve_next())  // workers that leave too may be waiting for us
        ;
    return 0;
}

}  // namespace csauth
