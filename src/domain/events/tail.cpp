#include "events/tail.h"

#include <algorithm>

namespace csauth::events {

void Tail::begin() {
    if (has_begun_) return;
    newest_ = rows_.newest();
    settled_ = std::min(rows_.some_time_before({}, longest_), newest_);
    // Further back, for clients that come back after a restart.
    recent_from_ = std::min(rows_.some_time_before({}, 3 * longest_), settled_);
    for (const Row& row : rows_.after(recent_from_, kMostRecent)) {
        if (row.id > newest_) break;
        if (row.id > settled_) given_.emplace(row.id, clock_.uptime());
        recent_.emplace(row.id, row);
    }
    position_ = newest_;
    has_begun_ = true;
}

const std::vector<Row>& Tail::look(bool thorough) {
    begin();
    for (std::size_t count = kRowsATime; count == kRowsATime;) {
        auto rows = rows_.after(newest_, kRowsATime);
        count = rows.size();
        give(std::move(rows));
    }
    if (!thorough || settled_ >= newest_) return pending_;
    std::vector<EventId> late;
    for (const EventId id : rows_.ids(settled_, newest_))
        if (!given_.contains(id)) late.push_back(id);
    if (!late.empty()) give(rows_.named(late));
    forget_settled();
    return pending_;
}

void Tail::taken() {
    pending_.clear();
    position_ = newest_;
    while (recent_.size() > kMostRecent) {
        recent_from_ = recent_.begin()->first;
        recent_.erase(recent_.begin());
    }
}

void Tail::give(std::vector<Row> rows) {
    for (Row& row : rows) {
        given_.emplace(row.id, clock_.uptime());
        newest_ = std::max(newest_, row.id);
        recent_.emplace(row.id, row);
        pending_.push_back(std::move(row));
    }
}

void Tail::forget_settled() {
    while (!given_.empty()) {
        const auto [id, at] = *given_.begin();
        const bool is_next = id == settled_ + 1;
        // Numbers that are missing below one as old as this never come: they were rolled back, or the
        // database assigns numbers in steps.
        if (!is_next && clock_.uptime() < at + longest_) return;
        settled_ = id;
        given_.erase(given_.begin());
    }
}

std::optional<std::vector<Row>> Tail::missed_since(EventId last, std::size_t most, const Filter& concerns) {
    std::vector<Row> rows;
    if (remembers_since(last)) {
        rows = recent_since(last, concerns);
    } else {
        const EventId oldest = rows_.oldest();
        if (last > std::max(rows_.newest(), newest_) || last + 1 < oldest) return std::nullopt;
        rows = rows_.after(rows_.some_time_before(last, longest_), most + 1);
        if (rows.size() > most) return std::nullopt;
        std::erase_if(rows, [&](const Row& row) { return !concerns(row); });
    }
    if (rows.size() > most) return std::nullopt;
    return rows;
}

/// Returns true if memory has all that a client may have missed since `last`. After a restart all clients ask
/// at once, so this spares the database. Memory has to begin with the first of all events, or far enough
/// before `last`.
bool Tail::remembers_since(EventId last) const {
    const auto next = recent_.lower_bound(last);
    if (next == recent_.end()) return false;
    const auto& [first, row] = *recent_.begin();
    return row.at < next->second.at - longest_ || (recent_from_ == 0 && last + 1 >= first);
}

std::vector<Row> Tail::recent_since(EventId last, const Filter& concerns) const {
    const auto begin = recent_.lower_bound(last)->second.at - longest_;
    std::vector<Row> rows;
    for (const auto& [id, row] : recent_)
        if ((row.at >= begin || id > last) && concerns(row)) rows.push_back(row);
    return rows;
}

}  // namespace csauth::events
