#pragma once

#include <string>

#include "presence/status.h"
#include "presence/table.h"

namespace csauth::store {

/// The SQL condition that the lease of a row `nodes n` lasts, so that its devices count.
inline const std::string kNodeIsThere =
    "n.renewed_at > UTC_TIMESTAMP(6) - INTERVAL " + std::to_string(presence::kLease.count()) + " SECOND";

/// presence::Status::invisible as a number in SQL, as rows of `presence` have it.
inline const std::string kInvisible = std::to_string(static_cast<int>(presence::Status::invisible));

/// presence::together() in SQL, over the rows `presence p` of a user.
inline const std::string kTogether =
    "IF(MIN(p.status) = " + kInvisible + ", " + kInvisible + ", MAX(p.status))";

}  // namespace csauth::store
