#include "sessions/admission.h"

#include "sessions/notice.h"

namespace csauth::sessions {

Admission::Admission(Sessions& sessions, devices::Devices& devices, roles::Roles& roles,
                     outbox::Outbox& outbox, audit::AuditLog& audit, const Tokens& tokens,
                     std::chrono::seconds session_lifetime, const Clock& clock, Random& random)
    : sessions_{sessions},
      devices_{devices},
      roles_{roles},
      outbox_{outbox},
      audit_{audit},
      tokens_{tokens},
      session_lifetime_{session_lifetime},
      clock_{clock},
      random_{random} {}

std::optional<Admitted> Admission::admit(users::User user, const devices::DeviceClaim& device,
                                         const Origin& origin) {
    const TimePoint now = clock_.now();
    const DeviceId fresh_device = DeviceId::make(now, random_);
    Session session{.id = SessionId::make(now, random_),
                    .user = user.id,
                    .device = devices_.sign_in(user.id, device, fresh_device, now),
                    .epoch = user.epoch,
                    .created_at = now,
                    .refreshed_at = now,
                    .last_active_at = now,
                    .expires_at = now + session_lifetime_,
                    .ip = origin.ip,
                    .user_agent = origin.user_agent};
    const bool is_fresh = session.device.id == fresh_device;
    // Who signs in again on a device has lost what they had there.
    if (!is_fresh) sessions_.end_on_device(user.id, session.device.id, EndReason::replaced, now);
    if (!sessions_.add(session)) return std::nullopt;
    const Past past = sessions_.past_of(session);
    if (past.sessions > kMostSessions && sessions_.end_oldest(user.id, kMostSessions, now))
        devices_.detach_idle(user.id, now);
    if (is_fresh && past.devices > kMostIdleDevices) devices_.forget_oldest(user.id, kMostIdleDevices);
    audit_.record({.action = audit::Action::login_succeeded, .actor = user.id, .subject = user.id}, origin,
                  now);

    if (is_fresh && past.devices > 1 && !past.has_same_place)
        outbox_.add(notice(outbox::Template::new_device, user, origin, now), now);

    user.is_online = true;
    user.last_seen = now;
    auto held = roles_.held_by(user.id);
    auto tokens = tokens_.mint({holder_of(user), held, session}, session.counter);
    return Admitted{std::move(user), std::move(held), std::move(session), std::move(tokens)};
}

}  // namespace csauth::sessions
