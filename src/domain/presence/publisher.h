#pragma once

#include <cstddef>
#include <functional>

#include "base/clock.h"
#include "presence/node_rows.h"
#include "presence/table.h"

namespace csauth::presence {

/// Publishes this node's presence: holds the node's lease, writes changes of the table to the database, and
/// deletes what dead nodes have left. Used by the keeper, which calls turn() once a second.
class Publisher {
public:
    /// How many changes, or rows of a dead node, one transaction writes at most.
    static constexpr std::size_t kChangesATime = 500;

    /// Every so many turns, rows of dead nodes are deleted.
    static constexpr unsigned kTurnsBetweenReaps = 2;

    /// How many transactions delete such rows in one turn at most.
    static constexpr int kReapsATurn = 20;

    /// `ring`: called after each commit of events.
    Publisher(Table& table, NodeRows& rows, const Clock& clock, std::function<void()> ring)
        : table_{table}, rows_{rows}, clock_{clock}, ring_{std::move(ring)} {}

    /// Does what is due. Throws Unavailable if the database is unavailable. Nothing is lost then, because the
    /// table remembers what is not written.
    void turn();

private:
    void hold_lease();
    void take_over(std::chrono::milliseconds away);
    void write_changes();
    void reap();

    Table& table_;
    NodeRows& rows_;
    const Clock& clock_;
    std::function<void()> ring_;
    unsigned turns_ = 0;
};

}  // namespace csauth::presence
