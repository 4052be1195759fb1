#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

/// Reads and writes the cookies in which browsers keep the tokens of a session. No script can read them.
/// openapi.yaml lists them with their paths and lifetimes.
namespace csauth::handlers::cookies {

inline constexpr std::string_view kAccess = "__Host-csauth";
inline constexpr std::string_view kRefresh = "__Secure-csauth-refresh";
inline constexpr std::string_view kSite = "__Secure-csauth-site";  ///< sent to sites on sibling hosts, too
inline constexpr std::string_view kDevice = "__Secure-csauth-device";  ///< the device key

/// The settings of this installation for cookies.
struct Policy {
    std::string origin;  ///< of our own pages: "https://accounts.example.com"
    std::string domain;  ///< the domain whose hosts get the site cookie; empty: there is no site cookie
    std::chrono::seconds lifetime;  ///< of the cookies, except the device cookie; tokens in them end sooner
    std::vector<std::string> trusted_origins = {};  ///< other origins whose pages may act with our cookies
};

/// The values of the cookies to set. The browser keeps its cookie where a member is empty.
struct Jar {
    std::string access = {};
    std::string refresh = {};
    std::string site = {};
    std::string device = {};
};

/// Returns the different non-empty values of the cookies of that name, in the order of the request. Returns
/// an empty list if the Cookie header exceeds the limits of docs/use/limits.md.
std::vector<std::string> find_all(const http::Request& request, std::string_view name);

/// Returns true if the Cookie header names any of our cookies, even if find_all() would not return it.
bool are_sent(const http::Request& request);

/// Adds the cookies of the jar to the response. Leaves out the site cookie if the policy has no domain.
void set(http::Response& response, const Policy& policy, const Jar& jar);

/// Deletes site cookies that were set with another `site.cookie_domain`, if the request has more of them than
/// the present setting explains.
void forget_former(http::Response& response, const Policy& policy, const http::Request& request);

/// Deletes all cookies of the session, whatever `site.cookie_domain` was when they were set. The device
/// cookie stays, so that the next sign-in recognizes the device.
void forget(http::Response& response, const Policy& policy);

/// Does what forget() does, and has the browser delete its cache and all that scripts of our pages have
/// stored (Clear-Site-Data). For users who leave on purpose.
void clear(http::Response& response, const Policy& policy);

/// Admits requests from our own pages and from trusted origins. The header `Origin` decides. Without it,
/// `Sec-Fetch-Site` must be `same-origin`.
///
/// `cross_site_request`: another page sends the request, or both headers are missing.
Result<void> require_trusted_page(const http::Request& request, const Policy& policy);

}  // namespace csauth::handlers::cookies
