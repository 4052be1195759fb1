#include "store/audit_log.h"

#include "audit/chain.h"
#include "base/encoding.h"
#include "db/query.h"

namespace csauth::store {

void AuditLog::record(std::span<const audit::Act> acts, const Origin& origin, TimePoint now) {
    db::Query query;
    query.add(R"(
        INSERT INTO audit_log (id, at, actor_id, subject_id, action, outcome, ip, ip_salt, ip_hash, request_id,
                               detail, detail_salt, detail_hash)
        VALUES )",
              {});
    for (const auto& act : acts) {
        const auto detail = utf8_prefix(act.detail, audit::kLongestDetail);
        const auto ip_salt = random_.bytes<16>();
        const auto detail_salt = random_.bytes<16>();
        query.add(&act == acts.data() ? "" : ", ", {});
        query.add("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  {Uuid::v7(now, random_), now, act.actor, act.subject, name_of(act.action),
                   name_of(act.outcome), origin.ip, ip_salt, audit::hash_of(ip_salt, origin.ip),
                   origin.request_id, detail, detail_salt, audit::hash_of(detail_salt, detail)});
    }
    db_.execute(query.sql, query.values);
}

audit::Entry entry_from(const db::Row& row) {
    return {.id = row.id<EntryId>("id"),
            .at = row.time("at"),
            .action = row.text("action"),
            .outcome = row.text("outcome"),
            .actor = row.optional_id<UserId>("actor_id"),
            .subject = row.optional_id<UserId>("subject_id"),
            .ip = row.text("ip"),
            .request_id = row.text("request_id"),
            .detail = row.text("detail")};
}

std::vector<audit::Entry> AuditLog::page(const audit::Filter& filter, std::optional<EntryId> before,
                                         std::size_t most) {
    // Each walk goes along one index, newest first, because ids sort by time. A user needs two walks.
    db::Query query;
    const auto add_walk = [&](const char* index, const char* condition,
                              std::initializer_list<db::Value> values) {
        query.add("(SELECT " + std::string{kEntryColumns} + " FROM audit_log FORCE INDEX (" + index +
                      ") WHERE " + condition,
                  values);
        if (filter.user && filter.action) query.add(" AND action = ?", {name_of(*filter.action)});
        if (before) query.add(" AND id < ?", {*before});
        if (filter.since) query.add(" AND id >= ?", {Uuid::first_of(*filter.since)});
        query.add(" ORDER BY id DESC LIMIT ?)", {most});
    };
    if (filter.user) {
        add_walk("audit_log_about", "subject_id = ?", {*filter.user});
        query.add(" UNION ");  // what people do to themselves is in both walks
        add_walk("audit_log_by", "actor_id = ?", {*filter.user});
        query.add(" ORDER BY id DESC LIMIT ?", {most});
    } else if (filter.action) {
        add_walk("audit_log_action", "action = ?", {name_of(*filter.action)});
    } else {
        add_walk("PRIMARY", "TRUE", {});
    }
    return db_.find_all([](db::Row& row) { return entry_from(row); }, query.sql, query.values);
}

std::vector<audit::Entry> AuditLog::about(UserId subject, std::optional<EntryId> before, std::size_t most) {
    db::Query query;
    query.add("SELECT " + std::string{kEntryColumns} +
                  " FROM audit_log FORCE INDEX (audit_log_about) WHERE subject_id = ?",
              {subject});
    if (before) query.add(" AND id < ?", {*before});
    query.add(" ORDER BY id DESC LIMIT ?", {most});
    return db_.find_all([](db::Row& row) { return entry_from(row); }, query.sql, query.values);
}

void AuditLog::request_erasure(UserId user, TimePoint now) {
    db_.execute("INSERT IGNORE INTO erasures (user_id, requested_at) VALUES (?, ?)", {user, now});
}

}  // namespace csauth::store
