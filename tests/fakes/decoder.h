#pragma once

#include "base/unavailable.h"
#include "images/imager.h"

namespace csauth::fakes {

/// Decodes every picture alike, until it is told otherwise.
class Decoder final : public images::Decoder {
public:
    std::optional<images::DecoderRefusal> refusal;

    Result<images::AvatarPictures, images::DecoderRefusal> decode(std::string_view file) override {
        if (refusal) return *refusal;
        return images::AvatarPictures{"large " + std::string{file}, "small"};
    }
};

}  // namespace csauth::fakes
