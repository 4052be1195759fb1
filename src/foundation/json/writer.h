#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace csauth::json {

/// Writes one JSON value, member by member. Escapes strings, which must be UTF-8 and not escaped before. The
/// calls must come in an order that makes one JSON value, which is only asserted.
class Writer {
public:
    Writer();
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    Writer& begin_object();
    Writer& end_object();
    Writer& begin_array();
    Writer& end_array();
    Writer& key(std::string_view name);

    Writer& value(std::string_view text);
    Writer& value(const char* text) { return value(std::string_view{text}); }
    Writer& value(const std::string& text) { return value(std::string_view{text}); }
    Writer& value(std::int64_t number);
    Writer& value(int number) { return value(static_cast<std::int64_t>(number)); }
    Writer& value(bool flag);
    Writer& null();

    /// Writes text that already is one JSON value. It is not checked.
    Writer& raw(std::string_view json);

    /// Writes a member of an object. A nullopt becomes null.
    template <class Value>
    Writer& member(std::string_view name, const Value& given) {
        return key(name).value(given);
    }
    template <class Value>
    Writer& member(std::string_view name, const std::optional<Value>& given) {
        key(name);
        return given ? value(*given) : null();
    }

    /// Returns the JSON text. Call it only after the end of every object and array that was begun.
    std::string text() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace csauth::json
