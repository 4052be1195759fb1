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

/// RFC 9562. Ours are version 7: they sort by the millisecond of their making.
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    static Uuid v7(TimePoint now, Random& random);

    /// Sorts before all of version 7 that are made from then on, and behind those from before.
    static Uuid first_of(TimePoint time);

    /// The lower-case form of RFC 9562 section 4 only.
    static std::optional<Uuid> parse(std::string_view text);
    std::string text() const;

    auto operator<=>(const Uuid&) const = default;
};

/// A Uuid that names one kind of thing, so that a session's can't be passed for a user's.
template <class Kind>
struct Id {
    Uuid uuid;

    static Id make(TimePoint now, Random& random) { return {Uuid::v7(now, random)}; }
    static std::optional<Id> parse(std::string_view text) {
        const auto uuid = Uuid::parse(text);
        return uuid ? std::optional<Id>{Id{*uuid}} : std::nullopt;
    }
    std::string text() const { return uuid.text(); }

    auto operator<=>(const Id&) const = default;
};

}  // namespace csauth
