#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"

namespace csauth {

/// A UUID (RFC 9562). Ours are version 7: they sort by the millisecond in which they were made.
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    /// Returns a new UUID of version 7 (RFC 9562 section 5.7) with 74 random bits.
    static Uuid v7(TimePoint now, Random& random);

    /// Returns a bound for searches by time. It sorts before each UUID of version 7 from the millisecond of
    /// `time` on, and after each earlier one.
    static Uuid first_of(TimePoint time);

    /// Returns nullopt for anything but the form of RFC 9562 section 4 in lower case. Any version is
    /// accepted.
    static std::optional<Uuid> parse(std::string_view text);

    /// Returns the form that parse() reads, 36 characters.
    std::string text() const;

    auto operator<=>(const Uuid&) const = default;
};

/// A UUID that names one kind of row, so that the ID of a session can't be passed as the ID of a user.
template <class Kind>
struct Id {
    Uuid uuid;

    /// Returns a new ID of version 7.
    static Id make(TimePoint now, Random& random) { return {Uuid::v7(now, random)}; }

    /// Returns nullopt as Uuid::parse() does.
    static std::optional<Id> parse(std::string_view text) {
        const auto uuid = Uuid::parse(text);
        return uuid ? std::optional<Id>{Id{*uuid}} : std::nullopt;
    }
    std::string text() const { return uuid.text(); }

    auto operator<=>(const Id&) const = default;
};

}  // namespace csauth
