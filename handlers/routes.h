#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "handlers/handlers.h"

namespace csauth::handlers {

/// Who may call a route.
enum class Access {
    anyone,
    anyone_or_caller,  ///< a token that is sent must be good, but none need be
    signed_in,
    signed_in_or_expired,  ///< a genuine token past its end will do; without any, the handler asks the body
};

/// Which workers serve a route: those that may spend tens of milliseconds on a password, those that normally
/// need no database, that which holds live streams, or the others.
enum class Pool { edge, api, hash, stream };

/// How requests are counted by the address that they come from: by nginx as the outer wall (but upload,
/// profile and exports), and finer by limits::Limiter (but refresh and check). What is forgiven when it
/// succeeds counts guesses; the others count mails and work.
enum class Limit {
    none,
    login,
    registration,
    forgot,
    resend,
    verify,
    reset,
    change,
    upload,
    profile,
    exports,
    refresh,
    check,  ///< like refresh, but not of services
};

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
};

/// Marks a route of the Django service, whose clients must keep working: its path and names are given, it
/// takes forms, and its refusals also have what those clients read (http::drf_problem).
constexpr Route given(Route route) {
    route.is_given = true;
    return route;
}

std::span<const Route> all_routes();

std::string_view name_of(Access access);
std::string_view name_of(Pool pool);
std::string_view name_of(Subject subject);
std::string_view name_of(Limit limit);

/// What a request met: for the log.
struct Answer {
    http::Response response;
    std::string_view route = "none";  ///< the path of the route, never the request's own
    std::string user = {};            ///< id of the caller, where known
};

/// Returns the refusal of this request: a problem document, or what a proxy understands that asks for a third
/// party. On a path that is given, a client that asks for plain JSON gets http::drf_problem().
http::Response refusal(const http::Request& request, const Error& error);

/// Runs `act` as a request that `limit` counts, by the client's address and, where the limit says so, by the
/// caller. Returns what `act` returns, or `too_many_requests` without having run it.
Result<http::Response> counted(Limit limit, Services& services, const Call& call,
                               const std::function<Result<http::Response>()>& act);

/// Finds the route, checks what its line asks for, and calls its handler. Every Error becomes a problem
/// document here; what is thrown, the caller gets.
Answer dispatch(Services& services, const http::Request& request, Pool pool);

}  // namespace csauth::handlers
