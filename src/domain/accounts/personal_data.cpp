#include "accounts/personal_data.h"

namespace csauth::accounts {

PersonalDataExport::PersonalDataExport(const Ports& ports)
    : users_{ports.users},
      roles_{ports.roles},
      sessions_{ports.sessions},
      devices_{ports.devices},
      tokens_{ports.one_time_tokens},
      outbox_{ports.outbox},
      audit_{ports.audit},
      clock_{ports.clock} {}

Result<PersonalData> PersonalDataExport::of(UserId id) {
    auto user = users_.find(id, clock_.now());
    if (!user) return Error{.code = ErrorCode::session_ended};
    // A mail to an address that is not theirs would tell them whether that address has an account.
    auto mails =
        Newest<outbox::MailRecord>::of(outbox_.newest_of(id, kMostExportedMails + 1), kMostExportedMails);
    std::erase_if(mails.items, [&](const outbox::MailRecord& mail) {
        return mail.which == name_of(outbox::Template::change_email) && mail.recipient != user->email;
    });
    return PersonalData{
        .user = std::move(*user),
        .roles = roles_.held_by(id),
        .sessions = Newest<sessions::SessionRecord>::of(sessions_.newest_of(id, kMostExportedSessions + 1),
                                                        kMostExportedSessions),
        .devices = Newest<devices::DeviceRecord>::of(
            devices_.page_of(id, std::nullopt, kMostExportedDevices + 1), kMostExportedDevices),
        .tokens =
            Newest<OneTimeToken>::of(tokens_.newest_of(id, kMostExportedTokens + 1), kMostExportedTokens),
        .mails = std::move(mails),
        .activity = Newest<audit::Entry>::of(audit_.about(id, std::nullopt, kMostExportedActs + 1),
                                             kMostExportedActs)};
}

}  // namespace csauth::accounts
