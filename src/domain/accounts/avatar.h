#pragma once

#include <string>
#include <string_view>

#include "accounts/ports.h"
#include "audit/audit_log.h"
#include "base/places.h"
#include "base/result.h"
#include "base/transactions.h"
#include "images/imager.h"
#include "users/users.h"

namespace csauth::accounts {

/// The files of pictures. A picture has two files; its name is the SHA-256 of the large one, in lowercase
/// hex.
class AvatarFiles {
public:
    virtual ~AvatarFiles() = default;

    /// Writes both files, flushes them to the disk, and returns the name of the picture. Files of the same
    /// name are replaced.
    ///
    /// `service_unavailable`: the disk does not take them.
    virtual Result<std::string> keep(const images::AvatarPictures& pictures) = 0;

    /// Removes the files of a picture that no account shows. Files that were written a moment ago are left
    /// for the keeper's sweep, because another account may be about to show them.
    virtual void remove(std::string_view name) = 0;
};

/// The pictures that users show of themselves.
class Avatars {
public:
    /// `places`: limits how many processes wait for the decoder and the disk at once.
    Avatars(const Ports& ports, images::Decoder& decoder, Places& places, AvatarFiles& files);

    /// Decodes the file and shows it as the picture of the user, in a transaction of its own. Returns the
    /// user as changed. The bytes decide which format it is, because clients often declare a wrong type.
    ///
    /// `body_too_large`: the file is longer than images::kLargestPicture.
    /// `unsupported_media_type`: the file is no PNG, JPEG, WebP or GIF picture.
    /// `validation_failed`: the picture is damaged or exceeds a limit of images::inspect().
    /// `service_unavailable`: all places are taken, or the picture can't be decoded or stored at the moment.
    /// `session_ended`: the user no longer exists.
    /// `email_unverified`: the address is not, or no longer, confirmed.
    Result<users::User> replace(UserId user, std::string_view file, const Origin& origin);

    /// Takes the picture of the user away, in a transaction of its own. Returns the user, also if there was
    /// no picture.
    ///
    /// `session_ended`: the user no longer exists.
    Result<users::User> remove(UserId user, const Origin& origin);

    /// The first half of replace(): decodes the picture, writes its files, and returns their name. Refuses a
    /// file as replace() does. Not for use inside a transaction. If no account shows the picture in the end,
    /// the keeper's sweep removes the files.
    Result<std::string> keep(std::string_view file);

    /// The second half, inside the caller's transaction: shows the picture `name`, or none if it is nullopt.
    /// Returns the user as changed. After the commit the caller passes the former name to forget().
    ///
    /// `email_unverified`: the address of `user` is not confirmed, and there is a name.
    Result<users::User> apply(users::User user, const std::optional<std::string>& name, const Origin& origin);

    /// Removes the files of the picture `name` unless an account shows it. Does nothing without a name. Call
    /// it after the commit.
    void forget(const std::optional<std::string>& name);

private:
    /// Returns the name of the files. Holds a place meanwhile, so that a slow decoder or disk makes few
    /// workers wait.
    Result<std::string> decode_and_keep(std::string_view file);

    Result<users::User> show(UserId user, const std::optional<std::string>& name, const Origin& origin);

    users::Users& users_;
    images::Decoder& decoder_;
    Places& places_;
    AvatarFiles& files_;
    audit::AuditLog& audit_;
    Transactions& transactions_;
    const Clock& clock_;
};

}  // namespace csauth::accounts
