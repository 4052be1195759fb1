#pragma once

#include <cstddef>

namespace csauth::shm {

/// Zeroed memory that this process shares with those it forks from now on. The owner unmaps it in its own
/// process only.
class Region {
public:
    /// Throws std::system_error with `purpose` if there is not enough memory. `size` is in bytes.
    Region(std::size_t size, const char* purpose);
    ~Region();
    Region(const Region&) = delete;
    Region& operator=(const Region&) = delete;

    /// Returns the first byte, which is at the start of a page.
    void* data() const { return data_; }

    /// Leaves the region out of processes that are forked from now on. They must not touch it.
    void hide_from_children() const;

private:
    void* data_;
    std::size_t size_;
};

}  // namespace csauth::shm
