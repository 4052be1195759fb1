#pragma once

#include <initializer_list>
#include <optional>

#include "base/unique_fd.h"

namespace csauth::server {

/// Blocks every signal that we use, for good: none can interrupt a read or the database's library. They
/// arrive through a SignalQueue instead.
void block_signals();

/// Signals as something that can be polled and read; no handler ever runs.
class SignalQueue {
public:
    explicit SignalQueue(std::initializer_list<int> signals);

    int fd() const { return fd_.get(); }

    /// The next signal that has arrived, if any.
    std::optional<int> next();

private:
    UniqueFd fd_;
};

}  // namespace csauth::server
