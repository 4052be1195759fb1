#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

// The commands return their exit status; see command.h for those that all commands share.

/// Lists the newest mails of the outbox, of one state or of all. 64 for an unknown state or a malformed
/// --limit.
int mail_list(const Config& config, const Arguments& arguments);

/// Shows a mail without its secret. 64 if the id is malformed, 65 if there is no such mail.
int mail_show(const Config& config, const Arguments& arguments);

/// Makes a mail due now. 64 if the id is malformed, 65 if no such mail waits or has failed, or it has lost
/// its link.
int mail_retry(const Config& config, const Arguments& arguments);

/// Gives up a mail that waits, after a question. 64 if the id is malformed, 65 if no such mail waits.
int mail_drop(const Config& config, const Arguments& arguments);

/// Sends a test mail directly to the relay. 64 if the address is malformed, 69 if the relay did not take the
/// mail, 78 if its settings are wrong.
int mail_test(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
