#include "http/form_body.h"

#include <set>

#include "base/encoding.h"
#include "http/form.h"
#include "json/object.h"

namespace csauth::http {
namespace {

Error bad_request(std::string detail) {
    return {.code = ErrorCode::bad_request, .detail = std::move(detail)};
}

bool is_file(const FormPart& part) {
    if (part.filename) return true;
    const auto type = media_type_of(part.content_type);
    return !type.empty() && !type.starts_with("text/") && type != "application/json";
}

Result<FormBody> read_multipart(std::string_view content_type, std::string_view body) {
    auto parts = parse_multipart(content_type, body);
    if (!parts) return parts.error();
    FormBody form;
    for (auto& part : *parts) {
        const bool is_left_out = part.filename && part.filename->empty() && part.content.empty();
        if (is_left_out) continue;
        if (is_file(part))
            form.files.push_back(std::move(part));
        else
            form.texts.emplace_back(std::move(part.name), std::string{part.content});
    }
    return form;
}

Result<void> check(const FormBody& form) {
    const json::Limits limits;
    std::set<std::string_view> names;
    std::size_t bytes = 0;
    const auto add = [&](std::string_view name) {
        bytes += name.size();
        return names.insert(name).second;
    };
    for (const auto& [name, text] : form.texts) {
        if (!add(name)) return bad_request("The form has the field \"" + name + "\" twice.");
        if (text.find('\0') != std::string::npos || !is_utf8(text))
            return bad_request("The field \"" + name + "\" of the form is not UTF-8 text.");
        bytes += text.size();
    }
    for (const auto& file : form.files)
        if (!add(file.name)) return bad_request("The form has the field \"" + file.name + "\" twice.");
    if (names.size() > limits.members)
        return bad_request("The form may have at most " + std::to_string(limits.members) + " fields.");
    if (bytes > limits.bytes) return Error{.code = ErrorCode::body_too_large};
    return {};
}

}  // namespace

bool is_urlencoded_form(std::string_view content_type) {
    return media_type_of(content_type) == "application/x-www-form-urlencoded";
}

bool is_form_type(std::string_view content_type) {
    return is_multipart_form(content_type) || is_urlencoded_form(content_type);
}

Result<FormBody> parse_form_body(std::string_view content_type, std::string_view body) {
    FormBody form;
    if (is_multipart_form(content_type)) {
        auto read = read_multipart(content_type, body);
        if (!read) return read.error();
        form = std::move(*read);
    } else {
        const auto fields = parse_urlencoded(body, "form");
        if (!fields) return fields.error();
        form.texts = fields->all();
    }
    if (const auto good = check(form); !good) return good.error();
    return form;
}

}  // namespace csauth::http
