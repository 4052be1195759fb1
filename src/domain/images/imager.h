#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/result.h"
#include "images/avatar.h"

/// Pictures are decoded elsewhere: a worker sends a file over the imager's socket and gets the avatar back.
namespace csauth::images {

// What one picture may cost the process that decodes it.
inline constexpr std::size_t kDecoderMemory = 300UL * 1024 * 1024;  // bytes of address space
inline constexpr std::chrono::seconds kDecoderTime{4};  // of a processor; see docs/use/limits.md, "Pictures"
inline constexpr std::chrono::seconds kDecoderPatience{8};  // by the clock

/// Why there is no avatar.
enum class DecoderRefusal {
    bad_picture,  ///< the picture can't be decoded, or not within the limits above
    unavailable,  ///< no process decodes pictures at the moment
};

/// Makes avatars of pictures. This is the asking side, for workers.
class Decoder {
public:
    virtual ~Decoder() = default;

    /// Returns the avatar of a picture that inspect() takes, or why there is none. Waits for it.
    virtual Result<AvatarPictures, DecoderRefusal> decode(std::string_view file) = 0;
};

/// Asks the imager at its socket. A call takes at most `patience`; then the refusal is `unavailable`.
class ImagerClient final : public Decoder {
public:
    ImagerClient(std::string socket_path, std::chrono::seconds patience)
        : path_{std::move(socket_path)}, patience_{patience} {}

    Result<AvatarPictures, DecoderRefusal> decode(std::string_view file) override;

private:
    std::string path_;
    std::chrono::seconds patience_;
};

/// The answering side, for the imager: reads a picture from one connection and writes the answer. A child
/// process without any rights decodes it, within the limits above. Returns whatever happens to the child.
/// Logs only a child that needs more system calls than the sandbox allows.
void serve_picture(int connection, const Log& log);

}  // namespace csauth::images
