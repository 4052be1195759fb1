#include "sessions/sign_out.h"

namespace csauth::sessions {

std::optional<Scope> scope_named(std::string_view name) {
    if (name == "this") return Scope::this_one;
    if (name == "others") return Scope::others;
    if (name == "all") return Scope::all;
    return std::nullopt;
}

SignOut::SignOut(const Ports& ports, const Tokens& tokens)
    : tokens_{tokens},
      sessions_{ports.sessions},
      devices_{ports.devices},
      users_{ports.users},
      audit_{ports.audit},
      transactions_{ports.transactions},
      clock_{ports.clock} {}

void SignOut::sign_out(UserId user, SessionId current, Scope scope, const Origin& origin) {
    const TimePoint now = clock_.now();
    (void)transactions_.run([&]() -> Result<void> {
        switch (scope) {
            case Scope::this_one:
                if (!sessions_.end(current, user, EndReason::signed_out, now)) return {};
                break;
            case Scope::others: sessions_.end_all(user, current, EndReason::signed_out, now); break;
            case Scope::all:
                users_.raise_epoch(user);
                sessions_.end_all(user, std::nullopt, EndReason::signed_out, now);
                break;
        }
        devices_.detach_idle(user, now);
        audit_.record({.action = audit::Action::logout, .actor = user, .subject = user}, origin, now);
        return {};
    });
}

Result<void> SignOut::sign_out(std::string_view refresh_token, const Origin& origin) {
    const auto claims = tokens_.read_refresh(refresh_token);
    if (!claims) return claims.error();
    const auto live = sessions_.find_live(claims->session, clock_.now());
    if (!live) return Error{.code = ErrorCode::session_ended};
    sign_out(live->holder.id, claims->session, Scope::this_one, origin);
    return {};
}

}  // namespace csauth::sessions
