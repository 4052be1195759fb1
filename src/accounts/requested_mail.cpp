#include "accounts/requested_mail.h"

namespace csauth::accounts {
namespace {

constexpr std::chrono::hours kNoticeLifetime{4 * 24};

}  // namespace

RequestedMail::RequestedMail(outbox::MailRequests& requests, users::Users& users, OneTimeTokens& tokens,
                             VerificationMail& verification, outbox::Outbox& outbox,
                             Transactions& transactions, const Clock& clock)
    : requests_{requests},
      users_{users},
      tokens_{tokens},
      verification_{verification},
      outbox_{outbox},
      transactions_{transactions},
      clock_{clock} {}

std::size_t RequestedMail::handle_open(std::size_t most) {
    const auto open = requests_.open(most);
    for (const auto& request : open) {
        (void)transactions_.run([&]() -> Result<void> {
            // Closed first: the row lock keeps a second node from answering the same request.
            if (requests_.close(request.id, clock_.now()) && answer(request)) requests_.mark_sent(request.id);
            return {};
        });
    }
    return open.size();
}

bool RequestedMail::answer(const outbox::MailRequest& request) {
    const TimePoint now = clock_.now();
    const auto user = users_.find_by_email(request.email_key, now);
    if (!user) return false;
    switch (request.kind) {
        case outbox::RequestKind::verify_email: {
            const auto last = tokens_.last_issued(user->id, Purpose::verify_email);
            if (user->is_verified || (last && now < *last + kResendInterval)) return false;
            verification_.send(*user);
            return true;
        }
        case outbox::RequestKind::already_registered:
            if (is_too_soon(request, kAlreadyRegisteredInterval)) return false;
            outbox_.add({.which = outbox::Template::already_registered,
                         .language = user->language,
                         .recipient = user->email,
                         .parameters = {{"username", user->username}},
                         .give_up_at = now + kNoticeLifetime},
                        now);
            return true;
    }
    return false;
}

bool RequestedMail::is_too_soon(const outbox::MailRequest& request, std::chrono::seconds interval) {
    const auto last = requests_.last_sent(request.kind, request.email_key);
    return last && clock_.now() < *last + interval;
}

}  // namespace csauth::accounts
