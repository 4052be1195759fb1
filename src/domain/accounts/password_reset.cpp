#include "accounts/password_reset.h"

#include "accounts/choices.h"
#include "accounts/mailed_token.h"
#include "accounts/spent_link.h"
#include "sessions/notice.h"

namespace csauth::accounts {

ResetMail::ResetMail(const Ports& ports)
    : tokens_{ports.one_time_tokens}, outbox_{ports.outbox}, clock_{ports.clock}, random_{ports.random} {}

void ResetMail::send(const users::User& user, std::string_view return_to) {
    const TimePoint now = clock_.now();
    auto mailed = make_mailed_token(random_, Purpose::reset_password, outbox::Template::reset_password, user,
                                    now, kResetLifetime);
    mailed.row.return_to = return_to;
    add_beside_earlier(tokens_, mailed.row);
    outbox_.add(mailed.letter, now);
}

PasswordReset::PasswordReset(const Ports& ports, const crypto::PasswordHasher& hasher,
                             const users::ContextWords& context)
    : tokens_{ports.one_time_tokens},
      users_{ports.users},
      sessions_{ports.sessions},
      devices_{ports.devices},
      outbox_{ports.outbox},
      audit_{ports.audit},
      transactions_{ports.transactions},
      hasher_{hasher},
      context_{context},
      clock_{ports.clock} {}

Result<void> PasswordReset::reset(const PresentedToken& presented, const users::NewPassword& new_password,
                                  const Origin& origin) {
    const TimePoint now = clock_.now();
    const auto token = tokens_.find(presented.hash);
    const bool is_invitation = token && token->purpose == Purpose::invitation;
    if (!token || (token->purpose != Purpose::reset_password && !is_invitation))
        return spent_link(tokens_, users_, std::nullopt, now);
    const auto user = users_.find(token->user, now);
    if (!user || !is_live(*token, *user, now)) return spent_link(tokens_, users_, token, now);
    if (const auto good = refuse_guessable("new_password", new_password, user->username, user->email,
                                           user->full_name, context_);
        !good)
        return good.error();
    const std::string hash = hasher_.hash(new_password.reveal());

    const Error spent{.code = ErrorCode::one_time_token_invalid};
    auto done = transactions_.run([&]() -> Result<void> {
        if (!tokens_.consume(token->hash, now) || !users_.set_password(user->id, token->epoch, hash))
            return spent;
        // The row is locked now. If the address was changed while we hashed, the token proves nothing about
        // the present one.
        const auto present = users_.find(user->id, now);
        if (!present || present->email_key != token->email_key) return spent;
        if (!present->is_verified) users_.mark_verified(user->id, token->email_key, present->epoch, now);
        if (!present->was_ever_verified && !is_invitation) {
            users_.change_profile(
                user->id, {.full_name = users::FullName{}, .bio = users::Bio{}, .hide_presence = false});
            users_.set_avatar(user->id, std::nullopt);
            devices_.remove_all(user->id);
        }
        sessions_.end_all(user->id, std::nullopt, sessions::EndReason::password_reset, now);
        devices_.detach_idle(user->id, now);
        audit_.record({.action = audit::Action::password_reset,
                       .actor = user->id,
                       .subject = user->id,
                       .detail = is_invitation             ? "took up an invitation"
                                 : user->was_ever_verified ? ""
                                                           : "the address was never confirmed before"},
                      origin, now);
        if (!is_invitation)
            outbox_.add(sessions::notice(outbox::Template::password_changed, *user, origin, now), now);
        return {};
    });
    if (!done && done.error().code == spent.code)  // a rival was faster
        return spent_link(tokens_, users_, tokens_.find(presented.hash), now);
    return done;
}

}  // namespace csauth::accounts
