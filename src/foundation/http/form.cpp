#include "http/form.h"

#include <cgicc/CgiInput.h>
#include <cgicc/Cgicc.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <iterator>
#include <set>

#include "base/encoding.h"

namespace csauth::http {
namespace {

Error bad_request(std::string detail) {
    return {.code = ErrorCode::bad_request, .detail = std::move(detail)};
}

/// Gives cgicc a query and cookies, the only input that it may parse. It gets no body: multipart.cpp reads
/// forms.
class CheckedInput : public cgicc::CgiInput {
public:
    CheckedInput(std::string query, std::string cookies)
        : query_{std::move(query)}, cookies_{std::move(cookies)} {}

    size_t read(char*, size_t) override { return 0; }
    std::string getenv(const char* name) override {
        const std::string_view wanted = name;
        if (wanted == "REQUEST_METHOD") return "GET";
        if (wanted == "QUERY_STRING") return query_;
        if (wanted == "HTTP_COOKIE") return cookies_;
        return {};
    }

private:
    std::string query_;
    std::string cookies_;
};

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool has_bad_escape(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '%' && (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])))
            return true;
    return false;
}

/// Returns the query in a form that cgicc reads correctly: it takes ';' for a separator, too, and drops a
/// last name that has no '='.
std::string as_cgicc_reads_it(std::string_view query) {
    std::string text;
    std::size_t at = 0;
    while (at <= query.size()) {
        const auto end = std::min(query.find('&', at), query.size());
        const auto pair = query.substr(at, end - at);
        at = end + 1;
        if (pair.empty()) continue;
        if (!text.empty()) text += '&';
        for (const char c : pair)
            c == ';' ? text += "%3B" : text += c;
        if (pair.find('=') == std::string_view::npos) text += '=';
    }
    return text;
}

/// Moves the later values of a name to its first one, with commas between.
void join_values(std::vector<Parameters::Pair>& pairs, std::string_view name) {
    const auto has_name = [&](const Parameters::Pair& pair) { return pair.first == name; };
    const auto first = std::find_if(pairs.begin(), pairs.end(), has_name);
    if (first == pairs.end()) return;
    const auto rest = std::stable_partition(std::next(first), pairs.end(), std::not_fn(has_name));
    for (auto later = rest; later != pairs.end(); ++later)
        first->second += "," + later->second;
    pairs.erase(rest, pairs.end());
}

Result<Parameters> without_duplicates(std::vector<Parameters::Pair> pairs, const std::string& what) {
    std::set<std::string_view> names;
    for (const auto& pair : pairs)
        if (!names.insert(pair.first).second)
            return bad_request("The " + what + " has the name \"" + pair.first + "\" twice.");
    return Parameters{std::move(pairs)};
}

}  // namespace

std::optional<std::string_view> Parameters::given(std::string_view name) const {
    const auto value = get(name);
    return value && !value->empty() ? value : std::nullopt;
}

std::optional<std::string_view> Parameters::get(std::string_view name) const {
    for (const auto& [key, value] : pairs_)
        if (key == name) return value;
    return std::nullopt;
}

Result<Parameters> parse_query(std::string_view query, std::string_view list) {
    return parse_urlencoded(query, "query", list);
}

Result<Parameters> parse_urlencoded(std::string_view text, const std::string& what, std::string_view list) {
    if (text.empty()) return Parameters{};
    if (text.size() > kLongestQuery) return bad_request("The " + what + " is too long.");
    if (static_cast<std::size_t>(std::count(text.begin(), text.end(), '&')) >= kMostParameters)
        return bad_request("The " + what + " has too many parameters.");
    if (has_bad_escape(text)) return bad_request("The " + what + " holds a bad percent escape.");

    std::vector<Parameters::Pair> pairs;
    try {
        CheckedInput input{as_cgicc_reads_it(text), {}};
        const cgicc::Cgicc cgi{&input};
        for (const auto& element : cgi.getElements())
            pairs.emplace_back(element.getName(), element.getValue());
    } catch (const std::exception&) {
        return bad_request("The " + what + " can't be read.");
    }
    for (const auto& [name, value] : pairs) {
        const std::string both = name + value;
        if (both.find('\0') != std::string::npos || !is_utf8(both))
            return bad_request("The " + what + " is not UTF-8 text.");
    }
    if (!list.empty()) join_values(pairs, list);
    return without_duplicates(std::move(pairs), what);
}

Result<Parameters> parse_cookies(std::string_view header) {
    if (header.empty()) return Parameters{};
    if (header.size() > kLongestCookieHeader) return bad_request("The cookies are too long.");
    if (static_cast<std::size_t>(std::count(header.begin(), header.end(), ';')) >= kMostCookies)
        return bad_request("There are too many cookies.");

    std::vector<Parameters::Pair> pairs;
    try {
        CheckedInput input{{}, std::string{header}};
        const cgicc::Cgicc cgi{&input};
        for (const auto& cookie : cgi.getEnvironment().getCookieList())
            pairs.emplace_back(trimmed(cookie.getName()), trimmed(cookie.getValue()));
    } catch (const std::exception&) {
        return bad_request("The cookies can't be read.");
    }
    return Parameters{std::move(pairs)};
}

}  // namespace csauth::http
