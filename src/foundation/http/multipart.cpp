#include "http/multipart.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"

// cgicc reads queries and cookies, but not forms, because it misreads them. It finds "filename=" when it
// looks for "name=", and knows header names in one case only. It requires a space after the colon and quotes
// around values. It splits at a boundary inside a line, and loses a last part without a final line break.
//
// Many clients write such forms, and an attacker can inject fields. So the head of a form must never reach
// cgicc, not even a checked one.
namespace csauth::http {
namespace {

constexpr std::string_view kLineBreak = "\r\n";
constexpr std::string_view kBlankLine = "\r\n\r\n";

Error bad_request(std::string detail) {
    return {.code = ErrorCode::bad_request, .detail = std::move(detail)};
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alphanumeric(c) || std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
    });
}

bool has_controls(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f';
    });
}

std::string_view without_leading_blanks(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// The value of a header: a word, and parameters after it (RFC 2045, section 5.1).
struct HeaderValue {
    std::string_view word;
    std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case, each once

    const std::string* find(std::string_view name) const {
        const auto found = std::find_if(parameters.begin(), parameters.end(),
                                        [&](const auto& parameter) { return parameter.first == name; });
        return found == parameters.end() ? nullptr : &found->second;
    }
};

/// Takes a quoted value off `text`, after its opening quotation mark. Returns nullopt if the value has no
/// end.
///
/// A quotation mark that does not end the value is part of it, because several clients do not escape those of
/// a file name. A backslash escapes a quotation mark or a backslash.
std::optional<std::string> take_quoted(std::string_view& text) {
    std::string value;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\\')) {
            value += text[++at];
            continue;
        }
        if (text[at] == '"') {
            const auto rest = without_leading_blanks(text.substr(at + 1));
            if (rest.empty() || rest.front() == ';') {
                text = rest;
                return value;
            }
        }
        value += text[at];
    }
    return std::nullopt;
}

/// Returns nullopt if a parameter occurs twice, has no end, or has a quotation mark in a value without
/// quotes.
std::optional<HeaderValue> parse_value(std::string_view text) {
    HeaderValue value;
    auto end = std::min(text.find(';'), text.size());
    value.word = trimmed(text.substr(0, end));
    text.remove_prefix(end);
    while (!text.empty()) {
        text = without_leading_blanks(text.substr(1));  // the semicolon
        end = std::min(text.find_first_of("=;"), text.size());
        const auto name = ascii_lower(trimmed(text.substr(0, end)));
        text.remove_prefix(end);
        if (!text.starts_with('=')) continue;  // an empty parameter, or a lone word
        text = without_leading_blanks(text.substr(1));
        std::string content;
        if (text.starts_with('"')) {
            text.remove_prefix(1);
            auto quoted = take_quoted(text);
            if (!quoted) return std::nullopt;
            content = std::move(*quoted);
        } else {
            end = std::min(text.find(';'), text.size());
            content = trimmed(text.substr(0, end));
            if (content.find('"') != std::string::npos) return std::nullopt;
            text.remove_prefix(end);
        }
        if (value.find(name) != nullptr) return std::nullopt;
        value.parameters.emplace_back(name, std::move(content));
    }
    return value;
}

/// Returns the boundary, or nullopt if there is none that RFC 2046, section 5.1.1 allows.
std::optional<std::string> boundary_in(std::string_view content_type) {
    const auto value = parse_value(content_type);
    const auto* const boundary = value ? value->find("boundary") : nullptr;
    if (boundary == nullptr || boundary->empty() || boundary->size() > kLongestBoundary ||
        boundary->back() == ' ')
        return std::nullopt;
    const bool is_good = std::all_of(boundary->begin(), boundary->end(), [](char c) {
        return is_alphanumeric(c) || std::string_view{"'()+_,-./:=? "}.find(c) != std::string_view::npos;
    });
    return is_good ? std::optional{*boundary} : std::nullopt;
}

/// A line of two dashes and the boundary.
struct Delimiter {
    std::size_t begin;  ///< where the line break before it begins: it belongs to the delimiter
    std::size_t end;    ///< after the line break that ends it
    bool is_last;
};

/// Finds the first delimiter at or after `from`. A line that continues after the boundary is not a delimiter.
/// `dashes` is a line break, two dashes and the boundary.
std::optional<Delimiter> find_delimiter(std::string_view body, std::size_t from, std::string_view dashes) {
    for (;; ++from) {
        std::size_t begin = 0;
        std::size_t at = 0;
        if (from == 0 && body.starts_with(dashes.substr(kLineBreak.size()))) {
            at = dashes.size() - kLineBreak.size();
        } else {
            begin = body.find(dashes, from);
            if (begin == std::string_view::npos) return std::nullopt;
            at = begin + dashes.size();
        }
        const bool is_last = body.substr(at, 2) == "--";
        if (is_last) at += 2;
        while (at < body.size() && is_blank(body[at]))  // padding by gateways
            ++at;
        if (body.substr(at, kLineBreak.size()) == kLineBreak)
            return Delimiter{begin, at + kLineBreak.size(), is_last};
        if (is_last && at == body.size()) return Delimiter{begin, at, true};
        from = begin;
    }
}

/// The headers of a part that matter. All others are ignored (RFC 7578, section 4.8).
struct PartHead {
    std::optional<std::string_view> disposition;
    std::optional<std::string_view> type;
    std::optional<std::string_view> encoding;
};

