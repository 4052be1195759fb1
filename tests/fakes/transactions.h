#pragma once

#include <functional>
#include <tuple>

#include "base/transactions.h"
#include "base/unavailable.h"

namespace csauth::fakes {

/// A fake store whose state a transaction puts back when it is rolled back.
class Remembering {
public:
    virtual ~Remembering() = default;

    /// Returns a function that puts the present state back.
    virtual std::function<void()> remember() = 0;

protected:
    template <class... Members>
    static std::function<void()> restorer(Members&... members) {
        return [state = std::make_tuple(members...), target = std::tie(members...)]() mutable {
            target = state;
        };
    }
};

/// Runs the body, and undoes what it did if it returns an Error.
class Transactions final : public csauth::Transactions {
public:
    int committed = 0;
    int rolled_back = 0;
    /// Remembers the stores as they are, and gives what puts them back; set by the owner of the stores.
    std::function<std::function<void()>()> checkpoint = [] { return [] {}; };

protected:
    void attempt(const std::function<bool()>& body) override {
        const auto restore = checkpoint();
        if (body()) {
            ++committed;
        } else {
            ++rolled_back;
            restore();
        }
    }
};

}  // namespace csauth::fakes
