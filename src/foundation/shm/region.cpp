#include "shm/region.h"

#include <sys/mman.h>

#include <cerrno>
#include <system_error>

namespace csauth::shm {

Region::Region(std::size_t size, const char* purpose)
    : data_{::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)}, size_{size} {
    if (data_ == MAP_FAILED) throw std::system_error(errno, std::generic_category(), purpose);
}

Region::~Region() { ::munmap(data_, size_); }

void Region::hide_from_children() const { (void)::madvise(data_, size_, MADV_DONTFORK); }

}  // namespace csauth::shm
