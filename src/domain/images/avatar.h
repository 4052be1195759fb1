#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace csauth::images {

inline constexpr int kLargeSide = 512;  // pixels
inline constexpr int kSmallSide = 96;

/// A person's picture as it is shown: two squares in WebP, of our own making.
struct AvatarPictures {
    std::string large;
    std::string small;
};

/// Decodes a picture that inspect() takes, cuts the square out of its middle, turns it upright and encodes it
/// anew, so that nothing of the file but its pixels is left. Nothing when it can't be decoded.
///
/// It runs libgd over bytes of a stranger's choice: in a process of its own.
std::optional<AvatarPictures> make_avatar(std::string_view file);

/// Makes one avatar of each format, so that what the libraries do at their first use is done: in a sandbox it
/// would be too late. Throws when one of them can't be made.
void warm_up();

}  // namespace csauth::images
