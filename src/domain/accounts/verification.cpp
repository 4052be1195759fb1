#include "accounts/verification.h"

#include <algorithm>

#include "accounts/mailed_token.h"
#include "accounts/spent_link.h"
#include "base/encoding.h"
#include "crypto/digest.h"

namespace csauth::accounts {

VerificationMail::VerificationMail(const Ports& ports, const crypto::KeyRing& seal)
    : tokens_{ports.one_time_tokens},
      outbox_{ports.outbox},
      mail_requests_{ports.mail_requests},
      seal_{seal},
      clock_{ports.clock},
      random_{ports.random} {}

bool VerificationMail::send_if_few(const users::User& user, std::string_view return_to) {
    constexpr auto kind = outbox::RequestKind::verify_email;
    const TimePoint now = clock_.now();
    if (mail_requests_.sent_since(kind, user.email_key, now - kConfirmationWindow) >= kMostConfirmationsADay)
        return false;
    send(user, return_to);
    mail_requests_.note_sent(kind, user.email_key, now);
    return true;
}

void VerificationMail::send(const users::User& user, std::string_view return_to) {
    const TimePoint now = clock_.now();
    auto [row, letter] = make_mailed_token(random_, Purpose::verify_email, outbox::Template::verify_email,
                                           user, now, kVerificationLifetime);
    letter.code = make_typed_code(random_);
    row.code = CodeOfToken{tag_of_code(seal_.active(), user.id, letter.code.reveal()), now + kCodeLifetime};
    row.return_to = return_to;
    add_beside_earlier(tokens_, row);
    outbox_.add(letter, now);
}

Verification::Verification(const Ports& ports, sessions::Authentication& authentication,
                           const crypto::KeyRing& seal)
    : tokens_{ports.one_time_tokens},
      users_{ports.users},
      authentication_{authentication},
      audit_{ports.audit},
      transactions_{ports.transactions},
      seal_{seal},
      clock_{ports.clock} {}

Result<Confirmation> Verification::confirm(const PresentedToken& presented, const AccountProof& proof,
                                           const Origin& origin) {
    const TimePoint now = clock_.now();
    const auto token = tokens_.find(presented.hash);
    if (!token || token->purpose != Purpose::verify_email)
        return spent_link(tokens_, users_, std::nullopt, now);
    if (now >= token->expires_at) return spent_link(tokens_, users_, token, now);
    if (const auto proven = require_proof(authentication_, token->user, proof, origin); !proven)
        return proven.error();
    return transactions_.run([&] { return apply(*token, origin, now); });
}

Result<Confirmation> Verification::confirm(const TypedCode& code, UserId caller, const Origin& origin) {
    const TimePoint now = clock_.now();
    const auto tokens = tokens_.take_code_tries(caller, Purpose::verify_email, kMostCodeTries, now);
    std::vector<TokenHash> tags;
    for (const crypto::Key* key : seal_.all())  // the active key may have changed since the mail
        tags.push_back(tag_of_code(*key, caller, code.text));
    const auto token = std::find_if(tokens.begin(), tokens.end(), [&](const OneTimeToken& one) {
        return std::any_of(tags.begin(), tags.end(), [&](const TokenHash& tag) {
            return crypto::equal_in_constant_time(as_text(tag), as_text(one.code->hash));
        });
    });
    if (token == tokens.end()) return spent_link(tokens_, users_, std::nullopt, now);
    return transactions_.run([&] { return apply(*token, origin, now); });
}

Result<Confirmation> Verification::confirm(const TypedCode& code, const users::Email& email,
                                           const users::Password& password, const Origin& origin) {
    const auto known = authentication_.check_password(email, password, origin);
    if (!known) return known.error();
    return confirm(code, known->user.id, origin);
}

Result<Confirmation> Verification::apply(const OneTimeToken& token, const Origin& origin, TimePoint now) {
    if (users_.mark_verified(token.user, token.email_key, token.epoch, now)) {
        tokens_.consume(token.hash, now);
        audit_.record({.action = audit::Action::email_verified, .actor = token.user, .subject = token.user},
                      origin, now);
    }
    auto user = users_.find(token.user, now);
    if (!user || !user->is_verified || user->email_key != token.email_key || user->epoch != token.epoch)
        return spent_link(tokens_, users_, token, now);
    return Confirmation{std::move(*user), token.return_to};
}

}  // namespace csauth::accounts
