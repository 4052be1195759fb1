#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "base/result.h"
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
class BodyReader {
public:
    /// An empty body reads as an object without members where `may_be_empty`.
    explicit BodyReader(std::string_view body, bool may_be_empty = false);

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
        return text && !trimmed(*text).empty() ? parse<T>(name, *text) : std::nullopt;
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

    /// Whether the member is there and not null.
    bool has(std::string_view name) const;

    /// Whether the member is there and null.
    bool is_null(std::string_view name) const;

    void complain(std::string_view name, Complaint complaint);

    bool ok() const { return !malformed_ && complaints_.empty(); }

    /// Only when not ok().
    Error error() const;

private:
    template <class T>
    std::optional<T> read(std::string_view name, bool required) {
        const auto text = member(name, required);
        return text ? parse<T>(name, *text) : std::nullopt;
    }

    template <class T>
    std::optional<T> parse(std::string_view name, std::string_view text) {
        auto parsed = T::parse(text);
        if (parsed) return std::move(*parsed);
        complain(name, parsed.error());
        return std::nullopt;
    }

    std::optional<std::string_view> member(std::string_view name, bool required);

    std::optional<json::Object> object_;
    std::optional<std::string> malformed_;
    std::vector<FieldError> complaints_;
};

}  // namespace csauth::http
