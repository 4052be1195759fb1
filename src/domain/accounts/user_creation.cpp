#include "accounts/user_creation.h"

#include <stdexcept>

#include "accounts/choices.h"
#include "accounts/mailed_token.h"

namespace csauth::accounts {
namespace {

constexpr roles::Flag kNeeded = &roles::Flags::can_manage_users;

Error refuse(const users::Taken& taken) {
    Error error{.code = taken.email ? ErrorCode::email_taken : ErrorCode::username_taken};
    if (taken.email) error.fields.push_back({"email", FieldCode::taken, "This address has an account."});
    if (taken.username) error.fields.push_back({"username", FieldCode::taken, "This name is taken."});
    return error;
}

}  // namespace

UserCreation::UserCreation(const Ports& ports, roles::Hierarchy& hierarchy,
                           roles::RoleAdministration& role_administration,
                           const crypto::PasswordHasher& hasher, const users::ContextWords& context)
    : hierarchy_{hierarchy},
      role_administration_{role_administration},
      roles_{ports.roles},
      users_{ports.users},
      tokens_{ports.one_time_tokens},
      outbox_{ports.outbox},
      mail_requests_{ports.mail_requests},
      audit_{ports.audit},
      hasher_{hasher},
      context_{context},
      clock_{ports.clock},
      random_{ports.random} {}

Result<CreatedUser> UserCreation::invite(const roles::Actor& actor, const Invitee& invitee,
                                         const Origin& origin, Delivery delivery) {
    return hierarchy_.act(actor, kNeeded, [&](const roles::Authority& authority) -> Result<CreatedUser> {
        auto created = add(actor, authority, invitee, std::string{users::kNoPassword}, origin);
        if (!created) return created;
        auto sent = send(created->user, delivery, Invitation::first, actor, origin);
        if (!sent) return sent.error();
        created->link_token = std::move(*sent);
        return created;
    });
}

Result<CreatedUser> UserCreation::invite_again(const roles::Actor& actor, UserId id, const Origin& origin,
                                               Delivery delivery) {
    return hierarchy_.act_on(actor, kNeeded, id, [&](const users::User& user) -> Result<CreatedUser> {
        const auto known = users_.credentials(id, clock_.now());
        if (!known) return Error{.code = ErrorCode::not_found};
        if (known->password_hash != users::kNoPassword || user.was_ever_verified)
            return Error{.code = ErrorCode::email_taken,
                         .detail = "The account is in use already. Its owner can reset the password."};
        auto sent = send(user, delivery, Invitation::again, actor, origin);
        if (!sent) return sent.error();
        return CreatedUser{user, roles_.held_by(id), std::move(*sent)};
    });
}

Result<CreatedUser> UserCreation::create(const Invitee& invitee, const users::NewPassword& password,
                                         const Origin& origin) {
    if (const auto good = refuse_guessable("password", password, invitee.username.text(),
                                           invitee.email.text(), invitee.full_name.text, context_);
        !good)
        return good.error();
    const std::string hash = hasher_.hash(password.reveal());
    const auto actor = roles::Actor::the_operator();
    return hierarchy_.act(actor, kNeeded, [&](const roles::Authority& authority) -> Result<CreatedUser> {
        auto created = add(actor, authority, invitee, hash, origin);
        if (!created) return created.error();
        auto& user = created->user;
        users_.mark_verified(user.id, user.email_key, user.epoch, clock_.now());
        user = *users_.find(user.id, clock_.now());
        return created;
    });
}

Result<CreatedUser> UserCreation::add(const roles::Actor& actor, const roles::Authority& authority,
                                      const Invitee& invitee, const std::string& password_hash,
                                      const Origin& origin) {
    if (const auto good = refuse_web_address(invitee.username); !good) return good.error();
    const TimePoint now = clock_.now();
    const users::NewUser new_user{.id = UserId::make(now, random_),
                                  .email = invitee.email,
                                  .username = invitee.username,
                                  .password_hash = password_hash,
                                  .full_name = invitee.full_name,
                                  .bio = {},
                                  .language = invitee.language,
                                  .created_at = now};
    if (const auto taken = users_.taken(new_user.email.key(), new_user.username.key(), now))
        return refuse(taken);
    if (const auto taken = users_.add(new_user)) return refuse(taken);
    roles_.grant_defaults(new_user.id, now);
    audit_.record({.action = audit::Action::user_created, .actor = actor.account(), .subject = new_user.id},
                  origin, now);
    if (!invitee.roles.empty() && !authority.has(&roles::Flags::can_manage_roles))
        return Error{.code = ErrorCode::permission_denied, .detail = "Roles need can_manage_roles."};
    for (const auto& role : invitee.roles)
        if (const auto given = role_administration_.give(actor, authority, new_user.id, role, origin); !given)
            return given.error();
    return CreatedUser{*users_.find(new_user.id, now), roles_.held_by(new_user.id), {}};
}

/// Returns the token of the link if the operator delivers it, otherwise an empty secret. Writes an audit row
/// unless the row of the new account says it all.
Result<Secret> UserCreation::send(const users::User& user, Delivery delivery, Invitation how,
                                  const roles::Actor& actor, const Origin& origin) {
    constexpr auto kind = outbox::RequestKind::verify_email;
    if (delivery.by_operator && actor.account())
        throw std::logic_error("an invitation's link is shown to the operator alone");
    const TimePoint now = clock_.now();
    const auto [row, letter] = make_mailed_token(random_, Purpose::invitation, outbox::Template::invitation,
                                                 user, now, kInvitationLifetime);
    Secret shown = delivery.by_operator ? Secret{letter.token.reveal()} : Secret{};
    add_beside_earlier(tokens_, row);
    if (delivery.by_mail) {
        if (mail_requests_.sent_since(kind, user.email_key, now - kConfirmationWindow) >=
            kMostConfirmationsADay)
            return Error{.code = ErrorCode::too_many_requests,
                         .detail = "Daily mail limit for this address reached.",
                         .retry_after = kConfirmationWindow};
        mail_requests_.note_sent(kind, user.email_key, now);
        outbox_.add(letter, now);
    }
    if (how == Invitation::again || delivery.by_operator)
        audit_.record({.action = audit::Action::user_updated,
                       .actor = actor.account(),
                       .subject = user.id,
                       .detail = std::string{how == Invitation::again ? "invited again" : "invited"} +
                                 (delivery.by_mail ? ", by mail" : "") +
                                 (delivery.by_operator ? ", the link was shown to the operator" : "")},
                      origin, now);
    return shown;
}

}  // namespace csauth::accounts
