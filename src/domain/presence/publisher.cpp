#include "presence/publisher.h"

#include <vector>

namespace csauth::presence {

void Publisher::turn() {
    hold_lease();
    table_.note_alone(rows_.is_alone(), clock_.uptime());
    table_.mark_restored();
    write_changes();
    if (turns_++ % kTurnsBetweenReaps == 0) reap();
}

void Publisher::hold_lease() {
    const auto age = table_.is_restored() ? std::nullopt : rows_.lease_age();
    if (!rows_.renew_lease()) {
        rows_.forget_own();
        table_.forget_written();
        rows_.begin_lease();
    } else if (age) {
        take_over(*age);
    }
}

/// This node was restarted within its lease, so its rows still count. A device that does not come back within
/// the lease is gone.
void Publisher::take_over(std::chrono::milliseconds away) {
    std::vector<Change> without_room;
    for (const auto& row : rows_.own_rows())
        if (!table_.restore(row.session, row.user, row.status, clock_.uptime() - away))
            without_room.push_back(
                {.session = row.session, .user = row.user, .unseen_for = away, .is_news = true});
    rows_.write(without_room, clock_.now());
}

void Publisher::write_changes() {
    for (auto changes = table_.unwritten(kChangesATime, clock_.uptime()); !changes.empty();
         changes = table_.unwritten(kChangesATime, clock_.uptime())) {
        rows_.write(changes, clock_.now());
        table_.mark_written(changes);
        ring_();
    }
}

void Publisher::reap() {
    table_.release_blocks(clock_.uptime());
    for (int i = 0; i < kReapsATurn && rows_.reap_the_dead(kChangesATime) == kChangesATime; ++i) {}
}

}  // namespace csauth::presence
