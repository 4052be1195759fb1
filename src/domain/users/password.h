#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace csauth::users {

inline constexpr std::size_t kShortestPassword = 8;  // code points after NFC; the documentation recommends 15
inline constexpr std::size_t kLongestPassword = 128;  // code points after NFC
inline constexpr std::size_t kLongestPasswordBytes = 1024;

/// A password that a user typed to sign in or confirm an action, in NFC (RFC 8265 section 4). It is not
/// trimmed, cut or folded. The memory is wiped at the end.
class Password {
public:
    /// `too_short`: empty. `too_long`: over kLongestPasswordBytes. `invalid`: not UTF-8.
    static Result<Password, Complaint> parse(std::string_view given);

    /// Returns a view that is valid as long as this object.
    std::string_view reveal() const { return text_.reveal(); }

private:
    friend class NewPassword;
    explicit Password(Secret text) : text_{std::move(text)} {}
    Secret text_;
};

/// A password that a user chooses. parse() applies the rules that need no knowledge of the account or site.
///
/// `too_short`, `too_long`, `invalid`: its length in code points, or control characters.
/// `common_password`: it is on the list of common ones, or is one of them with a few characters changed or
/// added (Passw0rd!); see password_cores().
/// `predictable_password`: a repetition, a sequence, a date, or a season, month or similar word with a few
/// characters changed or added (Summer2026!).
/// resembles_account() and ContextWords have the other rules.
class NewPassword {
public:
    static Result<NewPassword, Complaint> parse(std::string_view given);

    std::string_view reveal() const { return password_.reveal(); }

private:
    explicit NewPassword(Password password) : password_{std::move(password)} {}
    Password password_;
};

/// Returns true if the password is little more than an identifier (username, address, full name) or a part of
/// one. Common substitutions count as well: 4nn1e for annie.
bool resembles_account(std::string_view password, std::span<const std::string_view> identifiers);

}  // namespace csauth::users
