#include "limits/hash_turns.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

namespace csauth::limits {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 50ms;  // the time between two looks at the count of other requests
constexpr timespec kLongestSleep{.tv_sec = 0, .tv_nsec = 100'000'000};

constexpr std::size_t kCacheLine = 64;

}  // namespace

struct HashTurns::Shared {
    alignas(kCacheLine) std::atomic<std::uint64_t> other_requests;
    alignas(kCacheLine) std::atomic<std::uint32_t> given_back;  ///< counts calls of give_back(); a futex
    std::array<std::atomic<pid_t>, kMost> holders;
};

HashTurns::HashTurns(std::size_t turns, const Clock& clock)
    : turns_{std::clamp<std::size_t>(turns, 1, kMost)},
      clock_{clock},
      region_{sizeof(Shared), "memory for the turns of hashing"},
      shared_{new (region_.data()) Shared{}} {}

std::span<std::atomic<pid_t>> HashTurns::holders() const { return std::span{shared_->holders}.first(turns_); }

void HashTurns::note_other_request() { shared_->other_requests.fetch_add(1, std::memory_order_relaxed); }

void HashTurns::take() {
    for (;;) {
        const auto seen = shared_->given_back.load();
        if (try_take()) return;
        free_those_of_the_dead();
        if (try_take()) return;
        // A futex of the kernel, because std::atomic::wait() wakes threads of its own process only.
        ::syscall(SYS_futex, &shared_->given_back, FUTEX_WAIT, seen, &kLongestSleep, nullptr, 0);
    }
}

bool HashTurns::try_take() {
    const auto turns = others_need_a_core() ? std::max<std::size_t>(turns_ - 1, 1) : turns_;
    for (auto& holder : holders().first(turns)) {
        pid_t nobody = 0;
        if (holder.compare_exchange_strong(nobody, ::getpid())) return true;
    }
    return false;
}

void HashTurns::give_back() {
    const pid_t self = ::getpid();
    for (auto& holder : holders())
        if (holder.load() == self) holder.store(0);
    shared_->given_back.fetch_add(1);
    ::syscall(SYS_futex, &shared_->given_back, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

bool HashTurns::others_need_a_core() {
    const auto now = clock_.uptime();
    if (const auto passed = now - seen_at_; passed >= kLook) {
        const auto requests = shared_->other_requests.load(std::memory_order_relaxed);
        others_need_a_core_ = (requests - seen_requests_) * 1000 >
                              kRequestsThatNeedACore * static_cast<std::uint64_t>(passed.count());
        seen_requests_ = requests;
        seen_at_ = now;
    }
    return others_need_a_core_;
}

void HashTurns::free_those_of_the_dead() {
    for (auto& holder : holders()) {
        pid_t pid = holder.load();
        if (pid != 0 && ::kill(pid, 0) != 0 && errno == ESRCH) holder.compare_exchange_strong(pid, 0);
    }
}

}  // namespace csauth::limits
