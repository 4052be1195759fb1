#include "store/devices.h"

#include <algorithm>

#include "crypto/digest.h"
#include "store/live_session.h"
#include "store/presence_sql.h"

namespace csauth::store {
namespace {

const std::string kSelectRecord = R"(
    SELECT d.id, d.type, d.name, d.push_token, d.created_at,
           EXISTS (SELECT 1
                     FROM sessions s
                     JOIN presence p ON p.session_id = s.id
                     JOIN nodes n ON n.node_id = p.node_id
                    WHERE s.device_id = d.id AND s.ended_at IS NULL
                      AND )" + kNodeIsThere +
                                  R"() AS is_online,
           GREATEST(d.last_seen_at, COALESCE((SELECT MAX(a.last_active_at)
                                                FROM sessions s
                                                JOIN session_activity a ON a.session_id = s.id
                                               WHERE s.device_id = d.id), d.last_seen_at)) AS last_seen_at
      FROM devices d
     )";

devices::DeviceRecord record_from(db::Row& row) {
    return {.device = {row.id<DeviceId>("id"), device_type_from(row, "type"), row.text("name")},
            .push_token = row.optional_text("push_token"),
            .is_online = row.flag("is_online"),
            .last_seen = row.time("last_seen_at"),
            .created_at = row.time("created_at")};
}

}  // namespace

devices::DeviceType device_type_from(const db::Row& row, const char* column) {
    const auto parsed = devices::DeviceTypeName::parse(row.text(column));
    return parsed ? parsed->type : devices::DeviceType::other;
}

devices::Device Devices::sign_in(UserId user, const devices::DeviceClaim& claim, DeviceId new_id,
                                 TimePoint now) {
    auto device = find_claimed(user, claim);
    if (device) {
        if (!claim.name.empty()) device->name = claim.name;
        device->type = claim.type.value_or(device->type);
        db_.execute("UPDATE devices SET type = ?, name = ?, last_seen_at = ? WHERE id = ?",
                    {name_of(device->type), device->name, now, device->id});
    } else {
        device = {new_id, claim.type.value_or(devices::DeviceType::other), claim.name};
        db_.execute(R"(
            INSERT INTO devices (id, user_id, type, name, last_seen_at, created_at)
            VALUES (?, ?, ?, ?, ?, ?))",
                    {device->id, user, name_of(device->type), device->name, now, now});
    }
    if (claim.push_token) set_push_token(device->id, user, claim.push_token);
    return *device;
}

std::optional<devices::Device> Devices::find_claimed(UserId user, const devices::DeviceClaim& claim) {
    const auto device_from = [](db::Row& row) {
        return devices::Device{row.id<DeviceId>("id"), device_type_from(row, "type"), row.text("name")};
    };
    if (claim.recognized) {
        auto known = db_.find_one(
            device_from, "SELECT id, type, name FROM devices WHERE id = ? AND user_id = ? FOR UPDATE",
            {*claim.recognized, user});
        if (known) return known;
    }
    if (!claim.push_token) return std::nullopt;
    return db_.find_one(
        device_from,
        "SELECT id, type, name FROM devices WHERE push_token_hash = ? AND user_id = ? FOR UPDATE",
        {crypto::sha256(claim.push_token->text), user});
}

void Devices::set_push_token(DeviceId id, UserId user, const std::optional<devices::PushToken>& token) {
    if (!token) {
        db_.execute(
            "UPDATE devices SET push_token = NULL, push_token_hash = NULL WHERE id = ? AND user_id = ?",
            {id, user});
        return;
    }
    const auto hash = crypto::sha256(token->text);
    db_.execute(
        "UPDATE devices SET push_token = NULL, push_token_hash = NULL WHERE push_token_hash = ? AND id <> ?",
        {hash, id});
    try {
        db_.execute("UPDATE devices SET push_token = ?, push_token_hash = ? WHERE id = ? AND user_id = ?",
                    {token->text, hash, id, user});
    } catch (const db::DuplicateKey&) {
        // Another request presented the same token at this moment. The transaction starts again and takes the
        // token from that device.
        throw db::Conflict{"two devices with one push token"};
    }
}

