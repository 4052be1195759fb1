#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/timestamps.h"
#include "base/uuid.h"

namespace csauth::db {

/// One bound parameter of a statement. A nullopt becomes NULL, a time DATETIME(6) in UTC, a flag 0 or 1. A
/// UUID or an array becomes its bytes.
class Value {
public:
    Value(std::string_view text) : data_{std::string{text}} {}            // NOLINT: implicit by design
    Value(const std::string& text) : data_{text} {}                       // NOLINT
    Value(const char* text) : data_{std::string{text}} {}                 // NOLINT
    Value(TimePoint time) : data_{sql_datetime(time)} {}                  // NOLINT
    Value(const Uuid& uuid) : data_{std::string{as_text(uuid.bytes)}} {}  // NOLINT
    Value(bool flag) : data_{std::int64_t{flag}} {}                       // NOLINT
    template <class Kind>
    Value(const Id<Kind>& id) : Value{id.uuid} {}  // NOLINT
    template <std::size_t N>
    Value(const std::array<std::uint8_t, N>& bytes) : data_{std::string{as_text(bytes)}} {}  // NOLINT
    template <class Integer>
    requires std::is_integral_v<Integer> Value(Integer number)
        : data_{static_cast<std::int64_t>(number)} {}  // NOLINT
    template <class T>
    Value(const std::optional<T>& given) {  // NOLINT
        if (given) *this = Value{*given};
    }

    const std::variant<std::monostate, std::string, std::int64_t>& data() const { return data_; }

private:
    std::variant<std::monostate, std::string, std::int64_t> data_;
};

}  // namespace csauth::db
