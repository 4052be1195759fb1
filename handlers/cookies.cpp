#include "handlers/cookies.h"

#include "http/form.h"

namespace csauth::handlers::cookies {
namespace {

constexpr std::chrono::hours kDeviceLifetime{400 * 24};  // the longest that browsers keep a cookie

/// Where a cookie goes, and with which requests it comes.
struct Kind {
    std::string_view name;
    std::string_view path;
    std::string_view same_site;
    bool has_domain = false;
};
constexpr Kind kAccessKind{kAccess, "/", "Lax"};
constexpr Kind kRefreshKind{kRefresh, "/api/token/", "Strict"};
constexpr Kind kSiteKind{kSite, "/", "Lax", true};
constexpr Kind kDeviceKind{kDevice, "/api/", "Strict"};

void add(http::Response& response, const Policy& policy, const Kind& kind, std::string_view value,
         std::chrono::seconds max_age) {
    std::string cookie{kind.name};
    cookie.append("=").append(value).append("; Path=").append(kind.path);
    if (kind.has_domain) cookie.append("; Domain=").append(policy.domain);
    cookie.append("; Max-Age=").append(std::to_string(max_age.count()));
    cookie.append("; Secure; HttpOnly; SameSite=").append(kind.same_site);
    response.headers.emplace_back("Set-Cookie", std::move(cookie));
}

}  // namespace

std::optional<std::string> find(const http::Request& request, std::string_view name) {
    const auto cookies = http::parse_cookies(request.header("cookie"));
    const auto value = cookies ? cookies->only(name) : std::nullopt;
    if (!value || value->empty()) return std::nullopt;
    return std::string{*value};
}

void set(http::Response& response, const Policy& policy, const Jar& jar) {
    if (!jar.access.empty()) add(response, policy, kAccessKind, jar.access, policy.lifetime);
    if (!jar.refresh.empty()) add(response, policy, kRefreshKind, jar.refresh, policy.lifetime);
    if (!jar.site.empty() && !policy.domain.empty())
        add(response, policy, kSiteKind, jar.site, policy.lifetime);
    if (!jar.device.empty()) add(response, policy, kDeviceKind, jar.device, kDeviceLifetime);
}

void forget(http::Response& response, const Policy& policy) {
    using std::chrono::seconds;
    add(response, policy, kAccessKind, "", seconds{0});
    add(response, policy, kRefreshKind, "", seconds{0});
    if (!policy.domain.empty()) add(response, policy, kSiteKind, "", seconds{0});
}

void clear(http::Response& response, const Policy& policy) {
    forget(response, policy);
    response.headers.emplace_back("Clear-Site-Data", R"("cache", "storage")");
}

bool is_same_origin(const http::Request& request, const Policy& policy) {
    const auto origin = request.header("origin");
    if (!origin.empty()) return origin == policy.origin;
    return request.header("sec-fetch-site") == "same-origin";
}

}  // namespace csauth::handlers::cookies
