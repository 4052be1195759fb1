#include "store/node.h"

#include <algorithm>

#include "crypto/digest.h"

namespace csauth::store {

NodeId node_named(std::string_view name) {
    const auto digest = crypto::sha256(name);
    NodeId node;
    std::copy_n(digest.begin(), node.size(), node.begin());
    return node;
}

}  // namespace csauth::store
