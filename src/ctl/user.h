#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

// The commands return their exit status; see command.h for those that all commands share. All return 65 if an
// argument is malformed, if there is no such user, or if the act is refused.

/// Makes an account: with a password from standard input, or with an invitation. 64 if the options contradict
/// each other.
int user_add(const Config& config, const Arguments& arguments);

/// Sends another invitation to a user that has not chosen a password yet. 64 if the link would reach nobody.
int user_invite(const Config& config, const Arguments& arguments);

/// Lists users. 64 if --limit is malformed.
int user_list(const Config& config, const Arguments& arguments);

/// Shows a user.
int user_show(const Config& config, const Arguments& arguments);

/// Bans a user, permanently or for a time. 64 without --reason, or with both --until and --for.
int user_ban(const Config& config, const Arguments& arguments);

/// Lifts a user's ban.
int user_unban(const Config& config, const Arguments& arguments);

/// Marks a user's address as confirmed.
int user_verify(const Config& config, const Arguments& arguments);

/// Deletes an account with all that belongs to it, after a question.
int user_delete(const Config& config, const Arguments& arguments);

/// Ends all sessions of a user.
int user_logout(const Config& config, const Arguments& arguments);

/// Voids a user's password and mails a link to choose another, after a question.
int user_reset(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
