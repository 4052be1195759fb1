#include "images/sandbox.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstddef>

namespace csauth::images {
namespace {

#if defined(__x86_64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr unsigned kArchitecture = 0;  // no filter is known
#endif

constexpr std::array kAllowed {
    SYS_read, SYS_write, SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_brk, SYS_madvise, SYS_exit,
        SYS_exit_group, SYS_futex, SYS_ppoll, SYS_rt_sigreturn, SYS_getrandom, SYS_clock_gettime,
#if defined(__x86_64__)
        SYS_poll,
#endif
        SYS_sched_getaffinity, SYS_sysinfo
};

/// A classic BPF program: the right architecture, then one comparison for each call that is allowed.
[[maybe_unused]] bool filter_system_calls() {
    if (kArchitecture == 0) return true;
    constexpr std::size_t preamble = 4;
    std::array<sock_filter, preamble + 2 * kAllowed.size() + 1> program{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
    }};
    std::size_t at = preamble;
    for (const long call : kAllowed) {
        program.at(at++) = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(call), 0, 1);
        program.at(at++) = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    }
    program.at(at++) = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    const sock_fprog filter{static_cast<unsigned short>(at), program.data()};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

void limit(__rlimit_resource resource, rlim_t most) {
    const rlimit both{most, most};
    if (::setrlimit(resource, &both) != 0) ::_exit(1);
}

}  // namespace

void enter_sandbox(const SandboxLimits& limits) {
    limit(RLIMIT_CPU, static_cast<rlim_t>(limits.processor_time.count()));
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CORE, 0);
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) ::_exit(1);
#ifndef __SANITIZE_ADDRESS__
    limit(RLIMIT_AS, limits.memory);
    if (!filter_system_calls()) ::_exit(1);
#endif
}

void close_all_but(int fd) {
    const bool below = fd == 0 || ::close_range(0, static_cast<unsigned>(fd) - 1, 0) == 0;
    if (!below || ::close_range(static_cast<unsigned>(fd) + 1, ~0U, 0) != 0) ::_exit(1);
}

}  // namespace csauth::images
