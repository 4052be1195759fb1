#include "crypto/kept_memory.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#if !defined(__SANITIZE_ADDRESS__)

namespace {

constexpr std::size_t kArgonStep = 4;  // KiB: RFC 9106, 3.2, with one lane
constexpr std::size_t kHugePage = std::size_t{2} * 1024 * 1024;

struct Kept {
    void* begin = nullptr;
    std::size_t bytes = 0;
    bool is_taken = false;
};
Kept kept;

void* map(void* address, std::size_t bytes, int protection, int flags, int fd, off_t offset) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): it is what the kernel gives
    return reinterpret_cast<void*>(::syscall(SYS_mmap, address, bytes, protection, flags, fd, offset));
}

}  // namespace

// The definitions of the program replace those of the C library, also for libsodium.
extern "C" void* mmap(void* address, std::size_t bytes, int protection, int flags, int fd,
                      off_t offset) noexcept {
    const bool fits = address == nullptr && bytes == kept.bytes && bytes > 0 && fd == -1 &&
                      protection == (PROT_READ | PROT_WRITE) && (flags & MAP_PRIVATE) != 0;
    if (!fits || kept.is_taken) return map(address, bytes, protection, flags, fd, offset);
    kept.is_taken = true;
    return kept.begin;
}

extern "C" int munmap(void* address, std::size_t bytes) noexcept {
    if (address != nullptr && address == kept.begin && bytes == kept.bytes) {
        kept.is_taken = false;
        return 0;
    }
    return static_cast<int>(::syscall(SYS_munmap, address, bytes));
}

namespace csauth::crypto {

void keep_hash_memory(std::size_t memory_kib) {
    const std::size_t bytes = memory_kib / kArgonStep * kArgonStep * 1024;
    kept = {};
    if (bytes == 0) return;
    const std::size_t room = bytes + kHugePage;
    void* const mapped = map(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return;  // libsodium then maps the memory itself
    const auto address = reinterpret_cast<std::uintptr_t>(mapped);
    const std::size_t before = (kHugePage - address % kHugePage) % kHugePage;
    auto* const begin = static_cast<std::byte*>(mapped) + before;
    ::madvise(begin, bytes, MADV_HUGEPAGE);
    ::madvise(begin, bytes, MADV_DONTDUMP);
    ::madvise(begin, bytes, MADV_DONTFORK);
    kept = {.begin = begin, .bytes = bytes};
}

}  // namespace csauth::crypto

#else

namespace csauth::crypto {

void keep_hash_memory(std::size_t /*memory_kib*/) {}

}  // namespace csauth::crypto

#endif
