#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace csauth::users {

inline constexpr std::size_t kShortestPassword = 8;  // code points after NFC; the documentation recommends 15
inline constexpr std::size_t kLongestPassword = 128;
inline constexpr std::size_t kLongestPasswordBytes = 1024;

/// A password that somebody typed to prove who they are, in NFC (RFC 8265 section 4). Nothing is trimmed,
/// cut or folded.
class Password {
public:
    static Result<Password, Complaint> parse(std::string_view given);

    std::string_view reveal() const { return text_.reveal(); }

private:
    friend class NewPassword;
    explicit Password(Secret text) : text_{std::move(text)} {}
    Secret text_;
};

/// A password that somebody chooses. That it is long enough, printable and not common is checked here; that
/// it does not resemble the account, by resembles_account().
class NewPassword {
public:
    static Result<NewPassword, Complaint> parse(std::string_view given);

    std::string_view reveal() const { return password_.reveal(); }

private:
    explicit NewPassword(Password password) : password_{std::move(password)} {}
    Password password_;
};

/// Whether the password is little more than one of these, or a part of one: username, address, full name.
bool resembles_account(std::string_view password, std::span<const std::string_view> identifiers);

}  // namespace csauth::users
