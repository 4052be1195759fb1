#include "sessions/refresh.h"

#include <algorithm>

#include "sessions/notice.h"

namespace csauth::sessions {
namespace {

constexpr int kTries = 2;

Error session_ended() { return {.code = ErrorCode::session_ended}; }

}  // namespace

Refresh::Refresh(const Ports& ports, const Tokens& tokens, const Activity& activity, RefreshPolicy policy)
    : tokens_{tokens},
      sessions_{ports.sessions},
      activity_{activity},
      devices_{ports.devices},
      users_{ports.users},
      roles_{ports.roles},
      outbox_{ports.outbox},
      audit_{ports.audit},
      transactions_{ports.transactions},
      policy_{std::move(policy)},
      clock_{ports.clock} {}

Result<Refreshed> Refresh::refresh(std::string_view refresh_token, std::string_view audience,
                                   const Origin& origin) {
    const auto claims = tokens_.read_refresh(refresh_token);
    if (!claims) return claims.error();
    const TimePoint now = clock_.now();

    // This check comes before the counter moves, so that the refresh token stays valid.
    if (!takes_unverified(audience)) {
        const auto live = sessions_.find_live(claims->session, now);
        if (live && !live->holder.is_verified) return Error{.code = ErrorCode::email_unverified};
    }

    // Nearly every refresh ends here, after two round trips to the database.
    const Presented presented{refresh_token, *claims, audience};
    if (auto found = sessions_.find_for_refresh(claims->session, now)) {
        const Session& session = found->live.session;
        const Counter present = session.counter;
        if (tokens_.is_kept(*claims, present)) {
            if (sessions_.touch(session, now))
                return answer(presented, std::move(found->live), std::move(found->held), present);
        } else if (present == claims->counter && sessions_.advance_if_unchanged(session, now)) {
            return answer(presented, std::move(found->live), std::move(found->held), present + 1);
        }
    }

    const bool steps = !tokens_.is_kept(*claims, claims->counter);
    for (int tried = 0; tried < kTries; ++tried) {
        const bool advanced = steps && sessions_.advance(claims->session, claims->counter, now);
        const auto live = sessions_.find_live(claims->session, now);
        if (!live) return session_ended();
        const Session& session = live->session;
        if (advanced) return answer_with_roles_read(presented, *live, claims->counter + 1);
        if (tokens_.is_kept(*claims, session.counter)) {
            // The UPDATE counts a row only if the time differs, so the clock is read again.
            if (sessions_.touch(session, clock_.now()))
                return answer_with_roles_read(presented, *live, session.counter);
            continue;
        }
        // A token that is as new as the row, or newer, was not copied: we have read an old row.
        if (claims->counter >= session.counter) continue;
        const bool is_parent = claims->counter + 1 == session.counter;
        if (is_parent && may_repeat(session))
            return answer_with_roles_read(presented, *live, session.counter);
        return end_stolen(session, origin);
    }
    return Error{.code = ErrorCode::invalid_token,
                 .detail = "The token is newer than what is known of it: try again."};
}

/// A service outside identifies users by the address in their token. So a token for it must not contain an
/// unconfirmed address. Our own routes look at the confirmation themselves.
bool Refresh::takes_unverified(std::string_view audience) const {
    const auto& open = policy_.unverified_audiences;
    return audience.empty() || std::find(open.begin(), open.end(), audience) != open.end();
}

bool Refresh::may_repeat(const Session& session) const {
    if (policy_.parents == ParentTokens::refused) return false;
    const TimePoint now = clock_.now();
    // A step from the future means that a clock was set back. It does not say when the step was taken.
    if (session.refreshed_at <= now + kLeeway && now < session.refreshed_at + kRacingTabsGrace) return true;
    // The keeper writes the sightings of this node to the database within a second.
    const auto here = activity_.find(session.id);
    return std::max(session.seen_counter, here ? here->counter : 0) < session.counter;
}

Result<Refreshed> Refresh::answer_with_roles_read(const Presented& presented, const LiveSession& live,
                                                  Counter counter) {
    return answer(presented, live, roles_.held_by(live.holder.id), counter);
}

Result<Refreshed> Refresh::answer(const Presented& presented, LiveSession live, std::vector<roles::Role> held,
                                  Counter counter) {
    const Bearer bearer{live.holder, held, live.session, presented.claims.mode};
    auto tokens = presented.audience.empty()
                      ? tokens_.issue_pair(bearer, counter)
                      : tokens_.issue_pair_for(presented.audience, bearer, counter).value();
    if (tokens_.rotation() == Rotation::off && tokens_.is_kept(presented.claims, counter))
        tokens.refresh = presented.token;
    return Refreshed{std::move(tokens), std::move(live.holder), std::move(held), std::move(live.session),
                     counter};
}

Error Refresh::end_stolen(const Session& session, const Origin& origin) {
    const TimePoint now = clock_.now();
    (void)transactions_.run([&]() -> Result<void> {
        if (!sessions_.end(session.id, session.user, EndReason::token_reused, now)) return {};
        devices_.detach_idle(session.user, now);
        audit_.record({.action = audit::Action::token_reused,
                       .outcome = audit::Outcome::failure,
                       .subject = session.user,
                       .detail = session.id.text()},
                      origin, now);
        // An address that was never confirmed may be a stranger's.
        if (const auto user = users_.find(session.user, now); user && user->was_ever_verified)
            outbox_.add(notice(outbox::Template::session_ended, *user, origin, now), now);
        return {};
    });
    return session_ended();
}

}  // namespace csauth::sessions
