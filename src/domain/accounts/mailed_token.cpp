#include "accounts/mailed_token.h"

namespace csauth::accounts {

MailedToken make_mailed_token(Random& random, Purpose purpose, outbox::Template which,
                              const users::User& user, TimePoint now, std::chrono::seconds lifetime) {
    const TimePoint expires = now + lifetime;
    Secret token = make_one_time_token(random);
    return {.row = {.hash = hash_of(token.reveal()),
                    .purpose = purpose,
                    .user = user.id,
                    .email_key = user.email_key,
                    .epoch = user.epoch,
                    .created_at = now,
                    .expires_at = expires},
            .letter = {.which = which,
                       .language = user.language,
                       .recipient = user.email,
                       .user = user.id,
                       .token = std::move(token),
                       .give_up_at = expires}};
}

}  // namespace csauth::accounts
