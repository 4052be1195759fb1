#include "handlers/cookies.h"

#include <algorithm>
#include <iterator>

#include "http/form.h"

namespace csauth::handlers::cookies {
namespace {

constexpr std::chrono::hours kDeviceLifetime{400 * 24};  // the longest that browsers keep a cookie

/// A kind of cookie, and the requests with which browsers send it.
struct Kind {
    std::string_view name;
    std::string_view path;
    std::string_view same_site;
};
constexpr Kind kAccessKind{kAccess, "/", "Lax"};
constexpr Kind kRefreshKind{kRefresh, "/api/token/", "Strict"};
constexpr Kind kSiteKind{kSite, "/", "Lax"};
constexpr Kind kDeviceKind{kDevice, "/api/", "Strict"};
constexpr std::string_view kNames[] = {kAccess, kRefresh, kSite, kDevice};

/// The most domains for which a response deletes the site cookie. Each takes a header.
constexpr std::size_t kMostDomains = 8;

/// Adds a Set-Cookie header. `domain`: empty for a cookie that only our own host gets.
void add(http::Response& response, const Kind& kind, std::string_view value, std::chrono::seconds max_age,
         std::string_view domain = {}) {
    std::string cookie{kind.name};
    cookie.append("=").append(value).append("; Path=").append(kind.path);
    if (!domain.empty()) cookie.append("; Domain=").append(domain);
    cookie.append("; Max-Age=").append(std::to_string(max_age.count()));
    cookie.append("; Secure; HttpOnly; SameSite=").append(kind.same_site);
    response.headers.emplace_back("Set-Cookie", std::move(cookie));
}

/// Returns the domains that a site cookie of this host can have, at most kMostDomains: the empty one of a
/// cookie for the host alone, the configured one, the host, and its parent domains that have a dot.
std::vector<std::string_view> possible_domains(const Policy& policy) {
    std::vector<std::string_view> domains{""};
    if (!policy.domain.empty()) domains.emplace_back(policy.domain);
    std::string_view host = policy.origin;
    if (const auto scheme = host.find("://"); scheme != std::string_view::npos)
        host.remove_prefix(scheme + 3);
    host = host.substr(0, host.find(':'));
    const bool is_address = host.empty() || (host.back() >= '0' && host.back() <= '9') || host.back() == ']';
    while (!is_address && host.find('.') != std::string_view::npos && domains.size() < kMostDomains) {
        if (host != policy.domain) domains.push_back(host);
        host.remove_prefix(host.find('.') + 1);
    }
    return domains;
}

}  // namespace

std::vector<std::string> find_all(const http::Request& request, std::string_view name) {
    const auto cookies = http::parse_cookies(request.header("cookie"));
    if (!cookies) return {};
    std::vector<std::string> values;
    for (const auto& [known, value] : cookies->all())
        if (known == name && !value.empty() && std::find(values.begin(), values.end(), value) == values.end())
            values.push_back(value);
    return values;
}

bool are_sent(const http::Request& request) {
    const auto header = request.header("cookie");
    return std::any_of(std::begin(kNames), std::end(kNames),
                       [&](std::string_view name) { return header.find(name) != std::string_view::npos; });
}

void set(http::Response& response, const Policy& policy, const Jar& jar) {
    if (!jar.access.empty()) add(response, kAccessKind, jar.access, policy.lifetime);
    if (!jar.refresh.empty()) add(response, kRefreshKind, jar.refresh, policy.lifetime);
    if (!jar.site.empty() && !policy.domain.empty())
        add(response, kSiteKind, jar.site, policy.lifetime, policy.domain);
    if (!jar.device.empty()) add(response, kDeviceKind, jar.device, kDeviceLifetime);
}

void forget_former(http::Response& response, const Policy& policy, const http::Request& request) {
    const std::size_t own = policy.domain.empty() ? 0 : 1;
    if (find_all(request, kSite).size() <= own) return;
    for (const auto domain : possible_domains(policy))
        if (own == 0 || domain != policy.domain)
            add(response, kSiteKind, "", std::chrono::seconds{0}, domain);
}

void forget(http::Response& response, const Policy& policy) {
    using std::chrono::seconds;
    add(response, kAccessKind, "", seconds{0});
    add(response, kRefreshKind, "", seconds{0});
    for (const auto domain : possible_domains(policy))
        add(response, kSiteKind, "", seconds{0}, domain);
}

void clear(http::Response& response, const Policy& policy) {
    forget(response, policy);
    response.headers.emplace_back("Clear-Site-Data", R"("cache", "storage")");
}

Result<void> require_trusted_page(const http::Request& request, const Policy& policy) {
    const auto& trusted = policy.trusted_origins;
    const auto origin = request.header("origin");
    const bool is_good = origin.empty() ? request.header("sec-fetch-site") == "same-origin"
                                        : origin == policy.origin || std::find(trusted.begin(), trusted.end(),
                                                                               origin) != trusted.end();
    if (!is_good) return Error{.code = ErrorCode::cross_site_request};
    return {};
}

}  // namespace csauth::handlers::cookies