/// Reads header lines from which folding has been removed, each with its line break.
Result<PartHead> parse_head(std::string_view head) {
    PartHead parsed;
    while (!head.empty()) {
        const auto end = std::min(head.find(kLineBreak), head.size());
        const auto line = head.substr(0, end);
        head.remove_prefix(std::min(end + kLineBreak.size(), head.size()));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) || has_controls(line))
            return bad_request("A part of the form has a damaged header line.");
        const auto name = ascii_lower(line.substr(0, colon));
        auto* const place = name == "content-disposition"         ? &parsed.disposition
                            : name == "content-type"              ? &parsed.type
                            : name == "content-transfer-encoding" ? &parsed.encoding
                                                                  : nullptr;
        if (place == nullptr) continue;
        if (*place) return bad_request("A part of the form has the header " + name + " twice.");
        *place = trimmed(line.substr(colon + 1));
    }
    return parsed;
}

/// Joins folded lines: a line that begins with white space continues the line before (RFC 822, section
/// 3.1.1).
std::string unfolded(std::string_view head) {
    std::string text;
    for (std::size_t at = 0; at < head.size(); ++at) {
        const auto rest = head.substr(at);
        if (at > 0 && rest.size() > 2 && rest.starts_with(kLineBreak) && is_blank(rest[2]))
            ++at;
        else
            text += head[at];
    }
    return text;
}

/// Returns the last component of an extended value, charset'language'value (RFC 8187), still percent-encoded.
std::string extended_value(std::string_view text) { return std::string{text.substr(text.rfind('\'') + 1)}; }

Result<FormPart> parse_part(std::string_view folded_head, std::string_view content) {
    const std::string head = unfolded(folded_head);
    const auto parsed = parse_head(head);
    if (!parsed) return parsed.error();
    if (parsed->encoding) {
        const auto encoding = ascii_lower(*parsed->encoding);
        if (encoding != "binary" && encoding != "8bit" && encoding != "7bit" && !encoding.empty())
            return Error{
                .code = ErrorCode::unsupported_media_type,
                .detail = "A part of the form has a Content-Transfer-Encoding. Send its bytes as they are."};
    }
    const auto disposition = parsed->disposition ? parse_value(*parsed->disposition) : std::nullopt;
    if (!disposition || !equals_ignoring_case(disposition->word, "form-data"))
        return bad_request("A part of the form has no Content-Disposition of form-data.");
    const auto* const name = disposition->find("name");
    if (name == nullptr || name->empty() || !is_utf8(*name))
        return bad_request("A part of the form has no name.");
    FormPart part{*name, std::nullopt, std::string{parsed->type.value_or("")}, content};
    if (ascii_lower(part.content_type).starts_with("multipart/"))
        return bad_request("A part of the form is itself a multipart.");
    if (const auto* const filename = disposition->find("filename"))
        part.filename = *filename;
    else if (const auto* const extended = disposition->find("filename*"))
        part.filename = extended_value(*extended);
    return part;
}

bool is_text_field(const FormPart& part) {
    return !part.filename &&
           (part.content_type.empty() || ascii_lower(part.content_type).starts_with("text/")) &&
           part.content.find('\0') == std::string_view::npos && is_utf8(part.content);
}

}  // namespace

std::string media_type_of(std::string_view content_type) {
    return ascii_lower(trimmed(content_type.substr(0, content_type.find(';'))));
}

bool is_multipart_form(std::string_view content_type) {
    return media_type_of(content_type) == "multipart/form-data";
}

Result<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body) {
    const auto boundary = boundary_in(content_type);
    if (!boundary) return bad_request("The form has no boundary, or not one of RFC 2046.");
    const std::string dashes = std::string{kLineBreak} + "--" + *boundary;

    auto delimiter = find_delimiter(body, 0, dashes);
    if (!delimiter) return bad_request("The form does not begin with its boundary.");
    std::vector<FormPart> parts;
    while (!delimiter->is_last) {
        if (parts.size() == kMostFormParts)
            return bad_request("The form may have at most " + std::to_string(kMostFormParts) + " parts.");
        // A head of the longest length, and the blank line after it.
        const auto rest = body.substr(delimiter->end);
        const auto head =
            rest.substr(0, rest.substr(0, kLongestPartHead + kBlankLine.size()).find(kBlankLine));
        if (head.size() > kLongestPartHead)
            return bad_request("The head of a part of the form is too long, or has no end.");
        // If the part is empty, the line break of the next delimiter is part of this blank line.
        const auto head_end = delimiter->end + head.size();
        const auto content_begin = head_end + kBlankLine.size();
        const auto next = find_delimiter(body, head_end + kLineBreak.size(), dashes);
        if (!next) return bad_request("The form is not whole: its last boundary is missing.");
        const auto content = next->begin < content_begin
                                 ? std::string_view{}
                                 : body.substr(content_begin, next->begin - content_begin);
        auto part = parse_part(head, content);
        if (!part) return part.error();
        parts.push_back(std::move(*part));
        delimiter = next;
    }
    return parts;
}

Result<FormPart> parse_upload(std::string_view content_type, std::string_view body, std::string_view field) {
    auto parts = parse_multipart(content_type, body);
    if (!parts) return parts.error();
    if (parts->size() == 1 && parts->front().name == field && !is_text_field(parts->front()))
        return std::move(parts->front());
    const std::string name{field};
    return invalid_field(name, FieldCode::required, "The form must consist of one file, named " + name + ".");
}

}  // namespace csauth::http
