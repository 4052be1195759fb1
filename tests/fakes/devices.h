#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "base/transactions.h"
#include "base/unavailable.h"
#include "devices/devices.h"
#include "fakes/recalls.h"
#include "fakes/transactions.h"
#include "recall/board.h"

namespace csauth::fakes {

class Devices final : public devices::Devices, public Remembering {
public:
    std::function<void()> remember() override { return restorer(rows); }

    explicit Devices(Recalls& recalls) : recalls_{recalls} {}

    struct Row {
        devices::Device device;
        UserId user;
        std::optional<std::string> push_token;
        TimePoint last_seen;
        TimePoint created_at;
    };
    std::map<DeviceId, Row> rows;
    /// Tells whether a device has a live session. The owner of the sessions sets it.
    std::function<bool(DeviceId)> has_session = [](DeviceId) { return false; };

    devices::Device sign_in(UserId user, const devices::DeviceClaim& claim, DeviceId fresh_id,
                            TimePoint now) override {
        auto known = claim.recognized ? rows.find(*claim.recognized) : rows.end();
        if (known != rows.end() && known->second.user != user) known = rows.end();
        if (known == rows.end() && claim.push_token)
            known = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
                return row.second.user == user && row.second.push_token == claim.push_token->text;
            });
        const DeviceId id = known == rows.end() ? fresh_id : known->first;
        if (known == rows.end())
            rows[id] = {.device = {id, devices::DeviceType::other, ""}, .user = user, .created_at = now};
        Row& row = rows[id];
        row.device.type = claim.type.value_or(row.device.type);
        if (!claim.name.empty()) row.device.name = claim.name;
        row.last_seen = now;
        if (claim.push_token) set_push_token(id, user, claim.push_token);
        return row.device;
    }

    void detach_idle(UserId user, TimePoint) override {
        for (auto& [id, row] : rows) {
            if (row.user != user || has_session(id)) continue;
            row.push_token.reset();
        }
    }
    void forget_oldest(UserId user, std::size_t most) override {
        std::vector<std::pair<TimePoint, DeviceId>> idle;
        for (const auto& [id, row] : rows)
            if (row.user == user && !has_session(id)) idle.emplace_back(row.last_seen, id);
        std::sort(idle.rbegin(), idle.rend());
        for (std::size_t i = most; i < idle.size(); ++i)
            rows.erase(idle[i].second);
    }
    void remove_all(UserId user) override {
        if (std::erase_if(rows, [&](const auto& row) { return row.second.user == user; }) > 0)
            recalls_.post(recall::Recall::of(user));
        on_removed(user);
    }
    std::vector<devices::DeviceRecord> page_of(UserId user, std::optional<DeviceId> before,
                                               std::size_t most) override {
        std::vector<devices::DeviceRecord> found;
        for (auto row = rows.rbegin(); row != rows.rend(); ++row)
            if (row->second.user == user && (!before || row->first < *before) && found.size() < most)
                found.push_back(record_of(row->second));
        return found;
    }
    std::optional<devices::DeviceRecord> find(DeviceId id, UserId user) override {
        const auto row = rows.find(id);
        if (row == rows.end() || row->second.user != user) return std::nullopt;
        return record_of(row->second);
    }
    void change(DeviceId id, UserId, const devices::DeviceChange& change) override {
        auto& device = rows.at(id).device;
        device.type = change.type.value_or(device.type);
        device.name = change.name.value_or(device.name);
    }
    void set_push_token(DeviceId id, UserId, const std::optional<devices::PushToken>& token) override {
        for (auto& [other, row] : rows)
            if (token && row.push_token == token->text) row.push_token.reset();
        rows.at(id).push_token = token ? std::optional{token->text} : std::nullopt;
    }
    bool remove(DeviceId id, UserId user) override {
        const auto row = rows.find(id);
        if (row == rows.end() || row->second.user != user) return false;
        rows.erase(row);
        recalls_.post(recall::Recall::of(user));
        on_device_removed(id);
        return true;
    }
    std::vector<devices::PushTarget> push_targets(std::span<const UserId> users, std::size_t most,
                                                  TimePoint) override {
        std::vector<devices::PushTarget> found;
        for (const auto& [id, row] : rows)
            if (found.size() < most && std::find(users.begin(), users.end(), row.user) != users.end() &&
                row.push_token && has_session(id))
                found.push_back({row.user, row.device, *row.push_token});
        return found;
    }
    std::function<void(DeviceId)> on_device_removed = [](DeviceId) {};
    /// Removes what belongs to the devices. The owner of the sessions sets it.
    std::function<void(UserId)> on_removed = [](UserId) {};

private:
    static devices::DeviceRecord record_of(const Row& row) {
        return {row.device, row.push_token, false, row.last_seen, row.created_at};
    }

    Recalls& recalls_;
};

}  // namespace csauth::fakes
