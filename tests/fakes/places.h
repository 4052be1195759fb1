#pragma once

#include "base/places.h"
#include "base/transactions.h"
#include "base/unavailable.h"

namespace csauth::fakes {

class Places final : public csauth::Places {
public:
    std::size_t free = 1;

    bool take() override {
        if (free == 0) return false;
        --free;
        return true;
    }
    void give_back() override { ++free; }
};

}  // namespace csauth::fakes
