#include "accounts/email_change.h"

#include "accounts/mailed_token.h"
#include "accounts/spent_link.h"
#include "sessions/notice.h"

namespace csauth::accounts {
EmailChange::EmailChange(const Ports& ports, sessions::Authentication& authentication, ResetMail& reset_mail)
    : tokens_{ports.one_time_tokens},
      users_{ports.users},
      roles_{ports.roles},
      reservations_{ports.reservations},
      sessions_{ports.sessions},
      devices_{ports.devices},
      authentication_{authentication},
      reset_mail_{reset_mail},
      outbox_{ports.outbox},
      mail_requests_{ports.mail_requests},
      audit_{ports.audit},
      transactions_{ports.transactions},
      clock_{ports.clock},
      random_{ports.random} {}

Result<void> EmailChange::request(UserId id, const users::Email& new_email, const users::Password& password,
                                  const Origin& origin) {
    const auto known = authentication_.check_password_of_caller(id, password, origin);
    if (!known) return wrong_password_in("password", known.error());
    const users::User& user = known->user;
    if (new_email.key() == user.email_key)
        return invalid_field("new_email", FieldCode::invalid, "This is the account's address already.");
    const TimePoint now = clock_.now();
    const auto last = tokens_.last_issued(id, Purpose::change_email);
    if (last && now < *last + kEmailChangeInterval)
        return Error{
            .code = ErrorCode::too_many_requests,
            .detail = "You asked for a change of address less than 3 minutes ago. Look for that mail first.",
            .retry_after = std::chrono::ceil<std::chrono::seconds>(*last + kEmailChangeInterval - now)};

    return transactions_.run([&]() -> Result<void> {
        // The same work whether the address is free or not.
        const bool has_account = users_.find_by_email(new_email.key(), now).has_value();
        const bool is_held = reservations_.is_held_from(id, users::Identifier::email, new_email.key(), now);
        const bool has_enough =
            mail_requests_.sent_since(outbox::RequestKind::change_email, new_email.key(),
                                      now - kConfirmationWindow) >= kMostConfirmationsADay;
        auto [row, letter] = make_mailed_token(random_, Purpose::change_email, outbox::Template::change_email,
                                               user, now, kEmailChangeLifetime);
        row.address = new_email.text();
        letter.recipient = new_email.text();
        // Unlike other links this one replaces the earlier ones: they may lead to an address that the user no
        // longer wants. Only the user can ask, with the password, so no stranger voids a link.
        tokens_.issue(row);
        if (has_account || is_held) {
            mail_requests_.add(outbox::RequestKind::already_registered, new_email.key(), now, "");
        } else if (!has_enough) {
            mail_requests_.note_sent(outbox::RequestKind::change_email, new_email.key(), now);
            outbox_.add(letter, now);
        }
        return {};
    });
}

Result<users::User> EmailChange::confirm(const PresentedToken& presented, const AccountProof& proof,
                                         const Origin& origin) {
    const TimePoint now = clock_.now();
    const auto token = tokens_.find(presented.hash);
    if (!token || token->purpose != Purpose::change_email)
        return spent_link(tokens_, users_, std::nullopt, now);
    const auto new_email = users::Email::parse(token->address);
    if (!new_email || now >= token->expires_at) return spent_link(tokens_, users_, token, now);
    if (const auto proven = require_proof(authentication_, token->user, proof, origin); !proven)
        return proven.error();
    return transactions_.run([&] { return apply(*token, *new_email, origin, now); });
}

Result<users::User> EmailChange::apply(const OneTimeToken& token, const users::Email& new_email,
                                       const Origin& origin, TimePoint now) {
    const auto spent = [&] { return spent_link(tokens_, users_, token, now); };
    const auto former = users_.lock(token.user, now);
    if (!former || former->epoch != token.epoch) return spent();
    if (!tokens_.consume(token.hash, now)) {
        if (former->email_key == new_email.key()) return *former;  // confirmed before
        return spent_link(tokens_, users_, tokens_.find(token.hash), now);
    }
    if (former->email_key != token.email_key) return spent();
    switch (users_.change_email(token.user, token.email_key, token.epoch, new_email, now)) {
        case users::Change::done: break;
        case users::Change::outdated: return spent();
        case users::Change::taken: return Error{.code = ErrorCode::email_taken};
    }
    // Asked after the change: a user who gave the address up at this moment holds it by now.
    if (reservations_.is_held_from(token.user, users::Identifier::email, new_email.key(), now))
        return Error{.code = ErrorCode::email_taken};
    reservations_.release(users::Identifier::email, new_email.key(), token.user);
    if (former->was_ever_verified)
        tell_former_address(*former, origin, now);
    else
        take_roles(token.user, origin, now);
    audit_.record({.action = audit::Action::email_changed, .actor = token.user, .subject = token.user},
                  origin, now);
    return *users_.find(token.user, now);
}

/// Needs no guard of the hierarchy: a user whose address was never confirmed does not count as a manager of
/// roles.
void EmailChange::take_roles(UserId user, const Origin& origin, TimePoint now) {
    for (const auto& role : roles_.held_by(user)) {
        if (role.is_default || !roles_.revoke(user, role.name)) continue;
        audit_.record({.action = audit::Action::roles_changed,
                       .subject = user,
                       .detail = "revoked " + role.name + ", given before any address was confirmed"},
                      origin, now);
    }
}

void EmailChange::tell_former_address(const users::User& former, const Origin& origin, TimePoint now) {
    reservations_.hold(users::Identifier::email, former.email_key, former.id, now + kRevertLifetime);
    auto [row, letter] = make_mailed_token(random_, Purpose::revert_email, outbox::Template::email_changed,
                                           former, now, kRevertLifetime);
    row.address = former.email;
    tokens_.add(row);
    letter.parameters = sessions::notice(outbox::Template::email_changed, former, origin, now).parameters;
    outbox_.add(letter, now);
}

Result<void> EmailChange::revert(const PresentedToken& presented, const Origin& origin) {
    const TimePoint now = clock_.now();
    const auto token = tokens_.find(presented.hash);
    if (!token || token->purpose != Purpose::revert_email)
        return spent_link(tokens_, users_, std::nullopt, now);
    const auto former = users::Email::parse(token->address);
    if (!former || token->is_consumed || now >= token->expires_at)
        return spent_link(tokens_, users_, token, now);

    return transactions_.run([&]() -> Result<void> {
        const auto spent = [&] { return spent_link(tokens_, users_, token, now); };
        if (!tokens_.consume(token->hash, now))
            return spent_link(tokens_, users_, tokens_.find(token->hash), now);
        // The new epoch voids other one-time tokens. It comes first because it locks the row: from here on,
        // no change by a thief can come between.
        users_.raise_epoch(token->user);
        const auto user = users_.find(token->user, now);
        if (!user || user->email_key == former->key()) return spent();
        switch (users_.change_email(user->id, user->email_key, user->epoch, *former, now)) {
            case users::Change::done: break;
            case users::Change::outdated: return spent();
            case users::Change::taken: return Error{.code = ErrorCode::email_taken};
        }
        if (!users_.set_password(user->id, user->epoch, users::kNoPassword)) return spent();
        // Later reverts may be an intruder's.
        tokens_.drop_issued_after(user->id, Purpose::revert_email, token->created_at);
        reservations_.release(users::Identifier::email, former->key(), user->id);
        sessions_.end_all(user->id, std::nullopt, sessions::EndReason::email_reverted, now);
        devices_.detach_idle(user->id, now);
        audit_.record({.action = audit::Action::email_reverted, .actor = user->id, .subject = user->id},
                      origin, now);
        reset_mail_.send(*users_.find(user->id, now));
        return {};
    });
}

}  // namespace csauth::accounts
