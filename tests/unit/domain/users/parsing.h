#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace csauth::tests {

template <class T>
std::optional<FieldCode> complaint(std::string_view given) {
    const auto parsed = T::parse(given);
    return parsed ? std::nullopt : std::optional{parsed.error().code};
}

inline std::string repeated(std::string_view piece, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i)
        text += piece;
    return text;
}

}  // namespace csauth::tests
