#include "sessions/authentication.h"

#include "base/timestamps.h"

namespace csauth::sessions {
namespace {

Error invalid_credentials() { return {.code = ErrorCode::invalid_credentials}; }

Error banned(const users::Ban& ban) {
    std::string detail = "The account is banned";
    if (ban.until) detail += " until " + rfc3339_seconds(*ban.until);
    detail += ban.reason.empty() ? "." : ": " + ban.reason;
    return {.code = ErrorCode::account_banned, .detail = detail, .until = ban.until};
}

/// Returns the key by which guesses at an unknown account are counted: the same one for all spellings.
std::string typed(const Identifier& who) {
    if (const auto* email = std::get_if<users::Email>(&who)) return email->key();
    const auto& name = std::get<std::string>(who);
    return users::username_key(name).value_or(name);
}

}  // namespace

Authentication::Authentication(const Ports& ports, SessionOpener& session_opener, FailureLog& failures,
                               const devices::DeviceKeys& device_keys, const crypto::PasswordHasher& hasher,
                               limits::Limiter& limiter)
    : users_{ports.users},
      opener_{session_opener},
      transactions_{ports.transactions},
      audit_{ports.audit},
      failures_{failures},
      devices_{ports.devices},
      device_keys_{device_keys},
      hasher_{hasher},
      limiter_{limiter},
      clock_{ports.clock} {}

Result<OpenedSession> Authentication::sign_in(const Identifier& who, const users::Password& password,
                                              const devices::DeviceClaim& device, const Origin& origin) {
    const TimePoint now = clock_.now();
    const auto found = find(who, now);
    const auto own = found ? own_device(*found, device.key) : std::nullopt;
    const auto known = check_counted(
        found,
        own ? Count{limits::Limit::password_of_owner, own->text()}
            : Count{limits::Limit::password_of_account, found ? found->user.id.text() : typed(who)},
        password, origin);
    if (!known) return known.error();
    if (known->user.ban) {
        failures_.sign_in_failed(known->user.id, known->user.id.text(), "banned", origin);
        return banned(*known->user.ban);
    }
    if (!known->user.is_verified) {
        failures_.sign_in_failed(known->user.id, known->user.id.text(), "unverified", origin);
        return Error{.code = ErrorCode::email_unverified};
    }

    const std::string rehashed =
        hasher_.is_outdated(known->password_hash) ? hasher_.hash(password.reveal()) : "";
    return transactions_.run([&]() -> Result<OpenedSession> {
        if (!rehashed.empty()) {
            users_.replace_password_hash(known->user.id, known->password_hash, rehashed);
            audit_.record({.action = audit::Action::password_rehashed, .subject = known->user.id}, origin,
                          now);
        }
        auto claim = device;
        claim.recognized = own;
        auto admitted = opener_.open(known->user, claim, origin);
        if (!admitted) return invalid_credentials();
        return std::move(*admitted);
    });
}

Result<users::Credentials> Authentication::check_password(UserId user, const users::Password& password,
                                                          const Origin& origin) {
    const auto known = users_.credentials(user, clock_.now());
    return check_counted(known, {limits::Limit::password_of_account, user.text()}, password, origin);
}

Result<users::Credentials> Authentication::check_password_of_caller(UserId user,
                                                                    const users::Password& password,
                                                                    const Origin& origin) {
    const auto known = users_.credentials(user, clock_.now());
    return check_counted(known, {limits::Limit::password_of_owner, user.text()}, password, origin);
}

Result<users::Credentials> Authentication::check_password(const users::Email& email,
                                                          const users::Password& password,
                                                          const Origin& origin) {
    const auto known = users_.credentials_by_email(email.key(), clock_.now());
    return check_counted(known,
                         {limits::Limit::password_of_account, known ? known->user.id.text() : email.key()},
                         password, origin);
}

Result<users::Credentials> Authentication::check_counted(const std::optional<users::Credentials>& known,
                                                         const Count& count, const users::Password& password,
                                                         const Origin& origin) {
    auto attempt = limiter_.attempt(count.limit, count.key);
    // An unknown account causes the same writes as a known one, so that both take the same time.
    const auto subject = known ? std::optional{known->user.id} : std::nullopt;
    if (!attempt) {
        failures_.throttled(subject, count.key, origin);
        return attempt.error();
    }
    if (!matches(password, known)) {
        failures_.sign_in_failed(subject, count.key, "credentials", origin);
        return invalid_credentials();
    }
    attempt->forgive();
    return *known;
}

/// Returns the device that the key names, if it is this user's and its row still exists.
std::optional<DeviceId> Authentication::own_device(const users::Credentials& known,
                                                   std::string_view device_key) {
    const auto device = device_keys_.read(device_key);
    if (!device || device->user != known.user.id || !devices_.find(device->device, device->user))
        return std::nullopt;
    return device->device;
}

std::optional<users::Credentials> Authentication::find(const Identifier& who, TimePoint now) {
    if (const auto* email = std::get_if<users::Email>(&who))
        return users_.credentials_by_email(email->key(), now);
    const auto key = users::username_key(std::get<std::string>(who));
    return key ? users_.credentials_by_username(*key, now) : std::nullopt;
}

bool Authentication::matches(const users::Password& password,
                             const std::optional<users::Credentials>& known) const {
    const bool has_password = known && known->password_hash != users::kNoPassword;
    const bool same =
        hasher_.verify(password.reveal(), has_password ? known->password_hash : hasher_.decoy());
    return has_password && same;
}

}  // namespace csauth::sessions
