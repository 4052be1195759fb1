#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "text/plain_text.h"

namespace csauth::users {

inline constexpr std::size_t kLongestFullName = 255;  // code points
inline constexpr std::size_t kLongestBio = 500;       // code points

/// A person's name on one line, of any script; may be empty.
struct FullName {
    std::string text;

    /// Cleans the text (text::plain_text). `too_long`, `invalid`.
    static Result<FullName, Complaint> parse(std::string_view given) {
        auto text = text::plain_text(given, kLongestFullName, text::Lines::one);
        if (!text) return text.error();
        return FullName{std::move(*text)};
    }
};

/// A text by the user about themselves; may be empty, may have line feeds.
struct Bio {
    std::string text;

    /// Cleans the text (text::plain_text). `too_long`, `invalid`.
    static Result<Bio, Complaint> parse(std::string_view given) {
        auto text = text::plain_text(given, kLongestBio, text::Lines::many);
        if (!text) return text.error();
        return Bio{std::move(*text)};
    }
};

/// The languages of our mails. The first one is used for users that choose none of them.
inline constexpr std::string_view kLanguages[] = {"en", "de", "fr", "es", "pt", "sw"};

/// One of kLanguages.
struct Language {
    std::string tag;

    /// Accepts a tag with a region ("de-AT", "de_AT") and keeps the language only. `invalid`: none of
    /// kLanguages.
    static Result<Language, Complaint> parse(std::string_view given);
};

/// Returns the one of kLanguages that an Accept-Language header prefers ("de" for
/// "ja, de-AT;q=0.8, en;q=0.5"; RFC 9110 section 12.5.4). Returns the first one if the header names none.
std::string preferred_language(std::string_view accept_language);

}  // namespace csauth::users
