// Prints what other files must agree with, from the tables in the code: nginx' maps, the routes, the
// problem codes. Run by the build and by `make check`; not installed.

#include <iostream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config.h"
#include "ctl/describe_limits.h"
#include "handlers/routes.h"
#include "http/problem.h"
#include "limits/limit.h"

namespace csauth {
namespace {

/// Returns a route's path as a regular expression for nginx: {…} is one segment, and a trailing slash may
/// follow.
std::string pattern_of(std::string_view path) {
    std::string pattern;
    bool in_parameter = false;
    for (const char c : path) {
        if (c == '{') {
            in_parameter = true;
            pattern += "[^/]+";
        } else if (c == '}') {
            in_parameter = false;
        } else if (!in_parameter) {
            if (c == '.') pattern += '\\';
            pattern += c;
        }
    }
    return pattern + "/?";
}

/// Prints lines of a map over "$request_method $uri". A path without parameters becomes plain texts, which
/// nginx finds in one look-up. It tries regular expressions one after the other.
void print_map_lines(const handlers::Route& route, std::string_view value) {
    const std::string path{route.path};
    if (path.find('{') != std::string::npos) {
        const std::string method = route.method == "GET" ? "(?:GET|HEAD)" : std::string{route.method};
        std::cout << "    \"~^" << method << ' ' << pattern_of(path) << "$\" " << value << ";\n";
        return;
    }
    std::vector<std::string_view> methods{route.method};
    if (route.method == "GET") methods.emplace_back("HEAD");
    for (const auto method : methods)
        for (const auto* const end : {"", "/"})
            std::cout << "    \"" << method << ' ' << path << end << "\" " << value << ";\n";
}

/// Prints the methods of each path, for requests that nginx refuses itself, such as TRACE.
void print_allowed_methods() {
    std::map<std::string_view, std::string> methods;
    for (const auto& route : handlers::all_routes()) {
        auto& all = methods[route.path];
        all.append(all.empty() ? "" : ", ").append(route.method == "GET" ? "GET, HEAD" : route.method);
    }
    std::cout << "\n# Which methods a path takes. All others are pages.\n"
                 "map $request_uri $csauth_allowed_methods {\n    default \"GET, HEAD\";\n";
    for (const auto& [path, allowed] : methods)
        std::cout << "    \"~^" << pattern_of(path) << "(?:\\?|$)\" \"" << allowed << "\";\n";
    std::cout << "}\n";
}

/// Prints the titles of the problem documents that nginx writes itself.
void print_problem_titles() {
    std::cout << "\nmap $csauth_problem_code $csauth_problem_title {\n";
    for (const auto& kind : http::all_problem_kinds())
        std::cout << "    " << kind.name << " \"" << kind.title << "\";\n";
    std::cout << "}\n";
}

void print_nginx_maps() {
    std::cout << "# Generated from the route table in handlers/routes.cpp. Do not edit.\n\n"
                 "# Which pool of workers serves a request.\n"
                 "map \"$request_method $uri\" $csauth_pool {\n    default csauth_api;\n";
    for (const auto& route : handlers::all_routes())
        if (route.pool != handlers::Pool::api)
            print_map_lines(route, std::string{"csauth_"}.append(name_of(route.pool)));
    std::cout << "}\n\n# Which limit holds for a request.\n"
                 "map \"$request_method $uri\" $csauth_limit {\n    default none;\n";
    for (const auto& route : handlers::all_routes())
        if (route.limit != handlers::Limit::none) print_map_lines(route, limits::name_of(route.limit));
    std::cout << "}\n";
    print_walls_of_nginx();
    print_allowed_methods();
    print_problem_titles();
}

void print_routes() {
    for (const auto& route : handlers::all_routes())
        std::cout << route.method << ' ' << route.path << "/ " << name_of(route.pool) << ' '
                  << limits::name_of(route.limit) << '\n';
}

/// Prints the routes that the OpenAPI document must show with forms.
void print_given_routes() {
    for (const auto& route : handlers::all_routes())
        if (route.is_given && route.body != handlers::Body::none)
            std::cout << route.method << ' ' << route.path << "/\n";
}

void print_errors() {
    std::cout << "# Errors\n\n"
                 "Generated from the table in `src/foundation/http/problem.cpp`; `make check` compares.\n\n"
                 "Every error is a problem document (RFC 9457) whose `type` is `/problems/<code>`. The codes "
                 "are stable.\n\n"
                 "| code | status | meaning | what to do |\n|---|---|---|---|\n";
    for (const auto& kind : http::all_problem_kinds())
        std::cout << "| `" << kind.name << "` | " << kind.status << " | " << kind.title << " | "
                  << kind.remedy << " |\n";
    std::cout << "\nA member of `errors` has `pointer` (RFC 6901), `detail`, and one of these codes:\n\n";
    for (int i = 0; i <= static_cast<int>(kLastFieldCode); ++i)
        std::cout << "- `" << name_of(static_cast<FieldCode>(i)) << "`\n";
}

void print_permissions() {
    std::cout
        << "# Permissions\n\n"
           "Generated from the route table in `handlers/routes.cpp`; `make check` compares.\n"
           "`tests/unit/handlers/permissions_test.cpp` calls every route as every kind of caller, upon\n"
           "themselves and upon users and roles of lower, the same and higher priority.\n\n"
           "- *Who*: what the token must show. A user whose address is not confirmed has no permission.\n"
           "- *Permission*: without it the answer is 403 `permission_denied`.\n"
           "- *Upon whom*: a user of lower priority is one whose highest role has a lower priority than\n"
           "  the caller's. Users who hold all five flags at the highest priority of the site also reach\n"
           "  each other. Otherwise the answer is 403 `permission_denied`. If a route is about one's own\n"
           "  things, those of others are 404 `not_found`. [Roles](roles.md) has all rules.\n\n"
           "| method | path | who | permission | upon whom |\n|---|---|---|---|---|\n";
    for (const auto& route : handlers::all_routes()) {
        std::cout << "| " << route.method << " | `" << route.path << "/` | " << name_of(route.access)
                  << " | ";
        if (route.needs == nullptr)
            std::cout << "-";
        else
            std::cout << '`' << name_of(route.needs) << '`';
        std::cout << " | " << (is_for_users(route.access) ? name_of(route.subject) : "-")
                  << (route.unconfirmed == handlers::Unconfirmed::refused ? ", address confirmed" : "")
                  << " |\n";
    }
}

/// Returns our own Markdown as HTML: text between backticks becomes code.
std::string as_html(std::string_view text) {
    std::string html;
    bool is_code = false;
    for (const char c : text) {
        if (c == '`') {
            html += is_code ? "</code>" : "<code>";
            is_code = !is_code;
        } else if (c == '<') {
            html += "&lt;";
        } else if (c == '&') {
            html += "&amp;";
        } else {
            html += c;
        }
    }
    return html;
}

void print_problem_page() {
    std::cout << "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Problem "
                 "types</title>\n"
                 "<link rel=\"stylesheet\" href=\"/assets/style.css\">\n"
                 "<script type=\"module\" src=\"/assets/site.js\"></script>\n"
                 "<main>\n<p id=\"site\"></p>\n<h1>Problem types</h1>\n";
    for (const auto& kind : http::all_problem_kinds())
        std::cout << "<h2 id=\"" << kind.name << "\"><code>" << kind.name << "</code> (" << kind.status
                  << ")</h2>\n<p>" << as_html(kind.title) << ". " << as_html(kind.remedy) << "</p>\n";
    std::cout << "</main>\n</html>\n";
}

void print_config_keys() {
    for (const auto& key : config_keys())
        std::cout << key << '\n';
}

}  // namespace
}  // namespace csauth

int main(int argc, char** argv) {
    using Print = void (*)();
    static constexpr std::pair<std::string_view, Print> kDocuments[] = {
        {"nginx-maps", csauth::print_nginx_maps},
        {"nginx-limits", csauth::print_limits_of_nginx},
        {"routes", csauth::print_routes},
        {"given-routes", csauth::print_given_routes},
        {"errors", csauth::print_errors},
        {"permissions", csauth::print_permissions},
        {"limits", csauth::print_limits},
        {"rates", csauth::print_rates},
        {"walls", csauth::print_walls},
        {"problem-page", csauth::print_problem_page},
        {"config-keys", csauth::print_config_keys},
    };
    const std::string_view wanted = argc == 2 ? argv[1] : "";
    for (const auto& [name, print] : kDocuments) {
        if (name != wanted) continue;
        print();
        return 0;
    }
    std::cerr << "usage: describe DOCUMENT, one of:\n";
    for (const auto& [name, print] : kDocuments)
        std::cerr << "  " << name << '\n';
    return 64;
}
