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
/// labels or more. Quoted local parts, comments and address literals are refused: hardly any mailbox needs
/// them, and many parsers read them wrongly.
class Email {
public:
    /// White space around the address is ignored. `too_short`, `too_long`, `invalid`.
    static Result<Email, Complaint> parse(std::string_view given);

    /// Returns the address as it is shown. The local part is in NFKC and keeps its case. The domain is in
    /// lower case as U-labels, or as A-labels if the address would be too long. No character is invisible.
    const std::string& text() const { return text_; }

    /// Returns the form in which addresses are compared. It is equal for all spellings that count as one
    /// mailbox: NFKC with folded case, and the domain as A-labels.
    const std::string& key() const { return key_; }

    /// Returns the address for an SMTP command: the local part of text(), and the domain as A-labels.
    std::string for_smtp() const { return text_.substr(0, text_.rfind('@')) + key_.substr(key_.rfind('@')); }

private:
    Email(std::string text, std::string key) : text_{std::move(text)}, key_{std::move(key)} {}

    std::string text_;
    std::string key_;
};

}  // namespace csauth::users
