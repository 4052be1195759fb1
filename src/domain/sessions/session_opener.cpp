#include "sessions/session_opener.h"

#include <array>

#include "sessions/notice.h"

namespace csauth::sessions {

SessionOpener::SessionOpener(const Ports& ports, const Tokens& tokens, std::chrono::seconds session_lifetime)
    : sessions_{ports.sessions},
      devices_{ports.devices},
      roles_{ports.roles},
      outbox_{ports.outbox},
      audit_{ports.audit},
      tokens_{tokens},
      session_lifetime_{session_lifetime},
      clock_{ports.clock},
      random_{ports.random} {}

std::optional<OpenedSession> SessionOpener::open(users::User user, const devices::DeviceClaim& device,
                                                 const Origin& origin) {
    const TimePoint now = clock_.now();
    const DeviceId new_device = DeviceId::make(now, random_);
    auto session = build(user, device, new_device, origin, now);
    const bool is_new_device = session.device.id == new_device;
    // A client that signs in again has lost the tokens of its earlier session.
    if (!is_new_device) sessions_.end_on_device(user.id, session.device.id, EndReason::replaced, now);
    if (!sessions_.add(session)) return std::nullopt;
    const Past past =
        is_new_device ? sessions_.past_of(session) : Past{.sessions = sessions_.unended_of(user.id)};
    if (past.sessions > kMostSessions && sessions_.end_oldest(user.id, kMostSessions, now))
        devices_.detach_idle(user.id, now);
    if (is_new_device && past.devices > kMostIdleDevices) devices_.forget_oldest(user.id, kMostIdleDevices);
    audit_.record({.action = audit::Action::login_succeeded, .actor = user.id, .subject = user.id}, origin,
                  now);
    if (is_new_device && past.devices > 1 && !past.has_same_place)
        outbox_.add(notice(outbox::Template::new_device, user, origin, now), now);

    auto held = roles_.held_by(user.id);
    return let_in(std::move(user), std::move(held), std::move(session), now);
}

std::optional<OpenedSession> SessionOpener::open_first(users::User user, std::vector<roles::Role> held,
                                                       const devices::DeviceClaim& device,
                                                       const Origin& origin) {
    const TimePoint now = clock_.now();
    auto session = build(user, device, DeviceId::make(now, random_), origin, now);
    if (!sessions_.add(session)) return std::nullopt;
    const auto did = [&](audit::Action action) {
        return audit::Act{.action = action, .actor = user.id, .subject = user.id};
    };
    audit_.record(std::array{did(audit::Action::user_created), did(audit::Action::login_succeeded)}, origin,
                  now);
    return let_in(std::move(user), std::move(held), std::move(session), now);
}

/// Returns a session that is not written yet. Writes its device: the claimed one, or a new one.
Session SessionOpener::build(const users::User& user, const devices::DeviceClaim& device, DeviceId new_device,
                             const Origin& origin, TimePoint now) {
    return {.id = SessionId::make(now, random_),
            .user = user.id,
            .device = devices_.sign_in(user.id, device, new_device, now),
            .epoch = user.epoch,
            .created_at = now,
            .refreshed_at = now,
            .last_active_at = now,
            .expires_at = now + session_lifetime_,
            .ip = origin.ip,
            .user_agent = origin.user_agent};
}

OpenedSession SessionOpener::let_in(users::User user, std::vector<roles::Role> held, Session session,
                                    TimePoint now) {
    user.is_online = true;
    user.last_seen = now;
    auto tokens = tokens_.issue_pair({holder_of(user), held, session, SessionMode::token}, session.counter);
    return {std::move(user), std::move(held), std::move(session), std::move(tokens)};
}

}  // namespace csauth::sessions
