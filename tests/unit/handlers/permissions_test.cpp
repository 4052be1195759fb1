#include <boost/test/unit_test.hpp>

#include "fakes/dispatching.h"

// Walks every route that asks who somebody is, as everybody, upon everybody: what is allowed must be what the
// route table says, which docs/use/permissions.md shows.
BOOST_AUTO_TEST_SUITE(permissions)

using namespace csauth;
using handlers::Access;
using handlers::Route;
using handlers::Subject;

namespace {

/// The user that a caller acts upon, by their rank.
enum class Stands { self, lower, equal, higher };
constexpr Stands kStands[] = {Stands::self, Stands::lower, Stands::equal, Stands::higher};

struct CallerKind {
    std::string name;
    int priority = 0;
    roles::Flags flags = {};
    bool is_signed_in = true;
    bool is_verified = true;
};

constexpr roles::Flags kAll{true, true, true, true, true};

std::vector<CallerKind> caller_kinds() {
    std::vector<CallerKind> kinds{
        {.name = "anonymous", .is_signed_in = false},
        {.name = "unverified", .priority = 100, .flags = kAll, .is_verified = false},
        {.name = "without_flags"},
        {.name = "lead", .priority = 60, .flags = kAll},
        {.name = "admin", .priority = 100, .flags = kAll}};
    for (const auto& named : roles::kFlags) {
        CallerKind kind{.name = std::string{named.name}, .priority = 30};
        kind.flags.*named.flag = true;
        kinds.push_back(kind);
    }
    return kinds;
}

enum class Outcome { allowed, unknown_caller, denied, hidden };

/// What the line of the route table means for this caller and subject.
Outcome expected(const Route& route, const CallerKind& caller, Stands stands) {
    if (!caller.is_signed_in)
        return route.access == Access::anyone_or_caller ? Outcome::allowed : Outcome::unknown_caller;
    const bool must_be_confirmed =
        route.subject != Subject::own || route.unconfirmed == handlers::Unconfirmed::refused;
    if (must_be_confirmed && !caller.is_verified) return Outcome::denied;
    if (route.needs != nullptr && !(caller.flags.*route.needs)) return Outcome::denied;
    const bool is_peer = caller.priority == 100 && stands != Stands::higher;
    const bool in_reach = stands == Stands::lower || (stands == Stands::equal && is_peer);
    const bool has_subject =
        route.path.find('{') != std::string_view::npos || route.body != handlers::Body::none;
    switch (route.subject) {
        case Subject::own:
            if (route.path.find("{id}") == std::string_view::npos) return Outcome::allowed;
            return stands == Stands::self ? Outcome::allowed : Outcome::hidden;
        case Subject::anyone: return Outcome::allowed;
        case Subject::lower: return in_reach ? Outcome::allowed : Outcome::denied;
        case Subject::lower_or_self:
            return in_reach || stands == Stands::self ? Outcome::allowed : Outcome::denied;
        case Subject::role:
            return in_reach || (stands == Stands::self && is_peer) || !has_subject ? Outcome::allowed
                                                                                   : Outcome::denied;
    }
    throw std::logic_error("a Subject that is unknown");
}

Outcome outcome_of(const http::Response& response) {
    switch (response.status) {
        case 401: return Outcome::unknown_caller;
        case 403: return Outcome::denied;
        case 404: return Outcome::hidden;
        default: return Outcome::allowed;
    }
}

const char* text(Stands stands) {
    switch (stands) {
        case Stands::self: return "self";
        case Stands::lower: return "lower";
        case Stands::equal: return "equal";
        case Stands::higher: return "higher";
    }
    return "";
}

/// A person with all that a route can name.
struct Person {
    UserId id;
    std::string role;
    SessionId session;
    DeviceId device;
    std::string access;
};

struct Walk : fakes::Dispatching {
    int people = 0;

    Person add(int priority, roles::Flags flags = {}, bool is_verified = true) {
        const auto number = std::to_string(++people);
        const auto name = "person" + number;
        const users::NewUser fresh{.id = UserId::make(clock.now(), random),
                                   .email = *users::Email::parse(name + "@example.com"),
                                   .username = *users::Username::parse(name),
                                   .password_hash = std::string{users::kNoPassword},
                                   .full_name = {},
                                   .bio = {},
                                   .language = "en",
                                   .created_at = clock.now()};
        users.add(fresh);
        users.rows.at(fresh.id).user.is_verified = is_verified;
        const std::string role = "role" + number;
        roles.give(fresh.id, {{.name = role, .priority = priority, .flags = flags}});
        const auto admitted = session_opener.open(users.rows.at(fresh.id).user, {}, origin);
        return {fresh.id, role, admitted->session.id, admitted->session.device.id, admitted->tokens.access};
    }

