#include "base/bell.h"

#include <sys/eventfd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace csauth {

Bell::Bell() : fd_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
    if (!fd_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void Bell::ring() const {
    const std::uint64_t once = 1;
    (void)!::write(fd_.get(), &once, sizeof once);
}

void Bell::silence() const {
    std::uint64_t times = 0;
    (void)!::read(fd_.get(), &times, sizeof times);
}

}  // namespace csauth
