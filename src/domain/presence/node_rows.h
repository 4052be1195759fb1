#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "presence/table.h"

namespace csauth::presence {

/// A device as this node has written it to the database.
struct OwnRow {
    SessionId session;
    UserId user;
    Status status;
};

/// This node's rows in the database, and its lease. Other nodes believe the rows while the lease is valid,
/// which is kLease after it was last renewed. Used by the keeper, outside a transaction.
class NodeRows {
public:
    virtual ~NodeRows() = default;

    /// Renews the lease. Returns false if it had expired, or there was none. The rows are void then: call
    /// forget_own(), then begin_lease().
    virtual bool renew_lease() = 0;

    /// Deletes the rows of this node as if the node were gone, with an event for each user who was visible.
    virtual void forget_own() = 0;

    /// Writes a lease that begins now, in place of an earlier one.
    virtual void begin_lease() = 0;

    /// Returns true if no other node holds a lease.
    virtual bool is_alone() = 0;

    /// Returns the time since the lease was last renewed, or nullopt if there never was one.
    virtual std::optional<std::chrono::milliseconds> lease_age() = 0;

    /// Returns the rows of this node, also those from before a restart.
    virtual std::vector<OwnRow> own_rows() = 0;

    /// Writes what has become of devices, with an event for each user whose change others may see. All of it
    /// is one transaction.
    virtual void write(std::span<const Change> changes, TimePoint now) = 0;

    /// Deletes up to `most` rows of one node whose lease has expired, with an event for each user who was
    /// visible. Returns their number, which is 0 if no such node has rows or the node has come back
    /// meanwhile.
    virtual std::size_t reap_the_dead(std::size_t most) = 0;
};

}  // namespace csauth::presence
