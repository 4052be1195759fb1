#include "store/devices.h"

#include "crypto/digest.h"

namespace csauth::store {

devices::DeviceType device_type_from(const db::Row& row, const char* column) {
    const auto parsed = devices::DeviceTypeName::parse(row.text(column));
    return parsed ? parsed->type : devices::DeviceType::other;
}

devices::Device Devices::sign_in(UserId user, const devices::DeviceClaim& claim, DeviceId fresh_id,
                                 TimePoint now) {
    devices::Device fresh{fresh_id, claim.type.value_or(devices::DeviceType::other), claim.name};
    if (!claim.push_token) {
        db_.execute(R"(
            INSERT INTO devices (id, user_id, type, name, is_online, last_seen_at, created_at)
            VALUES (?, ?, ?, ?, TRUE, ?, ?))",
                    {fresh.id, user, name_of(fresh.type), fresh.name, now, now});
        return fresh;
    }
    const auto hash = crypto::sha256(claim.push_token->text);
    db_.execute(R"(
        UPDATE devices SET push_token = NULL, push_token_hash = NULL
         WHERE push_token_hash = ? AND user_id <> ?)",
                {hash, user});
    auto known = db_.find_one(
        [](db::Row& row) {
            return devices::Device{row.id<DeviceId>("id"), device_type_from(row, "type"), row.text("name")};
        },
        "SELECT id, type, name FROM devices WHERE push_token_hash = ? FOR UPDATE", {hash});
    if (known) {
        if (!claim.name.empty()) known->name = claim.name;
        known->type = claim.type.value_or(known->type);
        db_.execute("UPDATE devices SET type = ?, name = ?, is_online = TRUE, last_seen_at = ? WHERE id = ?",
                    {name_of(known->type), known->name, now, known->id});
        return *known;
    }
    try {
        db_.execute(
            R"(
            INSERT INTO devices (id, user_id, type, name, push_token, push_token_hash, is_online, last_seen_at,
                                 created_at)
            VALUES (?, ?, ?, ?, ?, ?, TRUE, ?, ?))",
            {fresh.id, user, name_of(fresh.type), fresh.name, claim.push_token->text, hash, now, now});
    } catch (const db::DuplicateKey&) {
        // A rival presented the same token in this very moment: begin again, and find its device.
        throw db::Conflict{"two sign-ins with one push token"};
    }
    return fresh;
}

void Devices::detach_idle(UserId user, TimePoint now) {
    db_.execute(R"(
        UPDATE devices d
           SET is_online = FALSE, push_token = NULL, push_token_hash = NULL
         WHERE d.user_id = ?
           AND NOT EXISTS (SELECT 1 FROM sessions s
                            WHERE s.device_id = d.id AND s.ended_at IS NULL AND s.expires_at > ?))",
                {user, now});
}

void Devices::remove_all(UserId user) { db_.execute("DELETE FROM devices WHERE user_id = ?", {user}); }

std::vector<devices::DeviceRecord> Devices::all_of(UserId user) {
    return db_.find_all(
        [](db::Row& row) {
            return devices::DeviceRecord{
                .device = {row.id<DeviceId>("id"), device_type_from(row, "type"), row.text("name")},
                .push_token = row.optional_text("push_token"),
                .is_online = row.flag("is_online"),
                .last_seen = row.time("last_seen_at"),
                .created_at = row.time("created_at")};
        },
        R"(
        SELECT id, type, name, push_token, is_online, last_seen_at, created_at
          FROM devices
         WHERE user_id = ?
         ORDER BY created_at)",
        {user});
}

}  // namespace csauth::store
