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

    /// Runs `body`, which returns a Result, and returns what it returned. Commits if that is a value. Rolls
    /// back if it is an Error, or if `body` throws; the exception is passed on. Transactions do not nest.
    ///
    /// After a deadlock the whole body runs again, so it must have no effect outside the database: no mail,
    /// no hashing. Throws Unavailable if the database is away, or if the deadlocks do not end.
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
    /// Runs `body` at least once, and commits if its last run returns true.
    virtual void attempt(const std::function<bool()>& body) = 0;
};

}  // namespace csauth
