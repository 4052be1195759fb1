#pragma once

#include "db/database.h"
#include "devices/devices.h"
#include "recall/recall.h"

namespace csauth::store {

/// Implements devices::Devices over the table `devices`. Posts its recalls in the transaction of the change.
class Devices final : public devices::Devices {
public:
    /// `idle`: how long a session lives without use. Only push_targets() needs it.
    Devices(db::Database& database, recall::Recalls& recalls, std::chrono::seconds idle)
        : db_{database}, recalls_{recalls}, idle_{idle} {}

    devices::Device sign_in(UserId user, const devices::DeviceClaim& claim, DeviceId new_id,
                            TimePoint now) override;
    void detach_idle(UserId user, TimePoint now) override;
    void forget_oldest(UserId user, std::size_t most) override;
    void remove_all(UserId user) override;
    std::vector<devices::DeviceRecord> page_of(UserId user, std::optional<DeviceId> before,
                                               std::size_t most) override;
    std::optional<devices::DeviceRecord> find(DeviceId id, UserId user) override;
    void change(DeviceId id, UserId user, const devices::DeviceChange& change) override;
    void set_push_token(DeviceId id, UserId user, const std::optional<devices::PushToken>& token) override;
    bool remove(DeviceId id, UserId user) override;
    /// `users` must not be empty.
    std::vector<devices::PushTarget> push_targets(std::span<const UserId> users, std::size_t most,
                                                  TimePoint now) override;

private:
    std::optional<devices::Device> find_claimed(UserId user, const devices::DeviceClaim& claim);

    db::Database& db_;
    recall::Recalls& recalls_;
    std::chrono::seconds idle_;
};

/// Returns the device type in a column of a row; `other` for a name that this version does not know.
devices::DeviceType device_type_from(const db::Row& row, const char* column);

}  // namespace csauth::store
