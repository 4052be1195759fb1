#pragma once

#include "base/unique_fd.h"

namespace csauth {

/// An eventfd with which one process wakes another. Create it before forking: the processes share it.
class Bell {
public:
    /// Throws std::system_error if there is no descriptor for it.
    Bell();

    /// Makes fd() readable in every process. Never waits and never fails.
    void ring() const;

    /// Returns the descriptor to poll. It is readable from a ring() until the next silence(). The bell owns
    /// it.
    int fd() const { return fd_.get(); }

    /// Makes fd() unreadable again, for all processes. Never waits.
    void silence() const;

private:
    UniqueFd fd_;
};

}  // namespace csauth
