#pragma once

#include "base/uuid.h"

namespace csauth {

using UserId = Id<struct UserKind>;
using SessionId = Id<struct SessionKind>;
using DeviceId = Id<struct DeviceKind>;
using MailId = Id<struct MailKind>;
using EntryId = Id<struct EntryKind>;  ///< an entry of the audit log
using RequestedMailId = Id<struct RequestedMailKind>;

}  // namespace csauth
