#include "accounts/avatar.h"

#include "images/picture.h"

namespace csauth::accounts {
namespace {

constexpr std::chrono::seconds kRetryWithoutPlace{2};

Error bad_picture(std::string detail) {
    Error error{.code = ErrorCode::validation_failed, .detail = detail};
    error.fields.push_back({"/avatar", FieldCode::invalid, std::move(detail)});
    return error;
}

}  // namespace

Avatars::Avatars(users::Users& users, images::Decoder& decoder, Places& places, AvatarFiles& files,
                 audit::AuditLog& audit, Transactions& transactions, const Clock& clock)
    : users_{users},
      decoder_{decoder},
      places_{places},
      files_{files},
      audit_{audit},
      transactions_{transactions},
      clock_{clock} {}

Result<users::User> Avatars::replace(UserId user, std::string_view file, std::string_view declared,
                                     const Origin& origin) {
    const auto picture = images::inspect(file);
    if (!picture) {
        if (picture.error().kind == images::PictureFault::Kind::unknown_format)
            return Error{.code = ErrorCode::unsupported_media_type, .detail = picture.error().detail};
        return bad_picture(picture.error().detail);
    }
    if (!declared.empty() && declared != media_type(picture->format))
        return Error{.code = ErrorCode::unsupported_media_type,
                     .detail = "The picture is not of the type that it is sent as."};
    // Written before the row names it: a crash between the two leaves a file that the sweep finds.
    const auto name = decode_and_keep(file);
    if (!name) return name.error();
    return show(user, *name, origin);
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
    const TimePoint now = clock_.now();
    std::optional<std::string> former;
    auto shown = transactions_.run([&]() -> Result<users::User> {
        auto user = users_.find(id, now);
        if (!user) return Error{.code = ErrorCode::session_ended};
        if (name && !user->is_verified) return Error{.code = ErrorCode::email_unverified};
        former = user->avatar;
        if (former == name) return std::move(*user);
        users_.set_avatar(id, name);
        audit_.record({.action = audit::Action::user_updated, .actor = id, .subject = id, .detail = "avatar"},
                      origin, now);
        user->avatar = name;
        return std::move(*user);
    });
    if (shown && former && former != name && !users_.is_avatar_in_use(*former)) files_.remove(*former);
    return shown;
}

}  // namespace csauth::accounts
