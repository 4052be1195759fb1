#pragma once

#include <cstdint>

#include "shm/region.h"

namespace csauth::audit {

/// Counts refusals that are not in the log one by one, because there are too many of them or the database is
/// unavailable. The count is in memory that is shared by all processes forked after it is made.
class Unwritten {
public:
    Unwritten();

    /// Counts one refusal.
    void note();

    /// Returns the count and sets it to 0. The caller writes it to the log: the keeper.
    std::uint64_t take();

    /// Adds back a count that could not be written.
    void give_back(std::uint64_t count);

    /// Processes that this one forks from now on do not have the count.
    void hide_from_children() const { region_.hide_from_children(); }

private:
    struct Shared;
    shm::Region region_;
    Shared* shared_;
};

}  // namespace csauth::audit
