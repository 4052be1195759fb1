#include "store/event_rows.h"

namespace csauth::store {
namespace {

constexpr std::string_view kSelectRow =
    "SELECT id, kind, user_id, session_id, role_name, reason, created_at FROM events ";

events::Row row_from(db::Row& row) {
    return {.id = static_cast<events::EventId>(row.integer("id")),
            .kind = events::kind_named(row.text("kind")).value_or(events::Kind::profile_changed),
            .user = row.optional_id<UserId>("user_id"),
            .session = row.optional_id<SessionId>("session_id"),
            .role = row.optional_text("role_name").value_or(""),
            .reason = row.optional_text("reason").value_or(""),
            .at = row.time("created_at")};
}

}  // namespace

std::vector<events::Row> EventRows::after(events::EventId id, std::size_t most) {
    return db_.find_all(row_from, std::string{kSelectRow} + "WHERE id > ? ORDER BY id LIMIT ?", {id, most});
}

std::vector<events::EventId> EventRows::ids(events::EventId after, events::EventId to) {
    return db_.find_all([](db::Row& row) { return static_cast<events::EventId>(row.integer("id")); },
                        "SELECT id FROM events WHERE id > ? AND id <= ? ORDER BY id", {after, to});
}

std::vector<events::Row> EventRows::named(std::span<const events::EventId> ids) {
    std::vector<events::Row> found;
    for (const auto id : ids)
        if (auto row = db_.find_one(row_from, std::string{kSelectRow} + "WHERE id = ?", {id}))
            found.push_back(std::move(*row));
    return found;
}

events::EventId EventRows::oldest() { return id_from("SELECT id FROM events ORDER BY id LIMIT 1"); }

events::EventId EventRows::newest() { return id_from("SELECT id FROM events ORDER BY id DESC LIMIT 1"); }

events::EventId EventRows::some_time_before(std::optional<events::EventId> id, std::chrono::seconds time) {
    const auto microseconds = std::chrono::microseconds{time}.count();
    if (!id)
        return id_from(R"(
        SELECT id FROM events
         WHERE created_at < UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND
         ORDER BY created_at DESC, id DESC
         LIMIT 1)",
                       {microseconds});
    return id_from(R"(
        SELECT id FROM events
         WHERE created_at < COALESCE((SELECT e.created_at FROM events e WHERE e.id >= ? ORDER BY e.id LIMIT 1),
                                     UTC_TIMESTAMP(6)) - INTERVAL ? MICROSECOND
         ORDER BY created_at DESC, id DESC
         LIMIT 1)",
                   {*id, microseconds});
}

events::EventId EventRows::id_from(std::string_view sql, std::initializer_list<db::Value> values) {
    const auto found = db_.find_one([](db::Row& row) { return row.integer("id"); }, sql, values);
    return static_cast<events::EventId>(found.value_or(0));
}

}  // namespace csauth::store
