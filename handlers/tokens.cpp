#include "sessions/tokens.h"
#include "base/clock.h"
#include "handlers/call.h"
#include "handlers/cookie_tokens.h"
#include "handlers/cookies.h"
#include "handlers/sign_in.h"
#include "handlers/views/claims.h"
#include "handlers/views/message.h"
#include "handlers/views/sessions.h"
#include "http/accept.h"
#include "http/body_reader.h"
#include "http/form.h"
#include "sessions/gate.h"
#include "sessions/refresh.h"
#include "sessions/sign_out.h"

namespace csauth::handlers {
namespace {

Error unknown_audience() {
    return invalid_field("audience", FieldCode::invalid, "There is no such audience.");
}

/// Refreshes with the first of the cookies whose session has not ended. Otherwise returns the refusal of the
/// last one tried.
Result<sessions::Refreshed> refresh_first(Services& services, const Call& call) {
    Result<sessions::Refreshed> refreshed = Error{.code = ErrorCode::authentication_required};
    for (const auto& token : call.refresh_cookies) {
        refreshed = services.refresh.refresh(token, "", call.origin());
        if (refreshed || refreshed.error().code != ErrorCode::session_ended) break;
    }
    return refreshed;
}

http::Response refreshed_by_cookie(Services& services, const Call& call,
                                   const sessions::Refreshed& refreshed) {
    http::Response response{.status = 200, .body = "{}"};
    const sessions::Bearer bearer{refreshed.holder, refreshed.roles, refreshed.session};
    cookies::set(response, services.cookies,
                 {.access = services.tokens.issue_ticket(sessions::Ticket::access, bearer, refreshed.counter),
                  .refresh = refreshed.tokens.refresh,
                  .site = services.tokens.issue_ticket(sessions::Ticket::site, bearer, refreshed.counter)});
    cookies::forget_former(response, services.cookies, call.request);
    return response;
}

/// Returns 204, or 200 with a message if the client asks for plain JSON. Clients of the Django service read a
/// message from every answer.
http::Response signed_out(const Call& call) {
    if (!http::asks_for_plain_json(call.request.header("accept"))) return {.status = 204};
    return {.status = 200, .body = views::message("Signed out.")};
}

}  // namespace

// POST /api/token/refresh and /api/api/token/refresh
Result<http::Response> refresh_token(Services& services, const Call& call) {
    const auto transport = read_token_transport(call.request);
    if (!transport) return transport.error();
    http::BodyReader body{call.request, true};
    const bool by_cookie = call.is_by_cookie;
    const auto token = by_cookie ? std::nullopt : body.required<http::NonEmptyText>("refresh");
    const auto audience = body.optional<http::NonEmptyText>("audience");
    if (by_cookie && audience)
        body.complain("audience", {FieldCode::invalid, "Tokens for others are not for cookies."});
    if (*transport == TokenTransport::cookies && !by_cookie && !body.has("refresh"))
        return http::Response{.status = 204};  // a page only asks whether somebody is signed in
    if (!body.ok()) return body.error();
    if (audience && !services.tokens.has_audience(audience->text)) return unknown_audience();

    const auto refreshed =
        by_cookie ? refresh_first(services, call)
                  : services.refresh.refresh(token->text, audience ? audience->text : "", call.origin());
    if (refreshed && by_cookie) return refreshed_by_cookie(services, call, *refreshed);
    if (!refreshed) return refreshed.error();
    return http::Response{.status = 200, .body = views::token_pair(refreshed->tokens)};
}

// POST /api/token/verify
Result<http::Response> verify_token(Services& services, const Call& call) {
    http::BodyReader body{call.request};
    const auto token = body.required<http::NonEmptyText>("token");
    const auto wants_claims = body.optional_flag("claims");
    if (!body.ok()) return body.error();

    const auto good = services.gate.check(token->text);
    if (!good) return good.error();
    if (!wants_claims.value_or(false)) return http::Response{.status = 200, .body = "{}"};
    return http::Response{.status = 200, .body = views::checked(services.tokens.issuer(), *good)};
}

// POST /api/token/blacklist
Result<http::Response> blacklist_token(Services& services, const Call& call) {
    http::BodyReader body{call.request};
    const auto refresh = body.required<http::NonEmptyText>("refresh");
    if (!body.ok()) return body.error();

    const auto ended = services.sign_out.sign_out(refresh->text, call.origin());
    if (!ended) return ended.error();
    return http::Response{.status = 200, .body = "{}"};
}

// POST /api/logout
Result<http::Response> logout(Services& services, const Call& call) {
    const auto query = http::parse_query(call.request.query);
    if (!query) return query.error();
    const auto scope = sessions::scope_named(query->get("scope").value_or("this"));
    if (!scope)
        return Error{.code = ErrorCode::bad_request, .detail = "`scope` is one of this, others and all."};
    http::BodyReader body{call.request, true};
    const auto refresh = body.optional<http::NonEmptyText>("refresh");
    if (!body.ok()) return body.error();
    if (!call.caller) {
        if (!refresh || *scope != sessions::Scope::this_one)
            return Error{.code = ErrorCode::authentication_required};
        if (const auto ended = services.sign_out.sign_out(refresh->text, call.origin()); !ended)
            return ended.error();
        return signed_out(call);
    }
    // An expired token is enough to sign this device out, but not others.
    if (*scope != sessions::Scope::this_one && call.caller->expires_at <= services.clock.now())
        return Error{.code = ErrorCode::token_expired};

    services.sign_out.sign_out(call.caller->holder.id, call.caller->session, *scope, call.origin());
    auto response = signed_out(call);
    if (call.is_by_cookie && *scope != sessions::Scope::others) cookies::clear(response, services.cookies);
    return response;
}

}  // namespace csauth::handlers
