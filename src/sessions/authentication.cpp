#include "sessions/authentication.h"

#include "base/timestamps.h"

namespace csauth::sessions {
namespace {

Error invalid_credentials() { return {.code = ErrorCode::invalid_credentials}; }

Error banned(const users::Ban& ban) {
    std::string detail = "The account is banned";
    if (ban.until) detail += " until " + rfc3339(*ban.until);
    detail += ban.reason.empty() ? "." : ": " + ban.reason;
    return {.code = ErrorCode::account_banned, .detail = detail};
}

}  // namespace

Authentication::Authentication(users::Users& users, Admission& admission, Transactions& transactions,
                               audit::AuditLog& audit, const crypto::PasswordHasher& hasher,
                               const Clock& clock)
    : users_{users},
      admission_{admission},
      transactions_{transactions},
      audit_{audit},
      hasher_{hasher},
      clock_{clock} {}

Result<Admitted> Authentication::sign_in(const Identifier& who, const users::Password& password,
                                         const devices::DeviceClaim& device, const Origin& origin) {
    const TimePoint now = clock_.now();
    const auto known = find(who, now);
    if (!matches(password, known)) {
        record_failure(known, origin, "credentials");
        return invalid_credentials();
    }
    if (known->user.ban) {
        record_failure(known, origin, "banned");
        return banned(*known->user.ban);
    }
    if (!known->user.is_verified) {
        record_failure(known, origin, "unverified");
        return Error{.code = ErrorCode::email_unverified};
    }

    const std::string fresh_hash =
        hasher_.is_outdated(known->password_hash) ? hasher_.hash(password.reveal()) : "";
    return transactions_.run([&]() -> Result<Admitted> {
        if (!fresh_hash.empty()) {
            users_.replace_password_hash(known->user.id, known->password_hash, fresh_hash);
            audit_.record({.action = audit::Action::password_rehashed, .subject = known->user.id}, origin,
                          now);
        }
        auto admitted = admission_.admit(known->user, device, origin);
        if (!admitted) return invalid_credentials();
        return std::move(*admitted);
    });
}

bool Authentication::is_password_of(UserId user, const users::Password& password, const Origin& origin) {
    const auto known = users_.credentials(user, clock_.now());
    if (matches(password, known)) return true;
    record_failure(known, origin, "credentials");
    return false;
}

std::optional<users::Credentials> Authentication::find(const Identifier& who, TimePoint now) {
    if (const auto* email = std::get_if<users::Email>(&who))
        return users_.credentials_by_email(email->key(), now);
    const auto key = users::username_key(std::get<std::string>(who));
    return key ? users_.credentials_by_username(*key, now) : std::nullopt;
}

bool Authentication::matches(const users::Password& password,
                             const std::optional<users::Credentials>& known) const {
    const bool same = hasher_.verify(password.reveal(), known ? known->password_hash : hasher_.decoy());
    return known.has_value() && same;
}

void Authentication::record_failure(const std::optional<users::Credentials>& known, const Origin& origin,
                                    std::string why) {
    // The same write for an unknown account, so that it takes the same time.
    const auto subject = known ? std::optional{known->user.id} : std::nullopt;
    audit_.record({.action = audit::Action::login_failed,
                   .outcome = audit::Outcome::failure,
                   .subject = subject,
                   .detail = std::move(why)},
                  origin, clock_.now());
}

}  // namespace csauth::sessions
