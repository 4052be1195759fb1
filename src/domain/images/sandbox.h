#pragma once

#include <chrono>
#include <cstddef>

namespace csauth::images {

struct SandboxLimits {
    std::size_t memory;                   ///< bytes of address space; more is refused
    std::chrono::seconds processor_time;  ///< past it the kernel kills
};

/// From here on this process can compute, take memory, and read and write what is open; every other system
/// call kills it (seccomp(2), on x86-64 and ARM64). Not under sanitizers, which need more than that.
void enter_sandbox(const SandboxLimits& limits);

/// Closes every descriptor but this one, or ends the process.
void close_all_but(int fd);

}  // namespace csauth::images
