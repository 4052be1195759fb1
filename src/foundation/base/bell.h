#pragma once

#include "base/unique_fd.h"

namespace csauth {

/// Wakes another process that was forked from the same one: an eventfd.
class Bell {
public:
    Bell();

    /// Never waits.
    void ring() const;

    /// Readable once it has been rung.
    int fd() const { return fd_.get(); }
    void silence() const;

private:
    UniqueFd fd_;
};

}  // namespace csauth
