#include "accounts/avatar.h"

#include "images/picture.h"

namespace csauth::accounts {
namespace {

constexpr std::chrono::seconds kRetryWithoutPlace{2};

Error bad_picture(std::string detail) {
    return invalid_field("avatar", FieldCode::invalid, std::move(detail));
}

}  // namespace

Avatars::Avatars(const Ports& ports, images::Decoder& decoder, Places& places, AvatarFiles& files)
    : users_{ports.users},
      decoder_{decoder},
      places_{places},
      files_{files},
      audit_{ports.audit},
      transactions_{ports.transactions},
      clock_{ports.clock} {}

Result<users::User> Avatars::replace(UserId user, std::string_view file, const Origin& origin) {
    // Written before the row names it: a crash between the two leaves a file that the sweep finds.
    const auto name = keep(file);
    if (!name) return name.error();
    return show(user, *name, origin);
}

Result<std::string> Avatars::keep(std::string_view file) {
    if (file.size() > images::kLargestPicture) return Error{.code = ErrorCode::body_too_large};
    const auto picture = images::inspect(file);
    if (!picture) {
        if (picture.error().kind == images::PictureFault::Kind::unknown_format)
            return Error{.code = ErrorCode::unsupported_media_type, .detail = picture.error().detail};
        return bad_picture(picture.error().detail);
    }
    return decode_and_keep(file.substr(0, picture->length));
}

Result<std::string> Avatars::decode_and_keep(std::string_view file) {
    const HeldPlace place{places_};
    if (!place)
        return Error{.code = ErrorCode::service_unavailable,
                     .detail = "Other pictures are being processed. Try again in a moment.",
                     .retry_after = kRetryWithoutPlace};
    const auto decoded = decoder_.decode(file);
    if (decoded) return files_.keep(*decoded);
    if (decoded.error() == images::DecoderRefusal::bad_picture)
        return bad_picture("The picture can't be decoded.");
    return Error{.code = ErrorCode::service_unavailable,
                 .detail = "No picture can be decoded at the moment."};
}

Result<users::User> Avatars::remove(UserId user, const Origin& origin) {
    return show(user, std::nullopt, origin);
}

Result<users::User> Avatars::show(UserId id, const std::optional<std::string>& name, const Origin& origin) {
    std::optional<std::string> former;
    auto shown = transactions_.run([&]() -> Result<users::User> {
        auto user = users_.find(id, clock_.now());
        if (!user) return Error{.code = ErrorCode::session_ended};
        former = user->avatar;
        return apply(std::move(*user), name, origin);
    });
    if (shown && former != name) forget(former);
    return shown;
}

Result<users::User> Avatars::apply(users::User user, const std::optional<std::string>& name,
                                   const Origin& origin) {
    if (name && !user.is_verified) return Error{.code = ErrorCode::email_unverified};
    if (user.avatar == name) return user;
    users_.set_avatar(user.id, name);
    audit_.record(
        {.action = audit::Action::user_updated, .actor = user.id, .subject = user.id, .detail = "avatar"},
        origin, clock_.now());
    user.avatar = name;
    return user;
}

void Avatars::forget(const std::optional<std::string>& name) {
    if (name && !users_.is_avatar_in_use(*name)) files_.remove(*name);
}

}  // namespace csauth::accounts
