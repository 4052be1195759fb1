#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace csauth::store {

/// Identifies a node among those that share a database: the first 8 bytes of the SHA-256 of its name.
using NodeId = std::array<std::uint8_t, 8>;

/// Returns the id of the node with this name (`server.node_name`).
NodeId node_named(std::string_view name);

}  // namespace csauth::store
