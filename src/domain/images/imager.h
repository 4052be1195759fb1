#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/result.h"
#include "images/avatar.h"

/// Pictures are decoded elsewhere: a worker sends a file over the imager's socket and gets the avatar back.
namespace csauth::images {

/// What one picture may cost whoever decodes it.
inline constexpr std::size_t kDecoderMemory = 300UL * 1024 * 1024;  // bytes of address space
inline constexpr std::chrono::seconds kDecoderTime{4};      // of a processor: docs/use/limits.md, "Pictures"
inline constexpr std::chrono::seconds kDecoderPatience{8};  // by the clock

enum class DecoderRefusal {
    bad_picture,  ///< it can't be decoded, or not within the limits
    unavailable,  ///< nobody decodes at the moment
};

/// The asking side.
class Decoder {
public:
    virtual ~Decoder() = default;
    virtual Result<AvatarPictures, DecoderRefusal> decode(std::string_view file) = 0;
};

/// Asks at a socket, for at most `patience`.
class ImagerClient final : public Decoder {
public:
    ImagerClient(std::string socket_path, std::chrono::seconds patience)
        : path_{std::move(socket_path)}, patience_{patience} {}

    Result<AvatarPictures, DecoderRefusal> decode(std::string_view file) override;

private:
    std::string path_;
    std::chrono::seconds patience_;
};

/// The answering side: serves one connection. The decoding is done by a child process without any rights,
/// which the kernel ends when it takes more than the limits above; whatever happens to it, this returns.
void serve_picture(int connection, const Log& log);

}  // namespace csauth::images
