#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "db/database.h"
#include "presence/presences.h"
#include "presence/table.h"
#include "store/node.h"

namespace csauth::store {

/// Who is online, as all nodes have written it. A row counts while its node renews its lease, and for
/// presence::kLease more: so nobody who dies leaves anybody online for longer.
class Presences final : public presence::Presences {
public:
    Presences(db::Database& database, const NodeId& node) : db_{database}, node_{node} {}

    std::vector<presence::Record> of(std::span<const UserId> users) override;

    // The rest is for the keeper.

    /// Says that this node is there. False when it was not for longer than its lease: then its rows count no
    /// more, and it has to forget_own() and to begin_lease().
    bool renew_lease();

    /// Takes the rows of this node away, as of one that has gone.
    void forget_own();
    void begin_lease();

    /// Whether no other node holds a lease.
    bool is_alone();

    /// For how long this node had not renewed its lease.
    std::optional<std::chrono::milliseconds> lease_age();

    struct OwnRow {
        SessionId session;
        UserId user;
        presence::Status status;
    };
    std::vector<OwnRow> own_rows();

    /// Writes what has become of devices, with an event for each user of whom it is news.
    void write(std::span<const presence::Change> changes, TimePoint now);

    /// Takes up to `most` rows of a node away that is gone, with an event for each user; says how many.
    std::size_t reap_the_dead(std::size_t most);

private:
    std::size_t reap(const NodeId& node, std::size_t most);
    void remove(std::span<const SessionId> sessions, const NodeId& node);
    void note_gone(std::span<const std::pair<UserId, TimePoint>> users);
    void note_news(std::span<const UserId> users);

    db::Database& db_;
    NodeId node_;
};

}  // namespace csauth::store
