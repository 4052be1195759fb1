#pragma once

namespace csauth {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace csauth
