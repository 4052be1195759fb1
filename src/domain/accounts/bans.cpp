#include "accounts/bans.h"

#include "base/timestamps.h"
#include "sessions/notice.h"
#include "text/plain_text.h"

namespace csauth::accounts {
namespace {

constexpr roles::Flag kNeeded = &roles::Flags::can_ban_users;

/// Returns true if `known` has the same reason and the same end.
bool is_same(const users::Ban& known, const BanReason& reason, std::optional<TimePoint> until) {
    if (known.reason != reason.text || known.until.has_value() != until.has_value()) return false;
    return !until || std::chrono::abs(*known.until - *until) < kSameEnd;
}

}  // namespace

Result<BanReason, Complaint> BanReason::parse(std::string_view given) {
    auto text = text::plain_text(given, kLongestBanReason, text::Lines::one);
    if (!text) return text.error();
    if (text->empty()) return Complaint{FieldCode::too_short, "This may not be empty."};
    return BanReason{std::move(*text)};
}

Bans::Bans(const Ports& ports, roles::Hierarchy& hierarchy)
    : hierarchy_{hierarchy},
      users_{ports.users},
      sessions_{ports.sessions},
      devices_{ports.devices},
      outbox_{ports.outbox},
      audit_{ports.audit},
      clock_{ports.clock} {}

Result<users::User> Bans::ban(const roles::Actor& actor, UserId id, const BanReason& reason,
                              std::optional<TimePoint> until, const Origin& origin) {
    const TimePoint now = clock_.now();
    if (until && *until <= now)
        return invalid_field("until", FieldCode::invalid, "The end of the ban is not in the future.");
    return hierarchy_.act_on(actor, kNeeded, id, [&](const users::User& user) -> Result<users::User> {
        if (user.ban && is_same(*user.ban, reason, until)) return user;
        users_.ban(id, {until, reason.text}, now);
        sessions_.end_all(id, std::nullopt, sessions::EndReason::banned, now);
        devices_.detach_idle(id, now);
        auto letter =
            sessions::notice(until ? outbox::Template::account_suspended : outbox::Template::account_banned,
                             user, origin, now);
        letter.parameters["reason"] = reason.text;
        if (until) letter.parameters["until"] = minute_in_utc(*until);
        if (user.was_ever_verified) outbox_.add(letter, now);  // otherwise the address may be a stranger's
        audit_.record(
            {.action = audit::Action::user_banned,
             .actor = actor.account(),
             .subject = id,
             .detail = (until ? "until " + rfc3339_seconds(*until) + ": " : "for good: ") + reason.text},
            origin, now);
        return *users_.find(id, now);
    });
}

Result<void> Bans::lift(const roles::Actor& actor, UserId id, const Origin& origin) {
    return hierarchy_.act_on(actor, kNeeded, id, [&](const users::User& user) -> Result<void> {
        const TimePoint now = clock_.now();
        if (!users_.lift_ban(id, std::nullopt)) return {};
        // A ban that has ended by itself needs no mail.
        if (user.ban && user.was_ever_verified)
            outbox_.add(sessions::notice(outbox::Template::ban_lifted, user, origin, now), now);
        audit_.record({.action = audit::Action::user_unbanned, .actor = actor.account(), .subject = id},
                      origin, now);
        return {};
    });
}

std::size_t forget_ended_bans(users::Users& users, audit::AuditLog& audit, Transactions& transactions,
                              std::size_t most, TimePoint now) {
    std::size_t forgotten = 0;
    for (const UserId user : users.bans_ended(most, now)) {
        const auto lifted = transactions.run([&]() -> Result<void> {
            if (!users.lift_ban(user, now)) return Error{.code = ErrorCode::not_found};
            audit.record({.action = audit::Action::user_unbanned,
                          .subject = user,
                          .detail = "the ban has come to its end"},
                         {}, now);
            return {};
        });
        if (lifted) ++forgotten;
    }
    return forgotten;
}

}  // namespace csauth::accounts
