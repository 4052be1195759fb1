#include "text/plain_text.h"

#include <utility>

#include "text/unicode.h"

namespace csauth::text {

Result<std::string, Complaint> plain_text(std::string_view given, std::size_t longest, Lines lines) {
    auto composed = nfc(given);
    const auto points = composed ? code_points(*composed) : std::nullopt;
    if (!points) return Complaint{FieldCode::invalid, "This is not UTF-8 text."};
    if (points->size() > longest)
        return Complaint{FieldCode::too_long,
                         "At most " + std::to_string(longest) + " characters are allowed."};
    for (const char32_t c : *points) {
        if (c == U'\n' && lines == Lines::many) continue;
        constexpr char32_t line_separator = 0x2028;
        constexpr char32_t paragraph_separator = 0x2029;
        if (is_unprintable(c) || c == line_separator || c == paragraph_separator)
            return Complaint{FieldCode::invalid, "Control and invisible characters are not allowed."};
    }
    return std::move(*composed);
}

}  // namespace csauth::text
