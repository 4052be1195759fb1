#include "server/worker.h"

#include <pwd.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "base/random.h"
#include "http/problem.h"
#include "server/fcgi.h"

namespace csauth::server {
namespace {

using namespace std::chrono_literals;

// nginx sends a request at once, as it buffers bodies. A peer that is silent for this long is not nginx.
constexpr timeval kReceiveTimeout{.tv_sec = 2, .tv_usec = 0};
constexpr timeval kSendTimeout{.tv_sec = 15, .tv_usec = 0};

constexpr auto kLongestFarewell = 5s;

/// Wakes up for connections, signals and the lifeline. EPOLLEXCLUSIVE: one connection wakes one worker.
UniqueFd make_epoll(const Process& process) {
    UniqueFd epoll{::epoll_create1(EPOLL_CLOEXEC)};
    const auto add = [&](int fd, std::uint32_t events) {
        epoll_event event{};
        event.events = events;
        event.data.fd = fd;
        if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0)
            throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    };
    add(process.listener, EPOLLIN | EPOLLEXCLUSIVE);
    add(process.lifeline, EPOLLIN);
    add(process.signals.fd(), EPOLLIN);
    return epoll;
}

bool may_connect(int connection, const std::vector<uid_t>& peers) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    return peer.uid == 0 || peer.uid == ::getuid() ||
           std::find(peers.begin(), peers.end(), peer.uid) != peers.end();
}

class Worker {
public:
    Worker(Process& process, const WorkerPolicy& policy, const Serve& serve)
        : process_{process}, policy_{policy}, serve_{serve}, epoll_{make_epoll(process)} {
        // So that workers which began together do not all leave together.
        SystemRandom random;
        requests_left_ = policy.max_requests + random.below(policy.max_requests / 10 + 1);
    }

    int run() {
        while (requests_left_ > 0) {
            process_.slot.state.store(SlotState::idle);
            switch (wait_for_connection()) {
                case Wake::leave: empty_queue(); return 0;
                case Wake::readable: (void)take_connection(); break;
                case Wake::time_out: break;
            }
        }
        return 0;
    }

private:
    Wake wait_for_connection() {
        std::array<epoll_event, 3> events;
        const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
        if (count < 0 && errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "epoll_wait");
        auto wake = Wake::time_out;
        for (int i = 0; i < count; ++i) {
            const int fd = events.at(static_cast<std::size_t>(i)).data.fd;
            if (fd == process_.lifeline) return Wake::leave;
            if (fd == process_.signals.fd()) {
                while (const auto signal = process_.signals.next()) {
                    if (*signal == SIGTERM) return Wake::leave;
                    if (*signal == SIGUSR1) process_.log.reopen();
                }
            }
            if (fd == process_.listener) wake = Wake::readable;
        }
        return wake;
    }

    /// Serves who has connected already: the wake-up for a connection may have gone to us alone. When others
    /// serve the socket too, as after a reload, there is no end to that: hence the bound.
    void empty_queue() {
        process_.slot.state.store(SlotState::leaving);
        const auto enough = std::chrono::steady_clock::now() + kLongestFarewell;
        while (std::chrono::steady_clock::now() < enough && take_connection())
            ;
    }

    /// False when there was none to take.
    bool take_connection() {
        UniqueFd connection{::accept4(process_.listener, nullptr, nullptr, SOCK_CLOEXEC)};
        if (!connection) return false;  // another worker was faster, or descriptors are short
        if (!may_connect(connection.get(), policy_.peers)) {
            process_.log.warning("peer_refused");
            return true;
        }
        ::setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &kReceiveTimeout, sizeof kReceiveTimeout);
        ::setsockopt(connection.get(), SOL_SOCKET, SO_SNDTIMEO, &kSendTimeout, sizeof kSendTimeout);

        process_.slot.state.store(SlotState::busy);
        process_.slot.set_deadline(policy_.request_deadline);
        const auto request = fastcgi_.read(std::move(connection));
        if (request) {
            process_.slot.set_request_id(fastcgi_.request_id());
            const auto response =
                *request ? serve_(**request) : http::problem(request->error(), fastcgi_.request_id());
            fastcgi_.answer(response, *request && (*request)->method == "HEAD");
        } else {
            fastcgi_.drop();
        }
        process_.slot.clear_deadline();
        process_.slot.served.fetch_add(1);
        if (requests_left_ > 0) --requests_left_;
        return true;
    }

    Process& process_;
    const WorkerPolicy& policy_;
    const Serve& serve_;
    UniqueFd epoll_;
    FastCgi fastcgi_;
    unsigned requests_left_ = 0;
};

}  // namespace

int run_worker(Process& process, const WorkerPolicy& policy, const Serve& serve) {
    return Worker{process, policy, serve}.run();
}

std::optional<uid_t> uid_of(const std::string& user) {
    const passwd* entry = ::getpwnam(user.c_str());
    return entry == nullptr ? std::nullopt : std::optional{entry->pw_uid};
}

}  // namespace csauth::server
