#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace csauth::http {

inline constexpr std::size_t kLongestQuery = 20 * 1024;  // bytes: enough for 500 ids
inline constexpr std::size_t kMostParameters = 64;
inline constexpr std::size_t kLongestCookieHeader = 16 * 1024;  // bytes
inline constexpr std::size_t kMostCookies = 64;

/// Decoded names and values, in the order in which they were sent.
class Parameters {
public:
    using Pair = std::pair<std::string, std::string>;

    Parameters() = default;
    explicit Parameters(std::vector<Pair> pairs) : pairs_{std::move(pairs)} {}

    /// Returns the first value of that name, or nullopt if there is none. The view is valid while this lives.
    std::optional<std::string_view> get(std::string_view name) const;

    /// Returns the same, but nullopt also if the value is empty.
    std::optional<std::string_view> given(std::string_view name) const;

    const std::vector<Pair>& all() const { return pairs_; }

private:
    std::vector<Pair> pairs_;
};

/// Returns the parameters of a query (WHATWG URL, application/x-www-form-urlencoded). The name `list` may
/// occur several times: its values are joined by commas.
///
/// `bad_request`: another name occurs twice, a percent escape is bad, there is a NUL or invalid UTF-8, or a
/// limit above is passed.
Result<Parameters> parse_query(std::string_view query, std::string_view list = {});

/// Returns the same for any text in that format. Refusals call it `what`, for example "form".
Result<Parameters> parse_urlencoded(std::string_view text, const std::string& what,
                                    std::string_view list = {});

/// Returns the cookies of a request (RFC 6265 section 4.2). Several header lines must be joined by "; ". A
/// name may occur twice, because cookies of other applications do.
///
/// `bad_request`: a limit above is passed, or the header can't be read.
Result<Parameters> parse_cookies(std::string_view header);

}  // namespace csauth::http
