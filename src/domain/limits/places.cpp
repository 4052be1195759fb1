#include "limits/places.h"

#include <array>
#include <new>

#include "shm/mutex.h"

namespace csauth::limits {

struct SharedPlaces::Shared {
    std::array<shm::Mutex, kMost> places;
};

SharedPlaces::SharedPlaces()
    : region_{sizeof(Shared), "memory for the places of workers that wait"},
      shared_{new (region_.data()) Shared{}} {}

LimitedPlaces::~LimitedPlaces() {
    while (!held_.empty())
        give_back();
}

bool LimitedPlaces::take() {
    for (std::size_t place = 0; place < most_; ++place) {
        if (!shared_->places.at(place).try_lock()) continue;
        held_.push_back(place);
        return true;
    }
    return false;
}

void LimitedPlaces::give_back() {
    if (held_.empty()) return;
    shared_->places.at(held_.back()).unlock();
    held_.pop_back();
}

}  // namespace csauth::limits
