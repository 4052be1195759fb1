#include "accounts/profile_update.h"

namespace csauth::accounts {

ProfileUpdate::ProfileUpdate(const Ports& ports, Profile& profile, Avatars& avatars,
                             PasswordChange& password_change)
    : users_{ports.users},
      profile_{profile},
      avatars_{avatars},
      password_change_{password_change},
      transactions_{ports.transactions},
      clock_{ports.clock} {}

Result<users::User> ProfileUpdate::update(UserId id, SessionId kept, const ProfileUpdateRequest& request,
                                          const Origin& origin) {
    if (request.picture) {  // before anything is hashed or decoded
        const auto user = users_.find(id, clock_.now());
        if (!user) return Error{.code = ErrorCode::session_ended};
        if (!user->is_verified) return Error{.code = ErrorCode::email_unverified};
    }
    // The password first: a wrong one is refused before a picture is decoded.
    std::optional<PasswordChange::Prepared> password;
    if (request.password) {
        auto prepared = password_change_.prepare(id, request.password->current,
                                                 request.password->new_password, request.profile, origin);
        if (!prepared) return prepared.error();
        password = std::move(*prepared);
    }
    std::optional<std::string> picture;
    if (request.picture) {
        auto name = avatars_.keep(*request.picture);
        if (!name) return name.error();
        picture = std::move(*name);
    }

    std::optional<std::string> former_picture;
    auto updated = transactions_.run([&]() -> Result<users::User> {
        const auto user = users_.lock(id, clock_.now());
        if (!user) return Error{.code = ErrorCode::session_ended};
        former_picture = user->avatar;
        auto changed = profile_.apply(*user, request.profile, id, origin);
        if (changed && (picture || request.removes_picture))
            changed = avatars_.apply(*changed, picture, origin);
        if (changed && password)
            if (const auto done = password_change_.apply(*password, kept, origin); !done) return done.error();
        return changed;
    });
    if (updated && former_picture != updated->avatar) avatars_.forget(former_picture);
    return updated;
}

}  // namespace csauth::accounts
