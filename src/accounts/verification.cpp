#include "accounts/verification.h"

namespace csauth::accounts {

VerificationMail::VerificationMail(OneTimeTokens& tokens, outbox::Outbox& outbox, const Clock& clock,
                                   Random& random)
    : tokens_{tokens}, outbox_{outbox}, clock_{clock}, random_{random} {}

void VerificationMail::send(const users::User& user) {
    const TimePoint now = clock_.now();
    const TimePoint expires = now + kVerificationLifetime;
    Secret token = make_one_time_token(random_);
    tokens_.issue({.hash = hash_of(token.reveal()),
                   .purpose = Purpose::verify_email,
                   .user = user.id,
                   .email_key = user.email_key,
                   .epoch = user.epoch,
                   .created_at = now,
                   .expires_at = expires});
    outbox_.add({.which = outbox::Template::verify_email,
                 .language = user.language,
                 .recipient = user.email,
                 .parameters = {{"username", user.username}},
                 .secret = std::move(token),
                 .give_up_at = expires},
                now);
}

Verification::Verification(OneTimeTokens& tokens, users::Users& users,
                           sessions::Authentication& authentication, audit::AuditLog& audit,
                           Transactions& transactions, const Clock& clock)
    : tokens_{tokens},
      users_{users},
      authentication_{authentication},
      audit_{audit},
      transactions_{transactions},
      clock_{clock} {}

Result<users::User> Verification::confirm(const PresentedToken& presented, const AccountProof& proof,
                                          const Origin& origin) {
    const Error spent{.code = ErrorCode::one_time_token_invalid};
    const TimePoint now = clock_.now();
    const auto token = tokens_.find(presented.hash);
    if (!token || token->purpose != Purpose::verify_email || now >= token->expires_at) return spent;
    if (const auto proven = require_proof(token->user, proof, origin); !proven) return proven.error();

    return transactions_.run([&]() -> Result<users::User> {
        if (users_.mark_verified(token->user, token->email_key, token->epoch, now)) {
            tokens_.consume(token->hash, now);
            audit_.record(
                {.action = audit::Action::email_verified, .actor = token->user, .subject = token->user},
                origin, now);
        }
        auto user = users_.find(token->user, now);
        if (!user || !user->is_verified || user->email_key != token->email_key || user->epoch != token->epoch)
            return spent;
        return std::move(*user);
    });
}

Result<void> Verification::require_proof(UserId owner, const AccountProof& proof, const Origin& origin) {
    if (proof.caller == owner) return {};
    if (proof.password) {
        if (authentication_.is_password_of(owner, *proof.password, origin)) return {};
        return Error{.code = ErrorCode::invalid_credentials,
                     .detail = "This is not the password of the account."};
    }
    if (proof.caller)
        return Error{.code = ErrorCode::permission_denied, .detail = "This link belongs to another account."};
    return Error{
        .code = ErrorCode::authentication_required,
        .detail = "Sign in to the account that the link belongs to, or send its password with the token."};
}

}  // namespace csauth::accounts
