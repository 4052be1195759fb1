#include "http/form.h"

#include <cgicc/CgiInput.h>
#include <cgicc/Cgicc.h>

#include <algorithm>
#include <exception>
#include <set>

#include "base/encoding.h"

namespace csauth::http {
namespace {

Error bad_request(std::string detail) {
    return {.code = ErrorCode::bad_request, .detail = std::move(detail)};
}

/// Hands cgicc a form that was read and bounded before: it allocates what CONTENT_LENGTH asks for before it
/// looks, and understands no boundary in quotes.
class FormInput : public cgicc::CgiInput {
public:
    FormInput(std::string_view body, std::string_view boundary)
        : body_{body},
          length_{std::to_string(body.size())},
          content_type_{"multipart/form-data; boundary=" + std::string{boundary}} {}

    size_t read(char* to, size_t size) override {
        const auto piece = body_.substr(at_, size);
        std::copy(piece.begin(), piece.end(), to);
        at_ += piece.size();
        return piece.size();
    }
    std::string getenv(const char* name) override {
        const std::string_view wanted = name;
        if (wanted == "REQUEST_METHOD") return "POST";
        if (wanted == "CONTENT_TYPE") return content_type_;
        if (wanted == "CONTENT_LENGTH") return length_;
        return {};
    }

private:
    std::string_view body_;
    std::size_t at_ = 0;
    std::string length_;
    std::string content_type_;
};

/// The boundary of a form, unquoted; empty where there is none that RFC 2046 section 5.1.1 allows.
std::string boundary_in(std::string_view content_type) {
    constexpr std::string_view parameter = "boundary=";
    constexpr std::size_t longest = 70;
    const auto at = ascii_lower(content_type).find(parameter);
    if (at == std::string::npos) return {};
    auto value = content_type.substr(at + parameter.size());
    if (value.starts_with('"')) {
        value.remove_prefix(1);
        value = value.substr(0, value.find('"'));
    } else {
        value = trimmed(value.substr(0, value.find(';')));
    }
    const bool good =
        !value.empty() && value.size() <= longest && std::all_of(value.begin(), value.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                   std::string_view{"'()+_,-./:=?"}.find(c) != std::string_view::npos;
        });
    return good ? std::string{value} : std::string{};
}

/// Hands cgicc the two variables that it is trusted with, and no body.
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

/// cgicc takes ';' for a separator too, and drops a last name that has no '='.
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

Result<Parameters> without_duplicates(std::vector<Parameters::Pair> pairs, const char* what) {
    std::set<std::string_view> names;
    for (const auto& pair : pairs)
        if (!names.insert(pair.first).second) return bad_request(std::string{what} + " stands there twice.");
    return Parameters{std::move(pairs)};
}

}  // namespace

std::optional<std::string_view> Parameters::given(std::string_view name) const {
    const auto value = get(name);
    return value && !value->empty() ? value : std::nullopt;
}

std::optional<std::string_view> Parameters::only(std::string_view name) const {
    const auto is_it = [&](const Pair& pair) { return pair.first == name; };
    return std::count_if(pairs_.begin(), pairs_.end(), is_it) == 1 ? get(name) : std::nullopt;
}

std::optional<std::string_view> Parameters::get(std::string_view name) const {
    for (const auto& [key, value] : pairs_)
        if (key == name) return value;
    return std::nullopt;
}

Result<Parameters> parse_query(std::string_view query) {
    if (query.empty()) return Parameters{};
    if (query.size() > kLongestQuery) return bad_request("The query is too long.");
    if (static_cast<std::size_t>(std::count(query.begin(), query.end(), '&')) >= kMostParameters)
        return bad_request("The query has too many parameters.");
    if (has_bad_escape(query)) return bad_request("The query holds a bad percent escape.");

    std::vector<Parameters::Pair> pairs;
    try {
        CheckedInput input{as_cgicc_reads_it(query), {}};
        const cgicc::Cgicc cgi{&input};
        for (const auto& element : cgi.getElements())
            pairs.emplace_back(element.getName(), element.getValue());
    } catch (const std::exception&) {
        return bad_request("The query can't be read.");
    }
    for (const auto& [name, value] : pairs) {
        const std::string both = name + value;
        if (both.find('\0') != std::string::npos || !is_utf8(both))
            return bad_request("The query is not UTF-8 text.");
    }
    return without_duplicates(std::move(pairs), "A query parameter");
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

bool is_form(std::string_view content_type) {
    return equals_ignoring_case(trimmed(content_type.substr(0, content_type.find(';'))),
                                "multipart/form-data");
}

Result<Upload> parse_upload(std::string_view content_type, std::string_view body, std::string_view field) {
    const std::string boundary = boundary_in(content_type);
    if (boundary.empty()) return bad_request("The form has no boundary.");
    const std::string closing = "--" + boundary + "--";
    std::string whole{body};
    if (whole.ends_with(closing)) whole += "\r\n";  // without it cgicc loses the last part
    if (!whole.starts_with("--" + boundary) || !whole.ends_with(closing + "\r\n"))
        return bad_request("The form is not whole.");
    try {
        FormInput input{whole, boundary};
        const cgicc::Cgicc cgi{&input};
        const auto& files = cgi.getFiles();
        if (cgi.getElements().empty() && files.size() == 1 && files.front().getName() == field)
            return Upload{files.front().getDataType(), files.front().getData()};
    } catch (const std::exception&) {
        return bad_request("The form can't be read.");
    }
    const std::string name{field};
    const std::string detail = "The form must consist of one file, named " + name + ".";
    return Error{.code = ErrorCode::validation_failed,
                 .detail = detail,
                 .fields = {{"/" + name, FieldCode::required, detail}}};
}

}  // namespace csauth::http
