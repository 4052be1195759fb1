#include "store/presences.h"

#include <algorithm>
#include <array>
#include <set>

#include "db/query.h"

namespace csauth::store {
namespace {

using presence::Status;

/// The lengths of lists in statements. They are few, so that there are few statements to prepare. The last
/// item fills the rest, so a repeated item must do no harm.
constexpr std::array<std::size_t, 4> kLengths{1, 8, 64, 500};

std::size_t padded(std::size_t count) {
    const auto* const length =
        std::find_if(kLengths.begin(), kLengths.end(), [&](std::size_t l) { return l >= count; });
    return length == kLengths.end() ? kLengths.back() : *length;
}

/// Runs `run(list)` for parts of `items`. `add(list, item)` adds an item to the list, and commas are put
/// between.
template <class Item, class Add, class Run>
void in_parts(std::span<const Item> items, Add add, Run run) {
    while (!items.empty()) {
        const auto part = items.first(std::min(items.size(), kLengths.back()));
        db::Query list;
        for (std::size_t i = 0; i < padded(part.size()); ++i) {
            if (i > 0) list.add(", ");
            add(list, part[std::min(i, part.size() - 1)]);
        }
        run(list);
        items = items.subspan(part.size());
    }
}

template <class IdType>
void add_id(db::Query& list, IdType id) {
    list.add("?", {id});
}

Status status_in(const db::Row& row) { return presence::status_numbered(row.integer("status")); }

constexpr auto kLeaseInMicroseconds = std::chrono::microseconds{presence::kLease}.count();

}  // namespace

std::vector<presence::Record> Presences::of(std::span<const UserId> users) {
    std::vector<presence::Record> found;
    const auto add = [&](db::Row& row) {
        const auto user = row.id<UserId>("id");
        if (found.empty() || found.back().user != user)
            found.push_back({.user = user,
                             .hides = row.flag("hide_presence"),
                             .last_seen = row.optional_time("seen_at")});
        const auto renewed_at = row.optional_time("renewed_at");
        if (!renewed_at) return;
        auto& record = found.back();
        if (row.flag("is_there"))
            record.elsewhere = together(record.elsewhere, status_in(row));
        else if (shown_to_others(status_in(row)) != Status::offline)
            record.last_seen = std::max(record.last_seen.value_or(*renewed_at), *renewed_at);
    };
    in_parts(users, add_id<UserId>, [&](const db::Query& list) {
        db::Query query;
        query.add(R"(
        SELECT u.id, u.hide_presence, l.seen_at, p.status, n.renewed_at,
               n.renewed_at > UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND AS is_there
          FROM users u
          LEFT JOIN last_seen l ON l.user_id = u.id
          LEFT JOIN presence p ON p.user_id = u.id AND p.node_id <> ?
          LEFT JOIN nodes n ON n.node_id = p.node_id
         WHERE u.verified_at IS NOT NULL AND u.id IN ()",
                  {kLeaseInMicroseconds, node_});
        query.sql += list.sql + ") ORDER BY u.id";
        query.values.insert(query.values.end(), list.values.begin(), list.values.end());
        db_.for_each(add, query.sql, std::span<const db::Value>{query.values});
    });
    return found;
}

bool Presences::renew_lease() {
    return db_.execute(R"(
        UPDATE nodes SET renewed_at = UTC_TIMESTAMP(6)
         WHERE node_id = ? AND renewed_at > UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND)",
                       {node_, kLeaseInMicroseconds}) == 1;
}

void Presences::forget_own() {
    while (reap(node_, kLengths.back()) > 0) {}
}

void Presences::begin_lease() {
    db_.execute(R"(
        INSERT INTO nodes (node_id, renewed_at) VALUES (?, UTC_TIMESTAMP(6))
            ON DUPLICATE KEY UPDATE renewed_at = VALUES(renewed_at))",
                {node_});
}

bool Presences::is_alone() {
    return !db_.find_one([](db::Row& row) { return row.flag("is_there"); }, R"(
        SELECT 1 AS is_there FROM nodes
         WHERE node_id <> ? AND renewed_at > UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND
         LIMIT 1)",
                         {node_, kLeaseInMicroseconds});
}

std::optional<std::chrono::milliseconds> Presences::lease_age() {
    return db_.find_one(
        [](db::Row& row) { return std::chrono::milliseconds{row.integer("age") / 1000}; },
        "SELECT TIMESTAMPDIFF(MICROSECOND, renewed_at, UTC_TIMESTAMP(6)) AS age FROM nodes WHERE node_id = ?",
        {node_});
}

std::vector<presence::OwnRow> Presences::own_rows() {
    return db_.find_all(
        [](db::Row& row) {
            return presence::OwnRow{row.id<SessionId>("session_id"), row.id<UserId>("user_id"),
                                    status_in(row)};
        },
        "SELECT session_id, user_id, status FROM presence WHERE node_id = ?", {node_});
}

