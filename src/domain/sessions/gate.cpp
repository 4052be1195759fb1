#include "sessions/gate.h"

#include <algorithm>
#include <array>

#include "base/unavailable.h"

namespace csauth::sessions {
namespace {

Error session_ended() { return {.code = ErrorCode::session_ended}; }

Caller caller_from(AccessClaims&& claims) {
    return {.holder = std::move(claims.holder),
            .session = claims.session,
            .counter = claims.counter,
            .roles = std::move(claims.roles),
            .permissions = std::move(claims.permissions),
            .issued_at = claims.issued_at,
            .expires_at = claims.expires_at,
            .is_renewable = claims.is_renewable};
}

}  // namespace

bool Caller::may(std::string_view permission) const {
    return std::find(permissions.begin(), permissions.end(), permission) != permissions.end();
}

bool Caller::has_role(std::string_view name) const {
    return std::find(roles.begin(), roles.end(), name) != roles.end();
}

Gate::Gate(const Ports& ports, const Tokens& tokens, NodeMemory memory, OnStale on_stale, const Log& log,
           Outage& unchecked)
    : tokens_{tokens},
      sessions_{ports.sessions},
      roles_{ports.roles},
      board_{memory.board},
      activity_{memory.activity},
      signs_of_life_{memory.presence, ports.clock},
      on_stale_{on_stale},
      clock_{ports.clock},
      log_{log},
      unchecked_{unchecked} {}

Result<Caller> Gate::authenticate(std::string_view access_token, Expired expired) {
    auto claims = tokens_.read_access(access_token, expired);
    if (!claims) return claims.error();
    // The board forgets recalls that concern only expired tokens, so it says nothing about this one.
    if (claims->expires_at <= clock_.now()) return ask(caller_from(std::move(*claims)));
    return authenticate(std::move(*claims));
}

Result<Caller> Gate::authenticate_site(std::string_view site_token) {
    auto claims = tokens_.read_site(site_token);
    if (!claims) return claims.error();
    return authenticate(std::move(*claims));
}

Result<Caller> Gate::authenticate(AccessClaims claims) {
    if (claims.is_abridged) return ask(caller_from(std::move(claims)));
    const auto word =
        board_.look({claims.session, claims.holder.id, claims.roles, claims.issued_at}, clock_.uptime());
    Caller caller = caller_from(std::move(claims));
    switch (word) {
        case recall::Word::silent: note(caller); return caller;
        case recall::Word::stale: return ask_if_possible(std::move(caller));
        case recall::Word::speaks:
        case recall::Word::empty: break;
    }
    return ask(caller);
}

Result<Caller> Gate::ask(const Caller& caller) {
    const auto live = sessions_.find_live(caller.session, clock_.now());
    if (!live || live->holder.id != caller.holder.id) return session_ended();
    const auto held = roles_.held_by(caller.holder.id);
    Caller present = caller;
    present.holder = live->holder;
    present.holder.full_name = name_in_tokens(live->holder.full_name);
    present.roles = roles::names_of(held);
    present.permissions = granted_to(live->holder, held);
    note(present);
    return present;
}

Result<std::optional<std::string>> Gate::renew(const Caller& caller, Ticket ticket) {
    if (!caller.is_renewable) return std::optional<std::string>{};
    const auto live = sessions_.find_live(caller.session, clock_.now());
    if (!live || live->holder.id != caller.holder.id) return session_ended();
    if (live->session.counter != caller.counter) return std::optional<std::string>{};
    const auto held = roles_.held_by(caller.holder.id);
    return std::optional{tokens_.issue_ticket(ticket, {live->holder, held, live->session}, caller.counter)};
}

Result<Caller> Gate::ask_if_possible(Caller caller) {
    try {
        auto asked = ask(caller);
        unchecked_.succeeded(log_, clock_.uptime());
        return asked;
    } catch (const Unavailable& e) {
        if (on_stale_ == OnStale::refuse) throw;
        board_.count_trust();
        unchecked_.failed(log_, clock_.uptime(), e.what());
        return caller;
    }
}

void Gate::note(const Caller& caller) {
    signs_of_life_.note(caller.session, caller.holder.id);
    const Sighting sighting{caller.session, caller.counter, clock_.now()};
    if (activity_.note(sighting)) return;
    try {
        sessions_.note_seen(std::array{sighting});
    } catch (const Unavailable&) {
        // The token is valid all the same. Without the sighting, an old refresh token may be answered once
        // more than it should.
    }
}

Result<Checked> Gate::check(std::string_view token) {
    const auto refresh = tokens_.read_refresh(token);
    if (!refresh) {
        if (refresh.error().code == ErrorCode::token_expired) return refresh.error();
        auto claims = tokens_.read_outside(token);
        if (!claims) claims = tokens_.read_access(token);
        if (!claims) return claims.error();
        std::string audience = claims->audience;
        auto caller = authenticate(std::move(*claims));
        if (!caller) return caller.error();
        const auto session = caller->session;
        const auto expires_at = caller->expires_at;
        return Checked{std::move(*caller), std::move(audience), session, expires_at};
    }
    const auto live = sessions_.find_live(refresh->session, clock_.now());
    if (!live) return session_ended();
    const Counter present = live->session.counter;
    if (refresh->counter != present && !tokens_.is_kept(*refresh, present)) return session_ended();
    return Checked{.session = refresh->session, .expires_at = refresh->expires_at};
}

Result<Caller> Gate::check_outside(std::string_view token, std::string_view audience) {
    auto claims = tokens_.read_outside(token, audience);
    if (!claims) return claims.error();
    return authenticate(std::move(*claims));
}

}  // namespace csauth::sessions
