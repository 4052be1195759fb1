#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

namespace csauth::limits {

/// What is counted. The table in limit.cpp has the rate of each, and the key by which it counts.
enum class Limit {
    none,
    // Requests, by client: an IPv4 address, or an IPv6 network of /64.
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
    check,
    introspection,
    // The same requests, by user and from any client.
    change_of_user,
    upload_of_user,
    profile_of_user,
    exports_of_user,
    // Guesses at one account's password.
    password_of_account,
    password_of_owner,
    // Entries of the audit log about refusals.
    failures_in_log,
    failures_of_account_in_log,
    throttling_in_log,
};
inline constexpr Limit kLastLimit = Limit::throttling_in_log;

/// How attempts are counted and forgotten.
struct Rate {
    unsigned free;                        ///< attempts that may follow each other at once
    std::chrono::milliseconds forgotten;  ///< the time after which one attempt is forgotten, then the next
    /// If not 0: after the free attempts each one has to wait, 1 s at first, doubling, up to this. If 0: an
    /// attempt has to wait until one is forgotten.
    std::chrono::milliseconds longest_wait{0};
};

/// A count of requests that the web server keeps by client, before the service sees them. Limits of the same
/// wall share one count.
enum class Wall { credentials, registration, mail, profile, refresh, check };
inline constexpr Wall kLastWall = Wall::check;

/// The rate that the web server's configuration gives a wall.
struct WallRate {
    Wall wall;
    std::string_view name;  ///< in the web server's configuration
    unsigned per_minute;
    unsigned burst;  ///< requests that may follow each other at once
};

/// One row of the table of limits.
struct LimitKind {
    Limit limit;
    std::string_view name;                   ///< for the web server's maps, the audit log and the documents
    std::optional<Rate> rate;                ///< nullopt if the service does not count it
    bool is_guess = false;                   ///< an attempt that succeeds does not count
    std::optional<Limit> and_of_user = {};   ///< the limit that also counts requests of signed-in users
    std::optional<Wall> wall = {};           ///< nullopt if the web server does not count it
    std::string_view counted_by = "client";  ///< the kind of key, for docs/use/limits.md
    std::string_view also =
        {};  ///< what counts besides the routes with this limit: Markdown for docs/use/limits.md
};

/// Returns the limit's row. It is a constant of the program.
const LimitKind& kind_of(Limit limit);
std::string_view name_of(Limit limit);

/// Returns the limit's rate. Throws std::bad_optional_access if the service does not count the limit.
const Rate& rate_of(Limit limit);

/// Returns all rows, in the order of the enumerations.
std::span<const LimitKind> all_limits();
std::span<const WallRate> all_walls();

}  // namespace csauth::limits
