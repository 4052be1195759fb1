#include "sessions/gate.h"

namespace csauth::sessions {

Gate::Gate(const Tokens& tokens, Sessions& sessions, const Clock& clock)
    : tokens_{tokens}, sessions_{sessions}, clock_{clock} {}

Result<Caller> Gate::admit(std::string_view access_token, Expired expired) {
    const auto claims = tokens_.read_access(access_token, expired);
    if (!claims) return claims.error();
    const TimePoint now = clock_.now();
    auto live = sessions_.find_live(claims->session, now);
    if (!live || live->session.user != claims->user) return Error{.code = ErrorCode::session_ended};
    if (claims->counter > live->session.seen_counter)
        sessions_.note_seen(claims->session, claims->counter, now);
    return Caller{claims->user, std::move(live->session), live->user_is_verified};
}

Result<void> Gate::check(std::string_view token) {
    const auto refresh = tokens_.read_refresh(token);
    if (!refresh) {
        if (refresh.error().code == ErrorCode::token_expired) return refresh.error();
        const auto caller = admit(token);
        return caller ? Result<void>{} : caller.error();
    }
    const auto live = sessions_.find_live(refresh->session, clock_.now());
    if (!live || live->session.counter != refresh->counter) return Error{.code = ErrorCode::session_ended};
    return {};
}

}  // namespace csauth::sessions
