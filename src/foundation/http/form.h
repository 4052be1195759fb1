#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace csauth::http {

inline constexpr std::size_t kLongestQuery = 20 * 1024;  // 500 ids
inline constexpr std::size_t kMostParameters = 64;
inline constexpr std::size_t kLongestCookieHeader = 16 * 1024;
inline constexpr std::size_t kMostCookies = 64;

/// Names and values in the order of their coming, decoded.
class Parameters {
public:
    using Pair = std::pair<std::string, std::string>;

    Parameters() = default;
    explicit Parameters(std::vector<Pair> pairs) : pairs_{std::move(pairs)} {}

    std::optional<std::string_view> get(std::string_view name) const;

    /// The same, and nothing for a value that is empty, too.
    std::optional<std::string_view> given(std::string_view name) const;

    const std::vector<Pair>& all() const { return pairs_; }

private:
    std::vector<Pair> pairs_;
};

/// The parameters of a query (WHATWG URL, application/x-www-form-urlencoded). Refused with bad_request:
/// a name twice, a bad percent escape, a NUL, invalid UTF-8, more than the limits above. The name `list` may
/// come several times: its values are joined by commas.
Result<Parameters> parse_query(std::string_view query, std::string_view list = {});

/// The same for any text of that form; refusals call it `what`, for example "form".
Result<Parameters> parse_urlencoded(std::string_view text, const std::string& what,
                                    std::string_view list = {});

/// The cookies of a request (RFC 6265 section 4.2). Several header lines come joined by "; ". A name may come
/// twice, as other applications' cookies do. Refused with bad_request: more than the limits above.
Result<Parameters> parse_cookies(std::string_view header);

}  // namespace csauth::http
