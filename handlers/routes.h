#pragma once

#include <span>
#include <string_view>

#include "handlers/call.h"
#include "limits/limit.h"

namespace csauth::handlers {

/// The callers that a route admits. identify() checks them, but not a token or secret in the body.
enum class Access {
    anyone,
    anyone_or_caller,      ///< a token is optional; one in a header must be good, a useless cookie is ignored
    signed_in,             ///< users with a good access token
    signed_in_or_expired,  ///< an expired token is enough; without any, the handler looks into the body
    refresh_token,         ///< the holder of a refresh token, in the body or in a cookie of our pages
    forward_auth,          ///< a proxy that asks about a visitor; unknown visitors reach the handler, too
    internal_key,          ///< a program on this machine that sends the notifier's key
    client_secret,         ///< the service of an audience outside; the handler checks its secret
};

/// Returns true if the callers of such a route are users, and not holders of another token or key.
constexpr bool is_for_users(Access access) {
    return access == Access::anyone_or_caller || access == Access::signed_in ||
           access == Access::signed_in_or_expired;
}

/// The form of a route's refusals.
enum class Refusals {
    problem,       ///< problem documents (RFC 9457)
    auth_request,  ///< the statuses 401 and 403 alone: verify_refusal()
    proxy,         ///< for proxies that pass a refusal on to their visitor: forward_refusal()
    oauth,         ///< errors of OAuth 2.0: oauth_refusal()
};

/// The workers that serve a route. `edge` workers normally need no database. `hash` workers may spend tens of
/// milliseconds on a password. `stream` is the streamer. `api` workers do everything else.
enum class Pool { edge, api, hash, stream };

using limits::Limit;

/// The body that a route accepts. A given() route that accepts JSON also accepts forms.
enum class Body {
    none,  ///< a body is ignored
    json,
    optional_json,   ///< JSON, or an empty body
    form,            ///< application/x-www-form-urlencoded
    picture,         ///< a picture, or a form with one
    json_or_upload,  ///< JSON, or a form that may hold a picture
};

/// The accounts or roles that the caller of a route sees or changes.
enum class Subject {
    own,            ///< the caller's own account
    anyone,         ///< any account, and any role
    lower,          ///< accounts below the caller's (roles::Authority), never the caller's own
    lower_or_self,  ///< accounts below the caller's, or the caller's own
    role,           ///< roles below the caller's highest priority
};

/// The callers with an unconfirmed e-mail address that a route admits. Others get `email_unverified`.
enum class Unconfirmed {
    own_account,  ///< all of them on routes with Subject::own, otherwise none
    refused,      ///< none
};

/// A line of the route table.
struct Route {
    std::string_view method;  ///< a route of GET also answers HEAD
    std::string_view path;    ///< without the trailing slash, which every route also accepts
    Access access;
    Pool pool;
    Limit limit;
    Body body;
    Handler handler;
    roles::Flag needs = nullptr;  ///< the permission that a caller must have; null: none
    Subject subject = Subject::own;
    Unconfirmed unconfirmed = Unconfirmed::own_account;
    bool is_given = false;  ///< see given()
    Refusals refusals = Refusals::problem;
};

/// Marks a route of the former Django service, whose clients must keep working. Its path and its
/// members cannot change, it accepts forms, and its refusals also have what those clients read
/// (http::drf_problem).
constexpr Route given(Route route) {
    route.is_given = true;
    return route;
}

/// Sets the form of a route's refusals.
constexpr Route refused_as(Refusals refusals, Route route) {
    route.refusals = refusals;
    return route;
}

/// Returns the route table, in the order of the search: the first route that fits serves a request.
std::span<const Route> all_routes();

/// Returns words for the generated documents: "signed in".
std::string_view name_of(Access access);

/// Returns "edge", "api", "hash" or "stream". The socket of the pool has this name, too.
std::string_view name_of(Pool pool);

/// Returns words for the generated documents: "their own account".
std::string_view name_of(Subject subject);

}  // namespace csauth::handlers
