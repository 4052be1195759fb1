#include "sessions/refresh.h"

#include "sessions/notice.h"

namespace csauth::sessions {
namespace {

Error session_ended() { return {.code = ErrorCode::session_ended}; }

}  // namespace

Refresh::Refresh(const Tokens& tokens, Sessions& sessions, users::Users& users, roles::Roles& roles,
                 outbox::Outbox& outbox, audit::AuditLog& audit, Transactions& transactions,
                 const Clock& clock)
    : tokens_{tokens},
      sessions_{sessions},
      users_{users},
      roles_{roles},
      outbox_{outbox},
      audit_{audit},
      transactions_{transactions},
      clock_{clock} {}

Result<TokenPair> Refresh::refresh(std::string_view refresh_token, const Origin& origin) {
    const auto claims = tokens_.read_refresh(refresh_token);
    if (!claims) return claims.error();
    const TimePoint now = clock_.now();

    const bool advanced = sessions_.advance(claims->session, claims->counter, now);
    const auto live = sessions_.find_live(claims->session, now);
    if (!live) return session_ended();
    const Session& session = live->session;
    if (advanced) return mint(session, claims->counter + 1);

    const bool is_parent = claims->counter + 1 == session.counter;
    const bool is_young = now < session.refreshed_at + kRacingTabsGrace;
    const bool is_unconfirmed = session.seen_counter < session.counter;
    if (is_parent && (is_young || is_unconfirmed)) return mint(session, session.counter);
    // A counter that is not behind is no theft: we read a replica that lags, or a rival moved the row between
    // the two statements. The client may simply try again.
    if (claims->counter >= session.counter) return session_ended();
    return end_stolen(session, origin);
}

Result<TokenPair> Refresh::mint(const Session& session, Counter counter) {
    const auto user = users_.find(session.user, clock_.now());
    if (!user || user->ban) return session_ended();
    return tokens_.mint({*user, roles_.held_by(session.user), session}, counter);
}

Error Refresh::end_stolen(const Session& session, const Origin& origin) {
    const TimePoint now = clock_.now();
    (void)transactions_.run([&]() -> Result<void> {
        if (!sessions_.end(session.id, session.user, EndReason::token_reused, now)) return {};
        audit_.record({.action = audit::Action::token_reused,
                       .outcome = audit::Outcome::failure,
                       .subject = session.user,
                       .detail = session.id.text()},
                      origin, now);
        if (const auto user = users_.find(session.user, now))
            outbox_.add(notice(outbox::Template::session_ended, *user, origin, now), now);
        return {};
    });
    return session_ended();
}

}  // namespace csauth::sessions
