#include "http/body_reader.h"

#include <utility>

namespace csauth::http {

BodyReader::BodyReader(std::string_view body, bool may_be_empty) {
    auto parsed = json::Object::parse(body.empty() && may_be_empty ? "{}" : body);
    if (parsed) {
        object_ = std::move(*parsed);
        return;
    }
    switch (parsed.error().reason) {
        case json::Refusal::Reason::malformed: malformed_ = parsed.error().detail; break;
        case json::Refusal::Reason::not_an_object:
            complaints_.push_back({"", FieldCode::wrong_type, parsed.error().detail});
            break;
    }
}

bool BodyReader::has(std::string_view name) const {
    if (!object_) return false;
    const auto kind = object_->kind(name);
    return kind != json::Kind::missing && kind != json::Kind::null;
}

bool BodyReader::is_null(std::string_view name) const {
    return object_ && object_->kind(name) == json::Kind::null;
}

std::optional<bool> BodyReader::optional_flag(std::string_view name) {
    if (!has(name)) return std::nullopt;
    const auto flag = object_->boolean(name);
    if (!flag) complain(name, {FieldCode::wrong_type, "This must be true or false."});
    return flag;
}

std::optional<int> BodyReader::optional_integer(std::string_view name, int least, int most) {
    if (!has(name)) return std::nullopt;
    const auto number = object_->integer(name);
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
    if (object_->kind(name) != json::Kind::object) {
        complain(name, {FieldCode::wrong_type, "This must be an object."});
        return std::nullopt;
    }
    const auto object = json::Object::parse(*object_->text_of(name), limits);
    if (!object) {
        complain(name, {FieldCode::invalid, object.error().detail});
        return std::nullopt;
    }
    return object->members();
}

std::optional<std::string_view> BodyReader::member(std::string_view name, bool required) {
    if (!object_) return std::nullopt;
    if (!has(name)) {
        if (required) complain(name, {FieldCode::required, "This member is required."});
        return std::nullopt;
    }
    const auto text = object_->string(name);
    if (!text) complain(name, {FieldCode::wrong_type, "This must be a string."});
    return text;
}

void BodyReader::complain(std::string_view name, Complaint complaint) {
    complaints_.push_back({"/" + std::string{name}, complaint.code, std::move(complaint.detail)});
}

Error BodyReader::error() const {
    if (malformed_) return {.code = ErrorCode::malformed_json, .detail = *malformed_};
    return {
        .code = ErrorCode::validation_failed, .detail = complaints_.front().detail, .fields = complaints_};
}

}  // namespace csauth::http
