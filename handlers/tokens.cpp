#include "handlers/handlers.h"
#include "handlers/views.h"
#include "http/body_reader.h"

namespace csauth::handlers {

// POST /api/token/refresh: a refresh token for a new pair.
Result<http::Response> refresh_token(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto token = body.required<http::NonEmptyText>("refresh");
    if (!body.ok()) return body.error();

    const auto pair = services.refresh.refresh(token->text, call.origin());
    if (!pair) return pair.error();
    return http::Response{.status = 200, .body = views::token_pair(*pair)};
}

// POST /api/token/verify: whether a token of either type would be taken at this moment.
Result<http::Response> verify_token(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto token = body.required<http::NonEmptyText>("token");
    if (!body.ok()) return body.error();

    const auto good = services.gate.check(token->text);
    if (!good) return good.error();
    return http::Response{.status = 200, .body = "{}"};
}

// POST /api/logout?scope=this|others|all: ends sessions of the caller. A refresh token in the body is read
// for old clients, which send it; its session is the caller's own, which ends anyway.
Result<http::Response> logout(Services& services, const Call& call) {
    const auto query = http::parse_query(call.request.query);
    if (!query) return query.error();
    const auto scope = sessions::scope_named(query->get("scope").value_or("this"));
    if (!scope)
        return Error{.code = ErrorCode::bad_request, .detail = "`scope` is one of this, others and all."};
    http::BodyReader body{call.request.body, true};
    (void)body.optional<http::NonEmptyText>("refresh");
    if (!body.ok()) return body.error();
    // An expired token is enough to leave, but not to throw other devices out.
    if (*scope != sessions::Scope::this_one) {
        const auto fresh = services.tokens.read_access(call.access_token());
        if (!fresh) return fresh.error();
    }

    services.sign_out.sign_out(call.caller->user, call.caller->session.id, *scope, call.origin());
    return http::Response{.status = 204};
}

}  // namespace csauth::handlers
