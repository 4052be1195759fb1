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

/// What a text may cost us. design.md 3 states them for clients.
struct Limits {
    std::size_t bytes = 16 * 1024;
    std::size_t depth = 8;     ///< arrays and objects inside each other, the outermost counted
    std::size_t members = 64;  ///< in all objects together
};

enum class Kind { missing, null, boolean, integer, number, string, array, object };

/// Why a text was not taken.
struct Refusal {
    enum class Reason { malformed, not_an_object };
    Reason reason;
    std::string detail;  ///< one sentence for a person
};

/// One JSON object (RFC 8259), read strictly: UTF-8 without byte order mark, no NUL anywhere, not even
/// escaped, no member twice, nothing behind the closing brace.
class Object {
public:
    static Result<Object, Refusal> parse(std::string_view text, const Limits& limits = {});

    Object(Object&&) noexcept;
    Object& operator=(Object&&) noexcept;
    ~Object();

    Kind kind(std::string_view name) const;

    /// The member's value, or nothing where it is missing or of another kind. Views live as long as this.
    std::optional<std::string_view> string(std::string_view name) const;
    std::optional<std::int64_t> integer(std::string_view name) const;
    std::optional<bool> boolean(std::string_view name) const;

    /// An array of nothing but strings.
    std::optional<std::vector<std::string>> strings(std::string_view name) const;

    /// The member as JSON text, compact.
    std::optional<std::string> text_of(std::string_view name) const;

    /// Every member's value as JSON text, by name.
    std::map<std::string, std::string> members() const;

private:
    struct Document;
    explicit Object(std::unique_ptr<Document> document);
    std::unique_ptr<Document> document_;
};

}  // namespace csauth::json
