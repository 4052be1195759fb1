#pragma once

#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/result.h"

namespace csauth {

/// Runs a piece of work as one transaction.
class Transactions {
public:
    virtual ~Transactions() = default;

    /// Commits when `body` gives a value; rolls back when it gives an Error or throws. After a deadlock
    /// the whole body starts over, so it must do nothing that can't be done twice: no mail, no hashing.
    template <class Body>
    std::invoke_result_t<Body> run(Body body) {
        std::optional<std::invoke_result_t<Body>> outcome;
        attempt([&] {
            outcome.emplace(body());
            return static_cast<bool>(*outcome);
        });
        return std::move(*outcome);
    }

protected:
    /// `body` says whether to commit.
    virtual void attempt(const std::function<bool()>& body) = 0;
};

}  // namespace csauth