void Presences::write(std::span<const presence::Change> changes, TimePoint now) {
    std::vector<presence::Change> there;
    std::vector<SessionId> gone;
    std::vector<std::pair<UserId, TimePoint>> last_seen;
    std::vector<UserId> news;
    std::set<decltype(Uuid::bytes)> named;
    for (const auto& change : changes) {
        if (change.now == Status::offline)
            gone.push_back(change.session);
        else
            there.push_back(change);
        if (change.is_gone) last_seen.emplace_back(change.user, now - change.unseen_for);
        if (change.is_news && named.insert(change.user.uuid.bytes).second) news.push_back(change.user);
    }
    (void)db_.run([&]() -> Result<void> {
        in_parts(
            std::span<const presence::Change>{there},
            [&](db::Query& list, const presence::Change& change) {
                list.add("(?, ?, ?, ?)",
                         {change.session, node_, change.user, static_cast<std::int64_t>(change.now)});
            },
            [&](const db::Query& list) {
                db_.execute("INSERT INTO presence (session_id, node_id, user_id, status) VALUES " + list.sql +
                                " ON DUPLICATE KEY UPDATE status = VALUES(status)",
                            list.values);
            });
        remove(gone, node_);
        note_gone(last_seen);
        note_news(news);
        return {};
    });
}

void Presences::remove(std::span<const SessionId> sessions, const NodeId& node) {
    in_parts(sessions, add_id<SessionId>, [&](db::Query list) {
        list.values.emplace_back(node);
        db_.execute("DELETE FROM presence WHERE session_id IN (" + list.sql + ") AND node_id = ?",
                    list.values);
    });
}

/// Notes when users were last seen. Leaves out users that were deleted meanwhile.
void Presences::note_gone(std::span<const std::pair<UserId, TimePoint>> users) {
    in_parts(
        users,
        [](db::Query& list, const std::pair<UserId, TimePoint>& user) {
            list.add("(?, ?)", {user.first, user.second});
        },
        [&](const db::Query& list) {
            db_.execute("INSERT IGNORE INTO last_seen (user_id, seen_at) VALUES " + list.sql +
                            " ON DUPLICATE KEY UPDATE seen_at = GREATEST(seen_at, VALUES(seen_at))",
                        list.values);
        });
}

void Presences::note_news(std::span<const UserId> users) {
    in_parts(users, add_id<UserId>, [&](const db::Query& list) {
        db_.execute("INSERT INTO events (kind, user_id) SELECT 'presence', id FROM users WHERE id IN (" +
                        list.sql + ')',
                    list.values);
    });
}

std::size_t Presences::reap_the_dead(std::size_t most) {
    const auto dead = db_.find_one([](db::Row& row) { return row.bytes<8>("node_id"); }, R"(
        SELECT node_id FROM nodes
         WHERE renewed_at < UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND AND node_id <> ?
         LIMIT 1)",
                                   {kLeaseInMicroseconds, node_});
    if (!dead) return 0;
    const auto reaped = reap(*dead, most);
    if (reaped == 0)
        db_.execute(R"(
        DELETE FROM nodes
         WHERE node_id = ? AND renewed_at < UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND)",
                    {*dead, kLeaseInMicroseconds});
    return reaped;
}

std::size_t Presences::reap(const NodeId& node, std::size_t most) {
    struct Ghost {
        SessionId session;
        UserId user;
        Status status;
        TimePoint seen_at;
    };
    const auto ghosts = db_.find_all(
        [](db::Row& row) {
            return Ghost{row.id<SessionId>("session_id"), row.id<UserId>("user_id"), status_in(row),
                         row.time("seen_at")};
        },
        R"(
        SELECT p.session_id, p.user_id, p.status, COALESCE(n.renewed_at, UTC_TIMESTAMP(6)) AS seen_at
          FROM presence p
          LEFT JOIN nodes n ON n.node_id = p.node_id
         WHERE p.node_id = ?
         LIMIT ?)",
        {node, most});
    std::vector<SessionId> gone;
    std::vector<std::pair<UserId, TimePoint>> last_seen;
    std::vector<UserId> news;
    gone.reserve(ghosts.size());
    for (const Ghost& ghost : ghosts) {
        gone.push_back(ghost.session);
        if (shown_to_others(ghost.status) == Status::offline) continue;
        last_seen.emplace_back(ghost.user, ghost.seen_at);
        news.push_back(ghost.user);
    }
    const auto reaped = db_.run([&]() -> Result<void> {
        // A node that has come back meanwhile writes its rows again. This update conflicts with its renewal,
        // so only one of the two succeeds.
        if (node != node_ && db_.execute(R"(
                UPDATE nodes SET renewed_at = renewed_at - INTERVAL 1 MICROSECOND
                 WHERE node_id = ? AND renewed_at < UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND)",
                                         {node, kLeaseInMicroseconds}) != 1)
            return Error{.code = ErrorCode::not_found};
        remove(gone, node);
        note_gone(last_seen);
        note_news(news);
        return {};
    });
    return reaped ? ghosts.size() : 0;
}

}  // namespace csauth::store
