#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

/// Sessions of browsers, which keep their tokens in cookies that no script can read.
namespace csauth::handlers::cookies {

inline constexpr std::string_view kAccess = "__Host-csauth";
inline constexpr std::string_view kRefresh = "__Secure-csauth-refresh";
inline constexpr std::string_view kSite = "__Secure-csauth-site";  ///< for sites on sibling hosts
inline constexpr std::string_view kDevice = "__Secure-csauth-device";

/// How this installation sets cookies.
struct Policy {
    std::string origin;             ///< of our own pages: "https://accounts.example.com"
    std::string domain;             ///< whose hosts get the site cookie; none where empty
    std::chrono::seconds lifetime;  ///< of a session that is not used; the tokens inside end much sooner
    std::vector<std::string> trusted_origins = {};  ///< of other pages that may act with our cookies
};

/// What a session gets; what is empty stays as it is in the browser.
struct Jar {
    std::string access = {};
    std::string refresh = {};
    std::string site = {};
    std::string device = {};
};

/// Returns the values of all cookies of that name, each once and none that is empty, in the order of their
/// coming. docs/use/limits.md bounds them.
std::vector<std::string> find_all(const http::Request& request, std::string_view name);

/// Returns true if any cookie of ours came, whatever it holds and however often.
bool are_sent(const http::Request& request);

void set(http::Response& response, const Policy& policy, const Jar& jar);

/// Takes back the site cookies that another `site.cookie_domain` has left, if the request shows any.
void forget_former(http::Response& response, const Policy& policy, const http::Request& request);

/// Takes every cookie of the session back, whatever `site.cookie_domain` was when it was set. The device
/// stays known.
void forget(http::Response& response, const Policy& policy);

/// The same at the person's own wish, with all that scripts have stored.
void clear(http::Response& response, const Policy& policy);

/// Admits requests of our own pages and those of trusted origins. `Origin` decides, otherwise
/// `Sec-Fetch-Site`. `cross_site_request`: another page sends the request, or the browser sends neither.
Result<void> require_trusted_page(const http::Request& request, const Policy& policy);

}  // namespace csauth::handlers::cookies
