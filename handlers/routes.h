#pragma once

#include <span>
#include <string_view>

#include "handlers/call.h"
#include "limits/limit.h"

namespace csauth::handlers {

/// Who may call a route.
enum class Access {
    anyone,
    anyone_or_caller,  ///< a token that is sent must be good, but none need be
    signed_in,
    signed_in_or_expired,  ///< a genuine token past its end will do; without any, the handler asks the body
    refresh_token,         ///< the holder of a refresh token: in the body, or in a cookie of our pages
    forward_auth,          ///< a proxy that asks for a visitor; the handler answers for unknown visitors, too
    internal_key,          ///< a program on this machine that shows the notifier's key
    client_secret,         ///< the service of an outside audience, whose secret the handler reads
};

/// Returns true if a user calls such a route, as opposed to the holder of some other token or key.
constexpr bool is_for_users(Access access) {
    return access == Access::anyone_or_caller || access == Access::signed_in ||
           access == Access::signed_in_or_expired;
}

/// The form of a route's refusals.
enum class Refusals {
    problem,       ///< problem documents (RFC 9457)
    auth_request,  ///< statuses 401 and 403 only: verify_refusal()
    proxy,         ///< forward_refusal()
    oauth,         ///< oauth_refusal()
};

/// Which workers serve a route: those that may spend tens of milliseconds on a password, those that normally
/// need no database, that which holds live streams, or the others.
enum class Pool { edge, api, hash, stream };

using limits::Limit;

/// What a route takes for a body. Where a route takes JSON and its path is given, it takes forms, too.
enum class Body {
    none,
    json,
    optional_json,
    form,  ///< application/x-www-form-urlencoded
    picture,
    json_or_upload,  ///< JSON, or a form that may hold a picture
};

/// Upon whom the caller of a route acts.
enum class Subject {
    own,            ///< nobody else
    anyone,         ///< whoever it is
    lower,          ///< who stands below them (roles::Authority), never they themselves
    lower_or_self,  ///< the same, or themselves
    role,           ///< a role below their own
};

/// Which callers with an unconfirmed e-mail address a route admits; others get `email_unverified`.
enum class Unconfirmed {
    own_account,  ///< those that act upon their own account (Subject::own)
    refused,      ///< none
};

struct Route {
    std::string_view method;
    std::string_view path;  ///< without the trailing slash, which every route takes too
    Access access;
    Pool pool;
    Limit limit;
    Body body;
    Handler handler;
    roles::Flag needs = nullptr;  ///< the permission without which nobody gets in
    Subject subject = Subject::own;
    Unconfirmed unconfirmed = Unconfirmed::own_account;
    bool is_given = false;  ///< see given()
    Refusals refusals = Refusals::problem;
};

/// Marks a route of the Django service, whose clients must keep working: its path and names are given, it
/// takes forms, and its refusals also have what those clients read (http::drf_problem).
constexpr Route given(Route route) {
    route.is_given = true;
    return route;
}

/// Gives a route another form of refusals.
constexpr Route refused_as(Refusals refusals, Route route) {
    route.refusals = refusals;
    return route;
}

/// Returns the table, in the order in which routes are looked for.
std::span<const Route> all_routes();

std::string_view name_of(Access access);
std::string_view name_of(Pool pool);
std::string_view name_of(Subject subject);

}  // namespace csauth::handlers
