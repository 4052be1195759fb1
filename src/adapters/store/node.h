#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace csauth::store {

/// A node among those that share a database: the beginning of a digest of its name.
using NodeId = std::array<std::uint8_t, 8>;
NodeId node_named(std::string_view name);

}  // namespace csauth::store
