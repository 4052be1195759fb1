#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "base/result.h"
#include "http/message.h"
#include "http/multipart.h"
#include "json/object.h"

namespace csauth::http {

/// A member that may be any text but the empty one. A service decides what it means. `too_short`: it is
/// empty.
struct NonEmptyText {
    std::string text;
    static Result<NonEmptyText, Complaint> parse(std::string_view given) {
        if (given.empty()) return Complaint{FieldCode::too_short, "This may not be empty."};
        return NonEmptyText{std::string{given}};
    }
};

/// Reads the JSON object of a request body directly into domain values, and collects every complaint.
///
/// A value type T has `static Result<T, Complaint> parse(std::string_view)`. Members that the handler does
/// not read are ignored.
///
/// A form is read like an object whose members are texts and files. In a form, a flag is a text such as
/// "true", "on" or "1". A whole number is its digits, and an object is its JSON text. Browsers send every
/// field, so an empty text counts as missing, unless the member is required or the empty text is a value of
/// it.
class BodyReader {
public:
    /// Reads JSON. If `may_be_empty`, an empty body is read like an object without members.
    explicit BodyReader(std::string_view body, bool may_be_empty = false);

    /// Reads JSON, or a form if the request's Content-Type names one. The request must outlive the reader.
    explicit BodyReader(const Request& request, bool may_be_empty = false);

    /// Returns the value of the member, or nullopt after a complaint about it.
    ///
    /// `required`: it is missing or null. `wrong_type`: it is not a string. Otherwise the complaint of
    /// T::parse(). If the body can't be read, every function returns nullopt and adds no complaint.
    template <class T>
    std::optional<T> required(std::string_view name) {
        return read<T>(name, true);
    }

    /// Returns the same, but a member that is missing or null is not a complaint.
    template <class T>
    std::optional<T> optional(std::string_view name) {
        return read<T>(name, false);
    }

    /// Returns the same, but a text that is empty or only white space counts as missing, too.
    template <class T>
    std::optional<T> optional_unless_blank(std::string_view name) {
        const auto text = member(name, false);
        return text && !trimmed(*text).empty() ? parse<T>(name, *text, false) : std::nullopt;
    }

    /// Returns a member that is true or false. `wrong_type`: it is something else.
    std::optional<bool> optional_flag(std::string_view name);

    /// Returns a whole number from `least` to `most`. `wrong_type`: it is not a whole number. `invalid`: it
    /// is out of range.
    std::optional<int> optional_integer(std::string_view name, int least, int most);

    /// Returns an array of strings. `wrong_type`: it is something else. A form can't have one.
    std::optional<std::vector<std::string>> optional_strings(std::string_view name);

    /// Returns the members of an object, each as JSON text by its name. `wrong_type`: it is not an object.
    /// `invalid`: it exceeds one of `limits`, or a form has text that is not a JSON object.
    std::optional<std::map<std::string, std::string>> optional_object(std::string_view name,
                                                                      const json::Limits& limits);

    /// Returns the file of a form, or nullptr if the body has no such file. The reader owns it; its content
    /// points into the body of the request.
    const FormPart* file(std::string_view name) const;

    /// Returns true if the member exists and is not null. In a form it must not be empty either.
    bool has(std::string_view name) const;

    /// Returns true if the member exists and is null. In a form that means empty.
    bool is_null(std::string_view name) const;

    /// Adds a complaint of the caller's own.
    void complain(std::string_view name, Complaint complaint);

    /// Returns true if the body could be read and there is no complaint so far.
    bool ok() const { return !unreadable_ && complaints_.empty(); }

    /// Returns the refusal. Call it only if ok() is false.
    ///
    /// `validation_failed`: with all complaints. `malformed_json`: the JSON can't be read. A form that can't
    /// be read is refused as parse_form_body() does.
    Error error() const;

private:
    template <class T>
    std::optional<T> read(std::string_view name, bool required) {
        const auto text = member(name, required);
        return text ? parse<T>(name, *text, required) : std::nullopt;
    }

    template <class T>
    std::optional<T> parse(std::string_view name, std::string_view text, bool required) {
        auto parsed = T::parse(text);
        if (parsed) return std::move(*parsed);
        if (!required && is_null(name)) return std::nullopt;
        complain(name, parsed.error());
        return std::nullopt;
    }

    void read_json(std::string_view text, const json::Limits& limits);
    void read_form(const Request& request);
    bool is_present(std::string_view name) const;
    std::optional<std::string_view> member(std::string_view name, bool required);

    std::optional<json::Object> object_;
    bool is_form_ = false;
    std::vector<FormPart> files_;
    std::optional<Error> unreadable_;
    std::vector<FieldError> complaints_;
};

}  // namespace csauth::http
