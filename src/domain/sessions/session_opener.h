#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "audit/audit_log.h"
#include "base/clock.h"
#include "base/origin.h"
#include "base/random.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "roles/roles.h"
#include "sessions/ports.h"
#include "sessions/sessions.h"
#include "sessions/tokens.h"
#include "users/user.h"

namespace csauth::sessions {

/// How many live sessions a user may have; the oldest gives way.
inline constexpr std::size_t kMostSessions = 50;

/// How many devices without a session are remembered of a user; the one that was away the longest gives way.
inline constexpr std::size_t kMostIdleDevices = 100;

/// What a person gets who was let in.
struct OpenedSession {
    users::User user;
    std::vector<roles::Role> roles;
    Session session;
    TokenPair tokens;  ///< of a session in token mode
};

/// Opens sessions for users whose identity is proven.
class SessionOpener {
public:
    SessionOpener(const Ports& ports, const Tokens& tokens, std::chrono::seconds session_lifetime);

    /// Inside the caller's transaction. Nothing when the user's epoch has moved on since `user` was read: a
    /// password that was changed meanwhile wins over a sign-in with the old one. The user is told by mail of
    /// a device that was never seen before, unless it is their first.
    std::optional<OpenedSession> open(users::User user, const devices::DeviceClaim& device,
                                      const Origin& origin);

    /// The same for somebody who is made in this transaction, holding these roles: they have no past to look
    /// at. That they were made goes into the audit log with it.
    std::optional<OpenedSession> open_first(users::User user, std::vector<roles::Role> held,
                                            const devices::DeviceClaim& device, const Origin& origin);

private:
    Session build(const users::User& user, const devices::DeviceClaim& device, DeviceId new_device,
                  const Origin& origin, TimePoint now);
    OpenedSession let_in(users::User user, std::vector<roles::Role> held, Session session, TimePoint now);

    Sessions& sessions_;
    devices::Devices& devices_;
    roles::Roles& roles_;
    outbox::Outbox& outbox_;
    audit::AuditLog& audit_;
    const Tokens& tokens_;
    std::chrono::seconds session_lifetime_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace csauth::sessions
