#pragma once

#include <utility>
#include <variant>

#include "base/error.h"

namespace csauth {

/// A value, or the reason why there is none. The functions are those of std::expected, which g++ 12 has in
/// C++23 mode only. An E is a refusal that the caller should expect; any other failure is an exception.
template <class T, class E = Error>
class [[nodiscard]] Result {
public:
    Result(T value) : state_{std::in_place_index<0>, std::move(value)} {}  // NOLINT: implicit by design
    Result(E error) : state_{std::in_place_index<1>, std::move(error)} {}  // NOLINT: implicit by design

    /// True if there is a value.
    explicit operator bool() const { return state_.index() == 0; }

    /// These return the value, and throw std::bad_variant_access if there is none.
    T& operator*() & { return std::get<0>(state_); }
    const T& operator*() const& { return std::get<0>(state_); }
    T&& operator*() && { return std::get<0>(std::move(state_)); }
    T* operator->() { return &std::get<0>(state_); }
    const T* operator->() const { return &std::get<0>(state_); }

    /// Returns the reason, and throws std::bad_variant_access if there is a value.
    const E& error() const& { return std::get<1>(state_); }
    E&& error() && { return std::get<1>(std::move(state_)); }

private:
    std::variant<T, E> state_;
};

/// Success, or the reason why there was none.
template <class E>
class [[nodiscard]] Result<void, E> {
public:
    Result() = default;
    Result(E error) : state_{std::move(error)} {}  // NOLINT: implicit by design

    explicit operator bool() const { return state_.index() == 0; }
    const E& error() const& { return std::get<1>(state_); }
    E&& error() && { return std::get<1>(std::move(state_)); }

private:
    std::variant<std::monostate, E> state_;
};

}  // namespace csauth
