#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace csauth::users {

inline constexpr std::size_t kLongestLocalPart = 64;  // bytes, RFC 5321 section 4.5.3.1.1
inline constexpr std::size_t kLongestDomain = 253;    // bytes as A-labels, RFC 1035 section 2.3.4
inline constexpr std::size_t kLongestEmail = 254;     // bytes, RFC 5321 section 4.5.3.1.3 less the brackets
inline constexpr std::size_t kLongestEmailGiven =
    1024;  // bytes, with white space around it and full-width letters

/// An e-mail address: dot-atom (RFC 5322 section 3.2.3, with the letters of RFC 6531) at a domain of two
/// labels or more. Quoted local parts, comments and address literals are not taken: nobody has one, and
/// they have fooled many a parser.
class Email {
public:
    /// White space around the address is ignored. `too_short`, `too_long`, `invalid`.
    static Result<Email, Complaint> parse(std::string_view given);

    /// For showing: the local part in NFKC with the case in which it was written, the domain in lower case as
    /// U-labels. It has no character that shows nothing.
    const std::string& text() const { return text_; }

    /// Equal for all spellings that we take for one mailbox: NFKC, folded case, domain as A-labels.
    const std::string& key() const { return key_; }

    /// For an SMTP command: the local part of text(), the domain as A-labels.
    std::string for_smtp() const { return text_.substr(0, text_.rfind('@')) + key_.substr(key_.rfind('@')); }

private:
    Email(std::string text, std::string key) : text_{std::move(text)}, key_{std::move(key)} {}

    std::string text_;
    std::string key_;
};

}  // namespace csauth::users
