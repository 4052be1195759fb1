#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace csauth::presence {

/// How present a device or a user is. The numbers are those of the database.
enum class Status : std::uint8_t { offline = 0, invisible = 1, away = 2, busy = 3, online = 4 };

/// Returns the name that clients see: "away".
std::string_view name_of(Status status);

/// Returns the status with that number in the database. A number that only a newer version knows counts as
/// online.
Status status_numbered(std::int64_t number);

/// A status that a user chooses. It is never `offline`.
struct StatusName {
    Status status;

    /// `invalid`: the text is not the name of such a status.
    static Result<StatusName, Complaint> parse(std::string_view given);
};

/// Returns the status of a user with two devices. `invisible` wins, then `busy`: both are a person's choice,
/// which another device that merely polls must not undo. Then `online`, `away`, `offline`.
Status together(Status a, Status b);

/// Returns how others see the status: an invisible user looks offline. Nobody else can tell such a user from
/// one who is away from all devices.
inline Status shown_to_others(Status status) {
    return status == Status::invisible ? Status::offline : status;
}

}  // namespace csauth::presence
