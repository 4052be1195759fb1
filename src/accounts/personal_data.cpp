#include "accounts/personal_data.h"

namespace csauth::accounts {

PersonalDataExport::PersonalDataExport(users::Users& users, roles::Roles& roles, sessions::Sessions& sessions,
                                       devices::Devices& devices, OneTimeTokens& tokens,
                                       outbox::Outbox& outbox, audit::AuditLog& audit, const Clock& clock)
    : users_{users},
      roles_{roles},
      sessions_{sessions},
      devices_{devices},
      tokens_{tokens},
      outbox_{outbox},
      audit_{audit},
      clock_{clock} {}

Result<PersonalData> PersonalDataExport::of(UserId id) {
    auto user = users_.find(id, clock_.now());
    if (!user) return Error{.code = ErrorCode::session_ended};
    // Whether a mail went out to an address that is not theirs would tell whether that has an account.
    auto mails = outbox_.all_of(id);
    std::erase_if(mails, [&](const outbox::MailRecord& mail) {
        return mail.which == name_of(outbox::Template::change_email) && mail.recipient != user->email;
    });
    return PersonalData{.user = std::move(*user),
                        .roles = roles_.held_by(id),
                        .sessions = sessions_.all_of(id),
                        .devices = devices_.all_of(id),
                        .tokens = tokens_.all_of(id),
                        .mails = std::move(mails),
                        .activity = audit_.about(id, std::nullopt, kMostExportedActs)};
}

}  // namespace csauth::accounts
