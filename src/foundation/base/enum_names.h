#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace csauth {

/// The name of each value of an enumeration, in one table for writing and reading.
///
///     constexpr EnumNames kNames{std::to_array<NameOf<Colour>>({{Colour::red, "red"}, {Colour::blue,
///     "blue"}})};
template <class Enum>
using NameOf = std::pair<Enum, std::string_view>;

/// A table of NameOf, in which each value and each name occurs once.
template <class Enum, std::size_t Size>
class EnumNames {
public:
    explicit constexpr EnumNames(std::array<NameOf<Enum>, Size> names) : names_{names} {}

    /// Returns the value's name. Throws std::logic_error for a value that is not in the table.
    constexpr std::string_view of(Enum value) const {
        for (const auto& [known, name] : names_)
            if (known == value) return name;
        throw std::logic_error("no name for value " + std::to_string(static_cast<long>(value)));
    }

    /// Returns the value with this name, or nullopt. Letters must have the same case.
    constexpr std::optional<Enum> find(std::string_view name) const {
        for (const auto& [value, known] : names_)
            if (known == name) return value;
        return std::nullopt;
    }

    constexpr auto begin() const { return names_.begin(); }
    constexpr auto end() const { return names_.end(); }

private:
    std::array<NameOf<Enum>, Size> names_;
};

}  // namespace csauth