    /// What a client would send that means the subject.
    static std::string body_of(const Route& route, const Person& subject, const std::string& lowest_role) {
        const std::string at = std::string{route.method} + ' ' + std::string{route.path};
        if (at == "POST /api/assign-role")
            return R"({"user_id":")" + subject.id.text() + R"(","role":")" + lowest_role + "\"}";
        if (at == "PATCH /api/roles/{name}") return R"({"description":"another"})";
        if (at == "PATCH /api/users/{id}") return R"({"full_name":"Another Name"})";
        if (at == "POST /api/users/{id}/ban") return R"({"reason":"spam"})";
        if (at == "POST /api/users") return R"({"email":"new@example.com","username":"newcomer"})";
        return route.body == handlers::Body::none ? "" : "{}";
    }

    http::Response send_as(const Person* caller, const Route& route, std::string path, std::string body) {
        http::Request request{.method = std::string{route.method}, .path = std::move(path), .id = "r1"};
        if (!body.empty()) request.content_type = "application/json";
        if (route.body == handlers::Body::picture) request.content_type = "image/png";
        request.body = std::move(body);
        if (caller != nullptr) request.headers["authorization"] = "Bearer " + caller->access;
        return handlers::dispatch(services, request, route.pool).response;
    }
};

void replace(std::string& text, std::string_view what, const std::string& with) {
    if (const auto at = text.find(what); at != std::string::npos) text.replace(at, what.size(), with);
}

/// One request in a world of its own.
void walk(const Route& route, const CallerKind& kind, Stands stands) {
    Walk world;
    const Person caller = world.add(kind.priority, kind.flags, kind.is_verified);
    // Somebody else can manage roles, and is not above anybody's peers, so that nothing fails for want of
    // one.
    world.add(100, kAll);
    const Person subject = stands == Stands::self
                               ? caller
                               : world.add(kind.priority + (stands == Stands::lower    ? -1
                                                            : stands == Stands::higher ? 1
                                                                                       : 0));
    const std::string lowest_role = world.add(-1).role;
    std::string path{route.path};
    const bool names_a_role = route.subject == Subject::role || path.starts_with("/api/roles/");
    if (path.starts_with("/api/sessions/"))
        replace(path, "{id}", subject.session.text());
    else if (path.starts_with("/api/devices/"))
        replace(path, "{id}", subject.device.text());
    replace(path, "{id}", subject.id.text());
    replace(path, "{session}", subject.session.text());
    replace(path, "{device}", subject.device.text());
    replace(path, "{name}", names_a_role ? subject.role : lowest_role);
    replace(path, "{token}", std::string(43, 'A'));
    auto body = Walk::body_of(route, subject, lowest_role);
    if (route.method == "POST" && route.path == "/api/roles")
        body = R"({"name":"fresh","priority":)" +
               std::to_string(std::max(world.roles.rows.at(subject.role).priority, 0)) + '}';

    const auto response = world.send_as(kind.is_signed_in ? &caller : nullptr, route, path, body);
    const auto outcome = outcome_of(response);
    BOOST_TEST((outcome == expected(route, kind, stands)),
               route.method << ' ' << route.path << " as " << kind.name << " upon " << text(stands) << ": "
                            << response.status << ' ' << response.body);
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_caller_may_do_upon_each_subject_what_the_route_table_says) {
    int cases = 0;
    for (const auto& route : handlers::all_routes()) {
        if (!is_for_users(route.access)) continue;
        for (const auto& kind : caller_kinds())
            for (const Stands stands : kStands) {
                walk(route, kind, stands);
                ++cases;
            }
    }
    BOOST_TEST_MESSAGE(cases << " cases walked");
    BOOST_TEST(cases > 1500);
}

BOOST_AUTO_TEST_CASE(routes_for_other_tokens_and_keys_refuse_users) {
    int cases = 0;
    for (const auto& route : handlers::all_routes()) {
        if (is_for_users(route.access) || route.access == Access::anyone) continue;
        // A visitor's access token is what forward authentication asks for.
        const bool takes_access_token = route.access == Access::forward_auth;
        Walk world;
        const Person owner = world.add(100, kAll);
        std::string path{route.path};
        replace(path, "{requirement}", "any");
        const auto send = [&](const Person* caller) {
            return world.send_as(caller, route, path, Walk::body_of(route, owner, "")).status;
        };
        BOOST_TEST(send(nullptr) >= 400, route.path);
        BOOST_TEST((send(&owner) >= 400) == !takes_access_token, route.path);
        ++cases;
    }
    BOOST_TEST(cases == 7);
}

BOOST_AUTO_TEST_CASE(whatever_acts_on_others_asks_for_a_permission) {
    for (const auto& route : handlers::all_routes()) {
        const bool changes = route.method != "GET";
        const bool of_others = route.subject != Subject::own;
        if (changes && of_others) BOOST_TEST((route.needs != nullptr), route.path);
        if (route.needs != nullptr) BOOST_TEST((route.access == Access::signed_in), route.path);
    }
}

BOOST_AUTO_TEST_SUITE_END()
