#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace csauth::images {

inline constexpr int kLargeSide = 512;  // pixels
inline constexpr int kSmallSide = 96;

/// A picture as it is shown: two squares in WebP, encoded by this program.
struct AvatarPictures {
    std::string large;  ///< kLargeSide pixels a side
    std::string small;  ///< kSmallSide pixels a side
};

/// Decodes a picture, cuts the square out of its middle, turns it upright and encodes it anew. Only the
/// pixels of the file are left. Returns nullopt if inspect() refuses the file or it can't be decoded.
///
/// It runs libraries over bytes that a stranger has chosen. Call it in the imager's child only.
std::optional<AvatarPictures> make_avatar(std::string_view file);

/// Makes one avatar of each format, so that what the libraries do at their first use is done. In the sandbox
/// it would be too late. Throws std::runtime_error if one can't be made. The imager calls it once.
void warm_up();

}  // namespace csauth::images
