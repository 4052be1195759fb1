#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "db/database.h"
#include "presence/node_rows.h"
#include "presence/presences.h"
#include "presence/table.h"
#include "store/node.h"

namespace csauth::store {

/// Implements presence::Presences and presence::NodeRows over the tables `presence`, `nodes` and `last_seen`:
/// the devices that each node has seen. A row counts while its node renews its lease, and up to
/// presence::kLease longer. So a node that dies leaves no user online for longer. Leases use the clock of the
/// database.
class Presences final : public presence::Presences, public presence::NodeRows {
public:
    /// `node`: this node, whose rows are written.
    Presences(db::Database& database, const NodeId& node) : db_{database}, node_{node} {}

    std::vector<presence::Record> of(std::span<const UserId> users) override;

    bool renew_lease() override;
    void forget_own() override;
    void begin_lease() override;
    bool is_alone() override;
    std::optional<std::chrono::milliseconds> lease_age() override;
    std::vector<presence::OwnRow> own_rows() override;
    void write(std::span<const presence::Change> changes, TimePoint now) override;
    std::size_t reap_the_dead(std::size_t most) override;

private:
    std::size_t reap(const NodeId& node, std::size_t most);
    void remove(std::span<const SessionId> sessions, const NodeId& node);
    void note_gone(std::span<const std::pair<UserId, TimePoint>> users);
    void note_news(std::span<const UserId> users);

    db::Database& db_;
    NodeId node_;
};

}  // namespace csauth::store
