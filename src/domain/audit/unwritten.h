#pragma once

#include <cstdint>

#include "shm/region.h"

namespace csauth::audit {

/// Counts refusals that the log does not hold one by one, as there were too many; shared by the processes
/// that are forked after this is made.
class Unwritten {
public:
    Unwritten();

    void note();

    /// All that were noted, which are the caller's to write now.
    std::uint64_t take();

    /// They could not be written.
    void give_back(std::uint64_t count);

    /// A process that this one forks from now on does not have it.
    void hide_from_children() const { region_.hide_from_children(); }

private:
    struct Shared;
    shm::Region region_;
    Shared* shared_;
};

}  // namespace csauth::audit
