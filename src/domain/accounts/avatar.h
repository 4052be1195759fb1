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

/// Where pictures are kept, each by the SHA-256 of its large form.
class AvatarFiles {
public:
    virtual ~AvatarFiles() = default;

    /// Keeps both forms for good before it returns, and gives the name that they have. service_unavailable:
    /// the disk does not take them.
    virtual Result<std::string> keep(const images::AvatarPictures& pictures) = 0;

    /// Removes a picture that nobody shows, unless it was kept again a moment ago: then the next sweep does.
    virtual void remove(std::string_view name) = 0;
};

/// People's pictures of themselves.
class Avatars {
public:
    /// `places`: for the processes that wait for the decoder and the disk.
    Avatars(const Ports& ports, images::Decoder& decoder, Places& places, AvatarFiles& files);

    /// Returns the user with the picture. The bytes of `file` decide of which format it is: clients declare
    /// many types, and wrong ones.
    ///
    /// `body_too_large`: the file is longer than images::kLargestPicture.
    /// `unsupported_media_type`: no picture of a format that we take.
    /// `validation_failed`: the picture is damaged or has too many pixels.
    /// `service_unavailable`: all places are taken, or it can't be decoded or kept at the moment.
    /// `session_ended`: the user no longer exists.
    /// `email_unverified`: the address is not, or no longer, confirmed.
    Result<users::User> replace(UserId user, std::string_view file, const Origin& origin);

    /// The user without a picture; also when there was none.
    Result<users::User> remove(UserId user, const Origin& origin);

    /// The first half of replace(): decodes the picture and keeps its files. Returns the name that they have.
    /// Not for use inside a transaction. A name that no account gets is left for the sweep.
    Result<std::string> keep(std::string_view file);

    /// The second half, inside the caller's transaction: shows the picture `name`, or none. Returns the user
    /// as changed. After the commit the caller passes the former name to forget().
    Result<users::User> apply(users::User user, const std::optional<std::string>& name, const Origin& origin);

    /// Removes the files of a picture that no account shows any more. Does nothing without a name.
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
