#pragma once

#include <initializer_list>
#include <optional>

#include "base/unique_fd.h"

namespace csauth::server {

/// Blocks every signal that we use, in this process and all that it forks. None can then interrupt a system
/// call or the database library. They arrive through a SignalQueue instead. Also ignores SIGPIPE. Throws
/// std::system_error on failure.
void block_signals();

/// Signals that can be polled and read (signalfd(2)), so no handler ever runs. The signals must be blocked.
class SignalQueue {
public:
    /// Throws std::system_error on failure.
    explicit SignalQueue(std::initializer_list<int> signals);

    /// Returns a descriptor that is readable when a signal has arrived. The queue owns it.
    int fd() const { return fd_.get(); }

    /// Returns the next signal that has arrived, or nullopt if there is none. Never waits.
    std::optional<int> next();

private:
    UniqueFd fd_;
};

}  // namespace csauth::server