void Devices::detach_idle(UserId user, TimePoint now) {
    db_.execute(R"(
        UPDATE devices d
           SET push_token = NULL, push_token_hash = NULL
         WHERE d.user_id = ?
           AND NOT EXISTS (SELECT 1 FROM sessions s
                            WHERE s.device_id = d.id AND s.ended_at IS NULL AND s.expires_at > ?))",
                {user, now});
}

void Devices::forget_oldest(UserId user, std::size_t most) {
    const auto surplus = db_.find_all([](db::Row& row) { return row.id<DeviceId>("id"); }, R"(
        SELECT d.id
          FROM devices d
         WHERE d.user_id = ?
           AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.device_id = d.id AND s.ended_at IS NULL)
         ORDER BY d.last_seen_at DESC, d.id DESC
         LIMIT 100 OFFSET ?)",
                                      {user, most});
    for (const DeviceId id : surplus)
        db_.execute("DELETE FROM devices WHERE id = ?", {id});
}

void Devices::remove_all(UserId user) {
    if (db_.execute("DELETE FROM devices WHERE user_id = ?", {user}) > 0)
        recalls_.post(recall::Recall::of(user));
}

std::vector<devices::DeviceRecord> Devices::page_of(UserId user, std::optional<DeviceId> before,
                                                    std::size_t most) {
    if (!before)
        return db_.find_all(record_from, kSelectRecord + "WHERE d.user_id = ? ORDER BY d.id DESC LIMIT ?",
                            {user, most});
    return db_.find_all(record_from,
                        kSelectRecord + "WHERE d.user_id = ? AND d.id < ? ORDER BY d.id DESC LIMIT ?",
                        {user, *before, most});
}

std::optional<devices::DeviceRecord> Devices::find(DeviceId id, UserId user) {
    return db_.find_one(record_from, kSelectRecord + "WHERE d.id = ? AND d.user_id = ?", {id, user});
}

void Devices::change(DeviceId id, UserId user, const devices::DeviceChange& change) {
    db_.execute(R"(
        UPDATE devices SET type = COALESCE(?, type), name = COALESCE(?, name) WHERE id = ? AND user_id = ?)",
                {change.type ? std::optional{name_of(*change.type)} : std::nullopt, change.name, id, user});
}

bool Devices::remove(DeviceId id, UserId user) {
    // The recall names the user, so it also covers a session that was opened on the device at this moment.
    const bool removed = db_.execute("DELETE FROM devices WHERE id = ? AND user_id = ?", {id, user}) == 1;
    if (removed) recalls_.post(recall::Recall::of(user));
    return removed;
}

std::vector<devices::PushTarget> Devices::push_targets(std::span<const UserId> users, std::size_t most,
                                                       TimePoint now) {
    if (users.empty()) return {};
    // The list has few possible lengths, so that there are few statements to prepare.
    std::size_t length = 1;
    while (length < users.size())
        length *= 4;
    std::string places;
    std::vector<db::Value> values;
    for (std::size_t i = 0; i < length; ++i) {
        places += i == 0 ? "?" : ", ?";
        values.emplace_back(users[std::min(i, users.size() - 1)]);
    }
    for (const TimePoint moment : {now, now - idle_, now - idle_, now})
        values.emplace_back(moment);
    values.emplace_back(most);
    return db_.find_all(
        [](db::Row& row) {
            return devices::PushTarget{
                row.id<UserId>("user_id"),
                {row.id<DeviceId>("id"), device_type_from(row, "type"), row.text("name")},
                row.text("push_token")};
        },
        R"(
        SELECT d.user_id, d.id, d.type, d.name, d.push_token
          FROM devices d
          JOIN users u ON u.id = d.user_id
         WHERE d.user_id IN ()" +
            places + R"() AND d.push_token IS NOT NULL
           AND EXISTS (SELECT 1 FROM sessions s WHERE s.device_id = d.id AND s.epoch = u.epoch AND )" +
            kIsLive + ") ORDER BY d.user_id, d.id LIMIT ?",
        std::span<const db::Value>{values});
}

}  // namespace csauth::store
