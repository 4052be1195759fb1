#include "ctl/describe_limits.h"

#include <iostream>
#include <string>
#include <vector>

#include "ctl/limit_table.h"
#include "handlers/routes.h"
#include "limits/limit.h"

namespace csauth {
namespace {

using limits::LimitKind;

std::string joined(const std::vector<std::string>& parts, const char* separator) {
    std::string text;
    for (const auto& part : parts)
        text.append(text.empty() ? "" : separator).append(part);
    return text;
}

/// Returns what counts towards a limit, or "" if it isn't about requests.
std::string what_is_counted(const LimitKind& kind) {
    std::vector<std::string> parts;
    for (const auto& route : handlers::all_routes())
        if (route.limit == kind.limit)
            parts.push_back(std::string{route.method} + " `" + std::string{route.path} + "/`");
    for (const auto& other : limits::all_limits())
        if (other.and_of_user == kind.limit) parts.push_back("the requests of " + std::string{other.name});
    if (!kind.also.empty()) parts.emplace_back(kind.also);
    return joined(parts, ", ");
}

/// Returns the names of the limits that a wall protects.
std::vector<std::string> limits_of(limits::Wall wall) {
    std::vector<std::string> names;
    for (const auto& kind : limits::all_limits())
        if (kind.wall == wall) names.emplace_back(kind.name);
    return names;
}

}  // namespace

void print_limits() {
    std::cout << "| what | limit | past it |\n|---|---|---|\n";
    for (const auto& [what, limit, beyond] : limit_rows())
        std::cout << "| " << what << " | " << limit << " | " << beyond << " |\n";
}

void print_rates() {
    std::cout
        << "| limit | what is counted | by | at once | then | successes count |\n|---|---|---|---|---|---|\n";
    for (const auto& kind : limits::all_limits()) {
        const auto what = what_is_counted(kind);
        if (!kind.rate || what.empty()) continue;
        std::cout << "| " << kind.name << " | " << what << " | " << kind.counted_by << " | "
                  << kind.rate->free << " | ";
        if (kind.rate->longest_wait.count() != 0)
            std::cout << "waits of 1 second, doubling, up to " << in_words(kind.rate->longest_wait)
                      << "; one is forgotten every " << in_words(kind.rate->forgotten);
        else
            std::cout << "one in " << in_words(kind.rate->forgotten);
        std::cout << " | " << (kind.is_guess ? "no" : "yes") << " |\n";
    }
}

void print_walls() {
    std::cout << "| limits | requests a minute | at once besides |\n|---|---|---|\n";
    for (const auto& wall : limits::all_walls())
        std::cout << "| " << joined(limits_of(wall.wall), " + ") << " | " << wall.per_minute << " | "
                  << wall.burst << " |\n";
}

void print_walls_of_nginx() {
    std::cout
        << "\n# What nginx counts of a client. csauth.conf has $csauth_counted_limit and $csauth_client.\n";
    for (const auto& wall : limits::all_walls()) {
        std::cout << "map $csauth_counted_limit $csauth_" << wall.name << "_key {\n    default \"\";\n";
        for (const auto& limit : limits_of(wall.wall))
            std::cout << "    " << limit << " $csauth_client;\n";
        std::cout << "}\nlimit_req_zone $csauth_" << wall.name << "_key zone=csauth_" << wall.name
                  << ":2m rate=" << wall.per_minute << "r/m;\n";
    }
}

void print_limits_of_nginx() {
    std::cout
        << "# Generated from the table in src/domain/limits/limit.cpp. Do not edit.\n"
           "# The outer wall. A request counts in the zone of its limit; the others have no key for it.\n";
    for (const auto& wall : limits::all_walls())
        std::cout << "limit_req zone=csauth_" << wall.name << " burst=" << wall.burst << " nodelay;\n";
}

}  // namespace csauth
