#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

// The commands return their exit status; see command.h for those that all commands share.

/// Makes a first key in each ring of keys.dir that has none. 65 if one can't be made.
int key_init(const Config& config, const Arguments& arguments);

/// Lists the keys of all rings. 65 if a ring can't be read.
int key_list(const Config& config, const Arguments& arguments);

/// Adds a key to a ring and prints its id. For audiences/NAME, makes the ring if it does not exist. 65 if
/// there is no such ring or a file can't be written.
int key_add(const Config& config, const Arguments& arguments);

/// Makes a key the one that signs. 65 if there is no such ring or key.
int key_activate(const Config& config, const Arguments& arguments);

/// Prints the keys of an audience's ring in the form that its service takes, or the client secret that goes
/// with each. With --id, prints one of them alone. 64 if not exactly one form is given, or --raw is given for
/// several keys; 65 for a ring of our own, or if there is no such ring or key.
int key_show(const Config& config, const Arguments& arguments);

/// Removes a key that does not sign, after a question. 65 if there is no such ring or key, or the key signs.
/// Also 65 if batches of the audit log are sealed with it.
int key_retire(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
