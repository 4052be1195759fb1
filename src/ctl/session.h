#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

// The commands return their exit status; see command.h for those that all commands share.

/// Lists live sessions. 64 if --limit is malformed, 65 if another option is.
int session_list(const Config& config, const Arguments& arguments);

/// Ends sessions by id or by options, after a question. 64 if neither ids nor options are given, or both; 65
/// if an option is malformed or there is no such live session.
int session_revoke(const Config& config, const Arguments& arguments);

/// Ends all sessions, voids all links in mails, and recalls all tokens, after a question.
int recall_all(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
