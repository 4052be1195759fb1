#pragma once

#include <cstddef>

namespace csauth::shm {

/// Zeroed memory that this process shares with those it forks from now on.
class Region {
public:
    /// `purpose`: for the exception when there is not enough memory.
    Region(std::size_t size, const char* purpose);
    ~Region();
    Region(const Region&) = delete;
    Region& operator=(const Region&) = delete;

    void* data() const { return data_; }

    /// A process that this one forks from now on does not have it.
    void hide_from_children() const;

private:
    void* data_;
    std::size_t size_;
};

}  // namespace csauth::shm
