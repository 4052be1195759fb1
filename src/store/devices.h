#pragma once

#include "db/database.h"
#include "devices/devices.h"

namespace csauth::store {

class Devices final : public devices::Devices {
public:
    explicit Devices(db::Database& database) : db_{database} {}

    devices::Device sign_in(UserId user, const devices::DeviceClaim& claim, DeviceId fresh_id,
                            TimePoint now) override;
    void detach_idle(UserId user, TimePoint now) override;
    void remove_all(UserId user) override;
    std::vector<devices::DeviceRecord> all_of(UserId user) override;

private:
    db::Database& db_;
};

/// What a row says of a device, for statements that join the table.
devices::DeviceType device_type_from(const db::Row& row, const char* column);

}  // namespace csauth::store
