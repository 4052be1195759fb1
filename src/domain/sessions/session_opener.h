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

/// The most sessions of a user that have not ended. A further sign-in ends the oldest.
inline constexpr std::size_t kMostSessions = 50;

/// The most devices of a user without a session. A sign-in on a new device removes those that were not used
/// for the longest time.
inline constexpr std::size_t kMostIdleDevices = 100;

/// The result of a sign-in.
struct OpenedSession {
    users::User user;                ///< is_online, and last_seen is the time of the sign-in
    std::vector<roles::Role> roles;  ///< highest priority first, then by name
    Session session;
    TokenPair tokens;  ///< for SessionMode::token; the caller issues other tokens for cookies
};

/// Opens sessions for users whose identity is proven. The caller has checked bans and verification.
class SessionOpener {
public:
    /// `session_lifetime`: from the sign-in to Session::expires_at.
    SessionOpener(const Ports& ports, const Tokens& tokens, std::chrono::seconds session_lifetime);

    /// Opens a session inside the caller's transaction, and writes the audit entry. Ends earlier sessions on
    /// the same device, and those beyond kMostSessions. Sends a mail if the device is new, is not the user's
    /// first, and no earlier session has the same address and User-Agent.
    ///
    /// Returns nullopt if the user's epoch has changed since `user` was read, so that a sign-in with an old
    /// password fails. The caller then rolls back.
    std::optional<OpenedSession> open(users::User user, const devices::DeviceClaim& device,
                                      const Origin& origin);

    /// Opens the first session of a user that was added in the same transaction and holds the roles `held`.
    /// Records the new account in the audit log, too. Returns nullopt in the same case as open().
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
