#include "limits/limit.h"

#include <array>

namespace csauth::limits {
namespace {

using namespace std::chrono_literals;

constexpr Rate kGuessesAtPassword{.free = 5, .forgotten = 15min, .longest_wait = 15min};
constexpr Rate kGuesses{.free = 10, .forgotten = 6s};
constexpr Rate kMails{.free = 5, .forgotten = 2min};
constexpr Rate kUploads{.free = 10, .forgotten = 30s};
constexpr Rate kProfileChanges{.free = 30, .forgotten = 20s};

/// In the order of the enumeration, so that a limit is an index. are_in_order() checks it.
constexpr auto kLimits = std::to_array<LimitKind>({
    {.limit = Limit::none, .name = "none", .rate = {}},
    {.limit = Limit::login, .name = "login", .rate = kGuesses, .is_guess = true, .wall = Wall::credentials},
    {.limit = Limit::registration,
     .name = "registration",
     .rate = Rate{.free = 20, .forgotten = 30s},
     .wall = Wall::registration},
    {.limit = Limit::forgot, .name = "forgot", .rate = kMails, .wall = Wall::mail},
    {.limit = Limit::resend, .name = "resend", .rate = kMails, .wall = Wall::mail},
    {.limit = Limit::verify, .name = "verify", .rate = kGuesses, .is_guess = true, .wall = Wall::credentials},
    {.limit = Limit::reset, .name = "reset", .rate = kGuesses, .is_guess = true, .wall = Wall::credentials},
    {.limit = Limit::change,
     .name = "change",
     .rate = kGuesses,
     .is_guess = true,
     .and_of_user = Limit::change_of_user,
     .wall = Wall::credentials,
     .also = "`/api/profile/` with a password"},
    {.limit = Limit::upload,
     .name = "upload",
     .rate = kUploads,
     .and_of_user = Limit::upload_of_user,
     .also = "`/api/profile/` with a picture"},
    {.limit = Limit::profile,
     .name = "profile",
     .rate = kProfileChanges,
     .and_of_user = Limit::profile_of_user,
     .wall = Wall::profile},
    {.limit = Limit::exports,
     .name = "exports",
     .rate = Rate{.free = 20, .forgotten = 3min},
     .and_of_user = Limit::exports_of_user},
    {.limit = Limit::refresh, .name = "refresh", .rate = {}, .wall = Wall::refresh},
    {.limit = Limit::check, .name = "check", .rate = {}, .wall = Wall::check},
    {.limit = Limit::introspection,
     .name = "introspection",
     .rate = kGuesses,
     .is_guess = true,
     .also = "wrong client secrets at POST `/oauth/introspect/`"},

    {.limit = Limit::change_of_user, .name = "changes of a user", .rate = kMails, .counted_by = "user"},
    {.limit = Limit::upload_of_user, .name = "uploads of a user", .rate = kUploads, .counted_by = "user"},
    {.limit = Limit::profile_of_user,
     .name = "profile changes of a user",
     .rate = kProfileChanges,
     .counted_by = "user"},
    {.limit = Limit::exports_of_user,
     .name = "exports of a user",
     .rate = Rate{.free = 5, .forgotten = 12min},
     .counted_by = "user"},

    {.limit = Limit::password_of_account,
     .name = "password of an account",
     .rate = kGuessesAtPassword,
     .is_guess = true,
     .counted_by = "account",
     .also =
         "guesses at its password through any route, from anywhere, by any of its names; also if there is no "
         "such account"},
    {.limit = Limit::password_of_owner,
     .name = "password of an account, by its owner",
     .rate = kGuessesAtPassword,
     .is_guess = true,
     .counted_by = "account",
     .also =
         "guesses at its password by its signed-in user, or from a device that shows the key of an earlier "
         "sign-in"},

    {.limit = Limit::failures_in_log,
     .name = "refusals in the audit log",
     .rate = Rate{.free = 600, .forgotten = 100ms},
     .counted_by = "kind"},
    {.limit = Limit::failures_of_account_in_log,
     .name = "refusals of an account in the audit log",
     .rate = Rate{.free = 20, .forgotten = 3min},
     .counted_by = "kind and account"},
    {.limit = Limit::throttling_in_log,
     .name = "waits of an account in the audit log",
     .rate = Rate{.free = 1, .forgotten = 15min},
     .counted_by = "account"},
});

constexpr auto kWalls = std::to_array<WallRate>({
    {.wall = Wall::credentials, .name = "credentials", .per_minute = 120, .burst = 40},
    {.wall = Wall::registration, .name = "registration", .per_minute = 20, .burst = 10},
    {.wall = Wall::mail, .name = "mail", .per_minute = 10, .burst = 5},
    {.wall = Wall::profile, .name = "profile", .per_minute = 60, .burst = 40},
    {.wall = Wall::refresh, .name = "refresh", .per_minute = 300, .burst = 100},
    {.wall = Wall::check, .name = "check", .per_minute = 300, .burst = 100},
});

constexpr bool are_in_order() {
    for (std::size_t i = 0; i < kLimits.size(); ++i)
        if (kLimits.at(i).limit != static_cast<Limit>(i)) return false;
    for (std::size_t i = 0; i < kWalls.size(); ++i)
        if (kWalls.at(i).wall != static_cast<Wall>(i)) return false;
    return kLimits.size() == static_cast<std::size_t>(kLastLimit) + 1 &&
           kWalls.size() == static_cast<std::size_t>(kLastWall) + 1;
}
static_assert(are_in_order());

}  // namespace

const LimitKind& kind_of(Limit limit) { return kLimits.at(static_cast<std::size_t>(limit)); }

std::string_view name_of(Limit limit) { return kind_of(limit).name; }

const Rate& rate_of(Limit limit) { return kind_of(limit).rate.value(); }

std::span<const LimitKind> all_limits() { return kLimits; }

std::span<const WallRate> all_walls() { return kWalls; }

}  // namespace csauth::limits
