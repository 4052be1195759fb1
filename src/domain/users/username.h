#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace csauth::users {

inline constexpr std::size_t kShortestUsername = 3;  // code points
inline constexpr std::size_t kLongestUsername = 50;

/// A name that others see and type: letters, marks and digits of any script, and . _ - + between them
/// (after RFC 8265 section 3). It has no @, so that it can't be taken for an address. It does not mix scripts
/// that look alike, has no invisible character, and is not on the list of reserved names.
class Username {
public:
    /// White space around the name is ignored. `too_short`, `too_long`, `invalid`, `reserved`.
    static Result<Username, Complaint> parse(std::string_view given);

    const std::string& text() const { return text_; }  ///< as it is shown, in NFKC
    const std::string& key() const { return key_; }    ///< equal for all spellings of one name

private:
    Username(std::string text, std::string key) : text_{std::move(text)}, key_{std::move(key)} {}

    std::string text_;
    std::string key_;
};

/// Returns true if mail programs and chats would make a link of the name: it begins with "www.", or ends with
/// a dot and a top-level domain that many of them know (com, net, org, info, biz). Other names with dots
/// pass, such as john.doe, m.de and node.js.
bool looks_like_web_address(const Username& name);

/// Returns the form in which names are compared, for a name that was typed to sign in; `nullopt` if it can't
/// be a name.
std::optional<std::string> username_key(std::string_view given);

}  // namespace csauth::users
