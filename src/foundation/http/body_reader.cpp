#include "http/body_reader.h"

#include <charconv>
#include <utility>

#include "base/encoding.h"
#include "http/form_body.h"
#include "json/writer.h"

namespace csauth::http {

namespace {

/// Returns the fields of the form as a JSON object. A file becomes an empty object, which no member accepts.
std::string object_of(const FormBody& form) {
    json::Writer object;
    object.begin_object();
    for (const auto& [name, text] : form.texts)
        object.member(name, text);
    for (const auto& file : form.files)
        object.key(file.name).begin_object().end_object();
    object.end_object();
    return object.text();
}

/// Reads the value of a checkbox, or a word for true or false, by the rules of the Django service. Returns
/// nullopt for any other text.
std::optional<bool> flag_in(std::string_view text) {
    const auto word = ascii_lower(text);
    for (const auto* const yes : {"true", "t", "yes", "y", "on", "1"})
        if (word == yes) return true;
    for (const auto* const no : {"false", "f", "no", "n", "off", "0"})
        if (word == no) return false;
    return std::nullopt;
}

std::optional<std::int64_t> integer_in(std::string_view text) {
    std::int64_t number = 0;
    const auto* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    return error == std::errc{} && end == last ? std::optional{number} : std::nullopt;
}

}  // namespace

BodyReader::BodyReader(std::string_view body, bool may_be_empty) {
    read_json(body.empty() && may_be_empty ? "{}" : body, {});
}

BodyReader::BodyReader(const Request& request, bool may_be_empty) {
    if (request.body.empty() && may_be_empty)
        read_json("{}", {});
    else if (is_form_type(request.content_type))
        read_form(request);
    else
        read_json(request.body, {});
}

void BodyReader::read_json(std::string_view text, const json::Limits& limits) {
    auto parsed = json::Object::parse(text, limits);
    if (parsed) {
        object_ = std::move(*parsed);
        return;
    }
    switch (parsed.error().reason) {
        case json::Refusal::Reason::malformed:
            unreadable_ = {.code = ErrorCode::malformed_json, .detail = parsed.error().detail};
            break;
        case json::Refusal::Reason::not_an_object:
            complaints_.push_back({"", FieldCode::wrong_type, parsed.error().detail});
            break;
    }
}

void BodyReader::read_form(const Request& request) {
    constexpr std::size_t longest_escape = 6;       // "\u0001"
    constexpr std::size_t most_around_a_field = 8;  // quotes, colon, comma, braces
    is_form_ = true;
    auto form = parse_form_body(request.content_type, request.body);
    if (!form) {
        unreadable_ = form.error();
        return;
    }
    json::Limits limits;
    limits.bytes = limits.bytes * longest_escape + limits.members * most_around_a_field;
    read_json(object_of(*form), limits);
    files_ = std::move(form->files);
}

const FormPart* BodyReader::file(std::string_view name) const {
    for (const auto& file : files_)
        if (file.name == name) return &file;
    return nullptr;
}

bool BodyReader::is_present(std::string_view name) const {
    if (!object_) return false;
    const auto kind = object_->kind(name);
    return kind != json::Kind::missing && kind != json::Kind::null;
}

bool BodyReader::has(std::string_view name) const { return is_present(name) && !is_null(name); }

bool BodyReader::is_null(std::string_view name) const {
    if (!object_) return false;
    return object_->kind(name) == json::Kind::null || (is_form_ && object_->string(name) == "");
}

std::optional<bool> BodyReader::optional_flag(std::string_view name) {
    if (!has(name)) return std::nullopt;
    const auto text = is_form_ ? object_->string(name) : std::nullopt;
    const auto flag = text ? flag_in(*text) : object_->boolean(name);
    if (!flag) complain(name, {FieldCode::wrong_type, "This must be true or false."});
    return flag;
}

std::optional<int> BodyReader::optional_integer(std::string_view name, int least, int most) {
    if (!has(name)) return std::nullopt;
    const auto text = is_form_ ? object_->string(name) : std::nullopt;
    const auto number = text ? integer_in(*text) : object_->integer(name);
    if (!number) {
        complain(name, {FieldCode::wrong_type, "This must be a whole number."});
        return std::nullopt;
    }
    if (*number < least || *number > most) {
        complain(name, {FieldCode::invalid,
                        "This must be from " + std::to_string(least) + " to " + std::to_string(most) + '.'});
        return std::nullopt;
    }
    return static_cast<int>(*number);
}

std::optional<std::vector<std::string>> BodyReader::optional_strings(std::string_view name) {
    if (!has(name)) return std::nullopt;
    auto strings = object_->strings(name);
    if (!strings) complain(name, {FieldCode::wrong_type, "This must be an array of strings."});
    return strings;
}

std::optional<std::map<std::string, std::string>> BodyReader::optional_object(std::string_view name,
                                                                              const json::Limits& limits) {
    if (!has(name)) return std::nullopt;
    const auto text = is_form_ ? object_->string(name) : std::nullopt;
    if (!text && (is_form_ || object_->kind(name) != json::Kind::object)) {
        complain(name, {FieldCode::wrong_type, "This must be an object."});
        return std::nullopt;
    }
    const auto object = json::Object::parse(text ? *text : *object_->text_of(name), limits);
    if (!object) {
        complain(name, {FieldCode::invalid, object.error().detail});
        return std::nullopt;
    }
    return object->members();
}

std::optional<std::string_view> BodyReader::member(std::string_view name, bool required) {
    if (!object_) return std::nullopt;
    if (!is_present(name)) {
        if (required) complain(name, {FieldCode::required, "This member is required."});
        return std::nullopt;
    }
    const auto text = object_->string(name);
    if (!text) complain(name, {FieldCode::wrong_type, "This must be a string."});
    return text;
}

void BodyReader::complain(std::string_view name, Complaint complaint) {
    complaints_.push_back({std::string{name}, complaint.code, std::move(complaint.detail)});
}

Error BodyReader::error() const {
    if (unreadable_) return *unreadable_;
    return {
        .code = ErrorCode::validation_failed, .detail = complaints_.front().detail, .fields = complaints_};
}

}  // namespace csauth::http
