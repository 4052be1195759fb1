#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

// The commands return their exit status; see command.h for those that all commands share. All but role_list
// return 65 if a name or an option is malformed, or there is no such role or user. They also return it if the
// change is refused.

/// Lists all roles, the highest priority first.
int role_list(const Config& config, const Arguments& arguments);

/// Makes a role.
int role_add(const Config& config, const Arguments& arguments);

/// Changes a role. 64 if no change is given.
int role_edit(const Config& config, const Arguments& arguments);

/// Deletes a role and takes it from all users, after a question.
int role_delete(const Config& config, const Arguments& arguments);

/// Gives a role to a user.
int role_grant(const Config& config, const Arguments& arguments);

/// Takes a role from a user.
int role_revoke(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
