#include "accounts/user_administration.h"

namespace csauth::accounts {
namespace {

constexpr roles::Flag kNeeded = &roles::Flags::can_manage_users;

}  // namespace

UserAdministration::UserAdministration(const Ports& ports, roles::Hierarchy& hierarchy, Profile& profile,
                                       Erasure& erasure, ResetMail& reset_mail,
                                       VerificationMail& verification_mail)
    : hierarchy_{hierarchy},
      users_{ports.users},
      sessions_{ports.sessions},
      devices_{ports.devices},
      tokens_{ports.one_time_tokens},
      profile_{profile},
      erasure_{erasure},
      reset_mail_{reset_mail},
      verification_mail_{verification_mail},
      audit_{ports.audit},
      clock_{ports.clock} {}

Result<users::User> UserAdministration::change(const roles::Actor& actor, UserId id, const UserChange& change,
                                               const Origin& origin) {
    return hierarchy_.act_on(actor, kNeeded, id, [&](const users::User& user) -> Result<users::User> {
        if (change.is_verified && *change.is_verified != user.is_verified)
            confirm(actor, user, *change.is_verified, origin);
        return profile_.apply(*users_.find(id, clock_.now()), change.profile, actor.account(), origin);
    });
}

void UserAdministration::confirm(const roles::Actor& actor, const users::User& user, bool is_verified,
                                 const Origin& origin) {
    const TimePoint now = clock_.now();
    if (is_verified) {
        if (!users_.mark_verified(user.id, user.email_key, user.epoch, now)) return;
        record(actor, audit::Action::email_verified, user.id, "", origin);
        return;
    }
    users_.mark_unverified(user.id, now);
    // A link that was used would confirm the address once more.
    tokens_.drop_issued_after(user.id, Purpose::verify_email, TimePoint{});
    verification_mail_.send_if_few(user);
    record(actor, audit::Action::user_updated, user.id, "is_verified", origin);
}

Result<void> UserAdministration::remove(const roles::Actor& actor, UserId id, const Origin& origin) {
    return hierarchy_.act_on(actor, kNeeded, id, [&](const users::User& user) -> Result<void> {
        return erasure_.erase(user, actor, origin);
    });
}

Result<void> UserAdministration::sign_out(const roles::Actor& actor, UserId id, const Origin& origin) {
    return hierarchy_.act_on(actor, kNeeded, id, [&](const users::User&) -> Result<void> {
        const TimePoint now = clock_.now();
        users_.raise_epoch(id);
        sessions_.end_all(id, std::nullopt, sessions::EndReason::revoked, now);
        devices_.detach_idle(id, now);
        record(actor, audit::Action::sessions_revoked, id, "all sessions", origin);
        return {};
    });
}

Result<void> UserAdministration::end_session(const roles::Actor& actor, UserId id, SessionId session,
                                             const Origin& origin) {
    return hierarchy_.act_on(actor, kNeeded, id, [&](const users::User&) -> Result<void> {
        const TimePoint now = clock_.now();
        if (!sessions_.end(session, id, sessions::EndReason::revoked, now))
            return Error{.code = ErrorCode::not_found};
        devices_.detach_idle(id, now);
        record(actor, audit::Action::sessions_revoked, id, "session " + session.text(), origin);
        return {};
    });
}

Result<void> UserAdministration::remove_device(const roles::Actor& actor, UserId id, DeviceId device,
                                               const Origin& origin) {
    return hierarchy_.act_on(actor, kNeeded, id, [&](const users::User&) -> Result<void> {
        if (!devices_.remove(device, id)) return Error{.code = ErrorCode::not_found};
        record(actor, audit::Action::device_removed, id, "device " + device.text(), origin);
        return {};
    });
}

Result<void> UserAdministration::reset_password(const roles::Actor& actor, UserId id, const Origin& origin) {
    return hierarchy_.act_on(actor, kNeeded, id, [&](const users::User& user) -> Result<void> {
        const TimePoint now = clock_.now();
        users_.set_password(id, user.epoch, users::kNoPassword);
        sessions_.end_all(id, std::nullopt, sessions::EndReason::password_reset, now);
        devices_.detach_idle(id, now);
        reset_mail_.send(*users_.find(id, now));
        record(actor, audit::Action::password_reset, id, "the password is void, and a mail was sent", origin);
        return {};
    });
}

void UserAdministration::record(const roles::Actor& actor, audit::Action action, UserId subject,
                                std::string detail, const Origin& origin) {
    audit_.record(
        {.action = action, .actor = actor.account(), .subject = subject, .detail = std::move(detail)}, origin,
        clock_.now());
}

}  // namespace csauth::accounts
