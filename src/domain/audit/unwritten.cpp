#include "audit/unwritten.h"

#include <atomic>
#include <new>

namespace csauth::audit {

struct Unwritten::Shared {
    std::atomic<std::uint64_t> count = 0;
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
};

Unwritten::Unwritten()
    : region_{sizeof(Shared), "the count of refusals"}, shared_{new (region_.data()) Shared} {}

void Unwritten::note() { shared_->count.fetch_add(1, std::memory_order_relaxed); }

std::uint64_t Unwritten::take() { return shared_->count.exchange(0, std::memory_order_relaxed); }

void Unwritten::give_back(std::uint64_t count) { shared_->count.fetch_add(count, std::memory_order_relaxed); }

}  // namespace csauth::audit
