#include "server/worker.h"

#include <poll.h>
#include <pwd.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <map>
#include <span>
#include <system_error>

#include "base/clock.h"
#include "base/random.h"
#include "server/fcgi.h"

namespace csauth::server {
namespace {

using namespace std::chrono_literals;

// nginx buffers bodies, so it sends a request at once. A peer that is silent for this long is not nginx.
constexpr timeval kReceiveTimeout{.tv_sec = 2, .tv_usec = 0};
constexpr timeval kSendTimeout{.tv_sec = 15, .tv_usec = 0};

constexpr auto kLongestFarewell = 5s;
constexpr std::size_t kMostKept = 512;

class Worker {
public:
    Worker(Process& process, const WorkerPolicy& policy, const Serve& serve)
        : process_{process}, policy_{policy}, serve_{serve}, epoll_{::epoll_create1(EPOLL_CLOEXEC)} {
        watch(process.listener, EPOLLIN | EPOLLEXCLUSIVE);  // one connection wakes one worker
        watch(process.lifeline, EPOLLIN);
        watch(process.signals.fd(), EPOLLIN);
        // The random part keeps workers that started together from leaving together.
        SystemRandom random;
        requests_left_ = policy.max_requests + random.below(policy.max_requests / 10 + 1);
        process.log.gather();
    }

    int run() {
        while (requests_left_ > 0) {
            process_.slot.state.store(SlotState::idle);
            process_.log.flush();
            for (const epoll_event& event : wait_for_work()) {
                const int fd = event.data.fd;
                if (fd == process_.lifeline || (fd == process_.signals.fd() && is_told_to_leave())) {
                    empty_queues();
                    process_.log.flush();
                    return 0;
                }
                if (fd == process_.listener)
                    (void)take_connection();
                else if (fd != process_.signals.fd())
                    serve_kept(fd, event.events);
            }
        }
        serve_all_kept();
        process_.log.flush();
        return 0;
    }

private:
    void watch(int fd, std::uint32_t events) {
        epoll_event event{};
        event.events = events;
        event.data.fd = fd;
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
            throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }

    std::span<const epoll_event> wait_for_work() {
        const int count = ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), -1);
        if (count < 0 && errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "epoll_wait");
        return std::span{events_}.first(static_cast<std::size_t>(std::max(count, 0)));
    }

    bool is_told_to_leave() {
        while (const auto signal = process_.signals.next()) {
            if (*signal == SIGTERM) return true;
            if (*signal == SIGUSR1) process_.log.reopen();
        }
        return false;
    }

    /// Serves connections that are waiting, because their wake-up may have gone to this worker alone. If
    /// other workers serve the socket too, as after a reload, new connections keep arriving: hence the time
    /// limit.
    void empty_queues() {
        process_.slot.state.store(SlotState::leaving);
        const auto enough = std::chrono::steady_clock::now() + kLongestFarewell;
        while (std::chrono::steady_clock::now() < enough && take_connection())
            ;
        serve_all_kept();
    }

    /// Serves requests that have arrived on kept connections. A later request finds its connection closed. No
    /// worker has read it, so nginx sends it to another one.
    void serve_all_kept() {
        std::vector<int> fds;
        for (const auto& [fd, connection] : kept_)
            fds.push_back(fd);
        for (const int fd : fds) {
            pollfd look{fd, POLLIN | POLLRDHUP, 0};
            if (::poll(&look, 1, 0) > 0) serve_kept(fd, static_cast<std::uint32_t>(look.revents));
        }
    }

    /// Accepts one connection and serves its first request. Returns false if no connection was waiting.
    bool take_connection() {
        UniqueFd connection{::accept4(process_.listener, nullptr, nullptr, SOCK_CLOEXEC)};
        if (!connection) return false;  // another worker was faster, or descriptors are short
        if (!may_connect(connection.get(), policy_.peers)) {
            peers_outage_.failed(process_.log, SystemClock{}.uptime(), kPeerRefused);
            return true;
        }
        peers_outage_.succeeded(process_.log, SystemClock{}.uptime());
        ::setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &kReceiveTimeout, sizeof kReceiveTimeout);
        ::setsockopt(connection.get(), SOL_SOCKET, SO_SNDTIMEO, &kSendTimeout, sizeof kSendTimeout);
        if (UniqueFd kept = serve(std::move(connection)); kept && kept_.size() < kMostKept) {
            watch(kept.get(), EPOLLIN | EPOLLRDHUP);
            const int fd = kept.get();
            kept_.emplace(fd, std::move(kept));
        }
        return true;
    }

    /// `events`: from epoll, or from poll, which has the same numbers.
    void serve_kept(int fd, std::uint32_t events) {
        const auto found = kept_.find(fd);
        if (found == kept_.end()) return;  // closed in this turn
        if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
            kept_.erase(found);  // nginx is done with it; closing also removes it from the epoll set
            return;
        }
        if (UniqueFd kept = serve(std::move(found->second)))
            found->second = std::move(kept);
        else
            kept_.erase(found);
    }

    /// Serves one request. Returns the connection if nginx may send another one on it.
    UniqueFd serve(UniqueFd connection) {
        process_.slot.state.store(SlotState::busy);
        process_.slot.set_deadline(policy_.request_deadline);
        UniqueFd kept;
        const auto request = fastcgi_.read(std::move(connection));
        if (request) {
            process_.slot.set_request_id(fastcgi_.known().id);
            const auto response =
                *request ? serve_(**request) : policy_.refuse(fastcgi_.known(), request->error());
            kept = fastcgi_.answer(response, *request && (*request)->method == "HEAD");
        } else {
            fastcgi_.drop();
        }
        process_.slot.clear_deadline();
        process_.slot.served.fetch_add(1);
        if (requests_left_ > 0) --requests_left_;
        return kept;
    }

    Process& process_;
    const WorkerPolicy& policy_;
    const Serve& serve_;
    UniqueFd epoll_;
    std::array<epoll_event, 64> events_;
    std::map<int, UniqueFd> kept_;  // connections that wait for nginx' next request
    Outage peers_outage_{kPeersOutage};
    FastCgi fastcgi_;
    unsigned requests_left_ = 0;
};

}  // namespace

bool may_connect(int connection, const std::vector<uid_t>& peers) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    return peer.uid == 0 || peer.uid == ::getuid() ||
           std::find(peers.begin(), peers.end(), peer.uid) != peers.end();
}

int run_worker(Process& process, const WorkerPolicy& policy, const Serve& serve) {
    return Worker{process, policy, serve}.run();
}

std::optional<uid_t> uid_of(const std::string& user) {
    const passwd* entry = ::getpwnam(user.c_str());
    return entry == nullptr ? std::nullopt : std::optional{entry->pw_uid};
}

}  // namespace csauth::server
