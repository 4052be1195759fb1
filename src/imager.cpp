#include "imager.h"

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

int run_imager(server::Process& process) {
    (void)::signal(SIGPIPE, SIG_IGN);
    for (;;) {
        switch (server::wait(process, process.listener, kIdle)) {
            case server::Wake::leave: return 0;
            case server::Wake::time_out: continue;
            case server::Wake::readable: break;
        }
        const UniqueFd connection{::accept4(process.listener, nullptr, nullptr, SOCK_CLOEXEC)};
        if (!connection || !may_connect(connection.get())) continue;
        process.slot.state.store(server::SlotState::busy);
        process.slot.set_deadline(kLongestPicture);
        images::serve_picture(connection.get());
        process.slot.served.fetch_add(1);
    }
}

}  // namespace csauth
