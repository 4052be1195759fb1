#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/places.h"
#include "shm/region.h"

namespace csauth::limits {

/// One of this many workers of a pool may wait for the imager; see places_for().
inline constexpr std::size_t kWorkersOfAPlace = 4;

/// The number of workers that may wait at once, of a pool of `workers`: a quarter of them, but at least one.
constexpr std::size_t places_for(std::size_t workers) {
    return std::max<std::size_t>(workers / kWorkersOfAPlace, 1);
}

/// The places of one machine, in memory that is shared by the processes forked after the constructor.
///
/// Each place is a robust mutex. If the process that holds it is killed, the kernel releases it.
class SharedPlaces {
public:
    static constexpr std::size_t kMost = 64;  // more than a quarter of the largest pool

    SharedPlaces();

    /// Processes that this one forks from now on cannot see the memory.
    void hide_from_children() const { region_.hide_from_children(); }

private:
    friend class LimitedPlaces;
    struct Shared;

    shm::Region region_;
    Shared* shared_;
};

/// The first `most` of the shared places, or all of them if `most` is larger. For one process and one thread.
/// Each generation of workers brings its own `most`, so a reload may change it.
class LimitedPlaces final : public Places {
public:
    LimitedPlaces(SharedPlaces& places, std::size_t most)
        : shared_{places.shared_}, most_{std::clamp<std::size_t>(most, 1, SharedPlaces::kMost)} {}
    LimitedPlaces(const LimitedPlaces&) = delete;
    LimitedPlaces& operator=(const LimitedPlaces&) = delete;
    ~LimitedPlaces() override;  ///< gives back all that are held

    bool take() override;
    void give_back() override;

private:
    SharedPlaces::Shared* shared_;
    std::size_t most_;
    std::vector<std::size_t> held_ = {};
};

}  // namespace csauth::limits
