#include "base/name_lookup.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>
#include <thread>
#include <vector>

#include "base/unique_fd.h"

namespace csauth {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenQuestions{100};  // between two calls of wants_to_leave

/// One lookup. Its thread and the calls that wait for it share it, and the last of them frees it.
struct Lookup {
    std::string host;
    std::string service;
    BlockingLookup blocking;
    pid_t process = ::getpid();
    UniqueFd done{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::atomic<bool> is_finished{false};
    int error = 0;  // this and `addresses` may be read only once is_finished is true
    Addresses addresses;

    void run() {
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        error = blocking(host.c_str(), service.c_str(), &hints, &found);
        if (error == 0)
            addresses =
                Addresses{found, [](const addrinfo* list) { ::freeaddrinfo(const_cast<addrinfo*>(list)); }};
        is_finished.store(true);
        const std::uint64_t one = 1;
        (void)!::write(done.get(), &one, sizeof one);
    }
};

/// The lookups of this process that have not finished.
std::vector<std::shared_ptr<Lookup>>& hanging() {
    static std::vector<std::shared_ptr<Lookup>> lookups;
    // A forked child has the list of its parent, but not the threads.
    std::erase_if(lookups, [](const auto& lookup) {
        return lookup->is_finished.load() || lookup->process != ::getpid();
    });
    return lookups;
}

/// Blocks all signals while a thread is started. A thread inherits this mask, so no signal of the process is
/// delivered to it.
class AllSignalsBlocked {
public:
    AllSignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~AllSignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    AllSignalsBlocked(const AllSignalsBlocked&) = delete;
    AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

private:
    sigset_t before_{};
};

std::shared_ptr<Lookup> start(const std::string& host, const std::string& service, BlockingLookup blocking) {
    auto lookup = std::make_shared<Lookup>();
    lookup->host = host;
    lookup->service = service;
    lookup->blocking = blocking;
    if (!lookup->done) return nullptr;
    const AllSignalsBlocked blocked;
    try {
        std::thread{[lookup] { lookup->run(); }}.detach();
    } catch (const std::system_error&) {
        return nullptr;  // no more threads
    }
    return lookup;
}

/// Returns the addresses if the host is numeric, such as 192.0.2.1 or ::1, otherwise null.
Addresses numeric(const std::string& host, const std::string& service) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), service.c_str(), &hints, &found) != 0) return nullptr;
    return {found, [](const addrinfo* list) { ::freeaddrinfo(const_cast<addrinfo*>(list)); }};
}

}  // namespace

Result<Addresses, std::string> resolve(const std::string& host, unsigned port,
                                       steady_clock::time_point deadline,
                                       const std::function<bool()>& wants_to_leave, BlockingLookup blocking) {
    const std::string service = std::to_string(port);
    if (auto addresses = numeric(host, service)) return addresses;

    auto& lookups = hanging();
    const auto same = std::find_if(lookups.begin(), lookups.end(), [&](const auto& lookup) {
        return lookup->host == host && lookup->service == service;
    });
    std::shared_ptr<Lookup> lookup = same == lookups.end() ? nullptr : *same;
    if (!lookup) {
        if (lookups.size() >= kMostHangingLookups) return std::string{"too many name lookups hang"};
        lookup = start(host, service, blocking);
        if (!lookup) return std::string{"no thread could be started for the name lookup"};
        lookups.push_back(lookup);
    }
    while (!lookup->is_finished.load()) {
        if (wants_to_leave && wants_to_leave())
            return std::string{"the name lookup was given up: the process leaves"};
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
        if (left.count() <= 0) return std::string{"the name servers did not answer in time"};
        pollfd done{lookup->done.get(), POLLIN, 0};
        const auto slice = wants_to_leave ? std::min(left, kBetweenQuestions)
                                          : std::min(left, std::chrono::milliseconds{60'000});
        (void)::poll(&done, 1, static_cast<int>(slice.count()) + 1);
    }
    if (lookup->error != 0) return std::string{::gai_strerror(lookup->error)};
    return lookup->addresses;
}

}  // namespace csauth
