#pragma once

#include <chrono>
#include <cstddef>

namespace csauth::images {

/// What the process may use from then on.
struct SandboxLimits {
    std::size_t memory;                   ///< bytes of address space; a request for more is refused
    std::chrono::seconds processor_time;  ///< after this the kernel kills the process
};

/// Takes all rights from this process but to compute, to take memory, and to read and write open descriptors.
/// It can't be undone. Any other system call kills the process (seccomp(2), on x86-64 and ARM64). Under
/// AddressSanitizer there is no such filter and no limit of memory. Ends the process if a limit can't be set.
void enter_sandbox(const SandboxLimits& limits);

/// Closes every descriptor but `fd`. Ends the process if that fails.
void close_all_but(int fd);

}  // namespace csauth::images
