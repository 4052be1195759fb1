#include "accounts/requested_mail.h"

namespace csauth::accounts {

RequestedMail::RequestedMail(const Ports& ports, VerificationMail& verification, ResetMail& reset)
    : requests_{ports.mail_requests},
      users_{ports.users},
      tokens_{ports.one_time_tokens},
      verification_{verification},
      reset_{reset},
      outbox_{ports.outbox},
      transactions_{ports.transactions},
      clock_{ports.clock} {}

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
    if (now > request.created_at + kRequestLifetime) return false;
    const auto user = users_.find_by_email(request.email_key, now);
    if (!user) return false;
    switch (request.kind) {
        case outbox::RequestKind::verify_email: {
            const auto last = tokens_.last_issued(user->id, Purpose::verify_email);
            if (user->is_verified || (last && now < *last + kResendInterval) ||
                sent_within(request, kConfirmationWindow) >= kMostConfirmationsADay)
                return false;
            verification_.send(*user, return_to_of(request, user->id));
            return true;
        }
        case outbox::RequestKind::already_registered:
            if (sent_within(request, kAlreadyRegisteredInterval) > 0) return false;
            outbox_.add({.which = outbox::Template::already_registered,
                         .language = user->language,
                         .recipient = user->email,
                         .user = user->id,
                         .give_up_at = now + outbox::kNoticeLifetime},
                        now);
            return true;
        case outbox::RequestKind::reset_password:
            if (!may_reset(request, *user)) return false;
            reset_.send(*user, request.return_to);
            return true;
        case outbox::RequestKind::change_email: return false;  // it is only counted
    }
    return false;
}

/// Returns where the user goes after signing in: as the request says, or as the mail before did.
std::string RequestedMail::return_to_of(const outbox::MailRequest& request, UserId user) {
    if (!request.return_to.empty()) return request.return_to;
    std::string latest;
    for (const auto& token : tokens_.all_of(user))  // the oldest first
        if (token.purpose == Purpose::verify_email) latest = token.return_to;
    return latest;
}

bool RequestedMail::may_reset(const outbox::MailRequest& request, const users::User& user) {
    const auto sent = sent_within(request, kResetWindow);
    if (sent < kMostResetsAnHour) return true;
    // An account on an address that was never confirmed may be a stranger's, and so may its changes.
    if (!user.was_ever_verified || sent >= kMostResetsInAnyCase) return false;
    const TimePoint now = clock_.now();
    return !has_live_link(tokens_, user, Purpose::reset_password, now - kResetWindow, now);
}

std::size_t RequestedMail::sent_within(const outbox::MailRequest& request, std::chrono::seconds time) {
    return requests_.sent_since(request.kind, request.email_key, clock_.now() - time);
}

}  // namespace csauth::accounts
