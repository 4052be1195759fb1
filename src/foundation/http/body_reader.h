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

/// A member that may be any text but the empty one, where a service decides what it means.
struct NonEmptyText {
    std::string text;
    static Result<NonEmptyText, Complaint> parse(std::string_view given) {
        if (given.empty()) return Complaint{FieldCode::too_short, "This may not be empty."};
        return NonEmptyText{std::string{given}};
    }
};

/// Reads the JSON object of a request body straight into domain values, and collects every complaint.
///
/// A value type T has `static Result<T, Complaint> parse(std::string_view)`. Members that nobody asks
/// for are ignored.
///
/// A form reads as an object whose members are texts and files. In a form, a flag is a text such as "true",
/// "on" or "1", a whole number is its digits, and an object is its JSON text. Browsers send every field, so
/// an empty text counts as missing, unless the member is required or the empty text is a value of it.
class BodyReader {
public:
    /// An empty body reads as an object without members where `may_be_empty`.
    explicit BodyReader(std::string_view body, bool may_be_empty = false);

    /// Reads JSON, or a form if the request's Content-Type names one. The request must outlive the reader.
    explicit BodyReader(const Request& request, bool may_be_empty = false);

    /// The member's value; nothing, and a complaint, where it is missing, null or not acceptable.
    template <class T>
    std::optional<T> required(std::string_view name) {
        return read<T>(name, true);
    }

    /// The same, but a member that is missing or null is no complaint.
    template <class T>
    std::optional<T> optional(std::string_view name) {
        return read<T>(name, false);
    }

    /// The same, but a text of nothing but white space counts as missing, too.
    template <class T>
    std::optional<T> optional_unless_blank(std::string_view name) {
        const auto text = member(name, false);
        return text && !trimmed(*text).empty() ? parse<T>(name, *text, false) : std::nullopt;
    }

    /// A member that is true or false.
    std::optional<bool> optional_flag(std::string_view name);

    /// A whole number from `least` to `most`.
    std::optional<int> optional_integer(std::string_view name, int least, int most);

    /// An array of strings.
    std::optional<std::vector<std::string>> optional_strings(std::string_view name);

    /// The members of an object within `limits`, each as JSON text by its name.
    std::optional<std::map<std::string, std::string>> optional_object(std::string_view name,
                                                                      const json::Limits& limits);

    /// The file of a form; nullptr if the form has none of that name, or the body is no form.
    const FormPart* file(std::string_view name) const;

    /// Whether the member is there and not null, in a form: nor empty.
    bool has(std::string_view name) const;

    /// Whether the member is there and null, in a form: empty.
    bool is_null(std::string_view name) const;

    void complain(std::string_view name, Complaint complaint);

    bool ok() const { return !unreadable_ && complaints_.empty(); }

    /// Only when not ok().
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
