#pragma once

namespace csauth {

/// A limited number of places for processes that wait for the same slow resource. It is not a queue: no call
/// waits for a place.
class Places {
public:
    virtual ~Places() = default;

    /// Takes a place for this process. Returns false if all places are taken.
    virtual bool take() = 0;

    /// Gives the place back that this process took last.
    virtual void give_back() = 0;
};

/// A place that is given back at the end of the scope.
class HeldPlace {
public:
    explicit HeldPlace(Places& places) : places_{places.take() ? &places : nullptr} {}
    ~HeldPlace() {
        if (places_ != nullptr) places_->give_back();
    }
    HeldPlace(const HeldPlace&) = delete;
    HeldPlace& operator=(const HeldPlace&) = delete;

    /// False if all places were taken.
    explicit operator bool() const { return places_ != nullptr; }

private:
    Places* places_;
};

}  // namespace csauth
