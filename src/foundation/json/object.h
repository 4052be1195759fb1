#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace csauth::json {

/// How large a JSON text may be. The defaults are those of a request body; docs/use/limits.md lists them.
struct Limits {
    std::size_t bytes = 16 * 1024;
    std::size_t depth = 8;     ///< arrays and objects inside each other, including the outermost
    std::size_t members = 64;  ///< in all objects together
};

/// What a member is. An integer fits std::int64_t and was written without a fraction or exponent.
enum class Kind { missing, null, boolean, integer, number, string, array, object };

/// Why Object::parse() refused a text. `malformed`: it is not JSON by our rules, or larger than a limit.
/// `not_an_object`: it is another value of JSON.
struct Refusal {
    enum class Reason { malformed, not_an_object };
    Reason reason;
    std::string detail;  ///< one sentence for a person
};

/// One JSON object (RFC 8259). It is read strictly: UTF-8 without a byte order mark, no NUL even if escaped,
/// no duplicate member at any depth, and only white space after the closing brace.
class Object {
public:
    /// Copies `text`, so the object may outlive it.
    static Result<Object, Refusal> parse(std::string_view text, const Limits& limits = {});

    Object(Object&&) noexcept;
    Object& operator=(Object&&) noexcept;
    ~Object();

    /// Returns Kind::missing if there is no such member.
    Kind kind(std::string_view name) const;

    /// These return the value of the member, or nullopt if it is missing or of another kind. A view is valid
    /// while this object lives, also after a move.
    std::optional<std::string_view> string(std::string_view name) const;
    std::optional<std::int64_t> integer(std::string_view name) const;
    std::optional<bool> boolean(std::string_view name) const;

    /// Returns the elements of an array that contains only strings, otherwise nullopt.
    std::optional<std::vector<std::string>> strings(std::string_view name) const;

    /// Returns the member as compact JSON text, or nullopt if it is missing.
    std::optional<std::string> text_of(std::string_view name) const;

    /// Returns the value of every member as compact JSON text, by name.
    std::map<std::string, std::string> members() const;

private:
    struct Document;
    explicit Object(std::unique_ptr<Document> document);
    std::unique_ptr<Document> document_;
};

}  // namespace csauth::json
