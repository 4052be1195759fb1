#include "accounts/verification.h"

#include <algorithm>

#include "base/encoding.h"
#include "crypto/digest.h"

namespace csauth::accounts {
namespace {

constexpr std::chrono::hours kDay{24};

}  // namespace

VerificationMail::VerificationMail(OneTimeTokens& tokens, outbox::Outbox& outbox,
                                   outbox::MailRequests& mail_requests, const crypto::KeyRing& seal,
                                   const Clock& clock, Random& random)
    : tokens_{tokens},
      outbox_{outbox},
      mail_requests_{mail_requests},
      seal_{seal},
      clock_{clock},
      random_{random} {}

bool VerificationMail::send_if_few(const users::User& user, Earlier earlier) {
    constexpr auto kind = outbox::RequestKind::verify_email;
    const TimePoint now = clock_.now();
    if (mail_requests_.sent_since(kind, user.email_key, now - kDay) >= kMostConfirmationsADay) return false;
    send(user, earlier);
    mail_requests_.note_sent(kind, user.email_key, now);
    return true;
}

void VerificationMail::send(const users::User& user) { send(user, Earlier::withdrawn); }

void VerificationMail::send(const users::User& user, Earlier earlier) {
    const TimePoint now = clock_.now();
    const TimePoint expires = now + kVerificationLifetime;
    Secret token = make_one_time_token(random_);
    Secret code = make_typed_code(random_);
    const OneTimeToken row{
        .hash = hash_of(token.reveal()),
        .purpose = Purpose::verify_email,
        .user = user.id,
        .email_key = user.email_key,
        .epoch = user.epoch,
        .created_at = now,
        .expires_at = expires,
        .code = CodeOfToken{tag_of_code(seal_.active(), user.id, code.reveal()), now + kCodeLifetime}};
    if (earlier == Earlier::none)
        tokens_.add(row);
    else
        tokens_.issue(row);
    outbox_.add({.which = outbox::Template::verify_email,
                 .language = user.language,
                 .recipient = user.email,
                 .user = user.id,
                 .parameters = {{"username", user.username}},
                 .token = std::move(token),
                 .code = std::move(code),
                 .give_up_at = expires},
                now);
}

Verification::Verification(OneTimeTokens& tokens, users::Users& users,
                           sessions::Authentication& authentication, audit::AuditLog& audit,
                           Transactions& transactions, const crypto::KeyRing& seal, const Clock& clock)
    : tokens_{tokens},
      users_{users},
      authentication_{authentication},
      audit_{audit},
      transactions_{transactions},
      seal_{seal},
      clock_{clock} {}

Result<users::User> Verification::confirm(const PresentedToken& presented, const AccountProof& proof,
                                          const Origin& origin) {
    const TimePoint now = clock_.now();
    const auto token = tokens_.find(presented.hash);
    if (!token || token->purpose != Purpose::verify_email || now >= token->expires_at)
        return Error{.code = ErrorCode::one_time_token_invalid};
    if (const auto proven = require_proof(authentication_, token->user, proof, origin); !proven)
        return proven.error();
    return transactions_.run([&] { return apply(*token, origin, now); });
}

Result<users::User> Verification::confirm(const TypedCode& code, UserId caller, const Origin& origin) {
    const TimePoint now = clock_.now();
    const auto token = tokens_.take_code_try(caller, Purpose::verify_email, kMostCodeTries, now);
    // The active key may be another one since the mail.
    const auto keys = seal_.all();
    const bool is_right = token && std::any_of(keys.begin(), keys.end(), [&](const crypto::Key* key) {
                              return crypto::equal_in_constant_time(
                                  as_text(tag_of_code(*key, caller, code.text)), as_text(token->code->hash));
                          });
    if (!is_right) return Error{.code = ErrorCode::one_time_token_invalid};
    return transactions_.run([&] { return apply(*token, origin, now); });
}

Result<users::User> Verification::confirm(const TypedCode& code, const users::Email& email,
                                          const users::Password& password, const Origin& origin) {
    const auto known = authentication_.prove(email, password, origin);
    if (!known) return known.error();
    return confirm(code, known->user.id, origin);
}

Result<users::User> Verification::apply(const OneTimeToken& token, const Origin& origin, TimePoint now) {
    if (users_.mark_verified(token.user, token.email_key, token.epoch, now)) {
        tokens_.consume(token.hash, now);
        audit_.record({.action = audit::Action::email_verified, .actor = token.user, .subject = token.user},
                      origin, now);
    }
    auto user = users_.find(token.user, now);
    if (!user || !user->is_verified || user->email_key != token.email_key || user->epoch != token.epoch)
        return Error{.code = ErrorCode::one_time_token_invalid};
    return std::move(*user);
}

}  // namespace csauth::accounts
