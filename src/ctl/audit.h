#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

// The commands return their exit status; see command.h for those that all commands share.

/// Checks the seals of the audit log and prints the head. 65 if --head is malformed, 76 (kTampered) if the
/// log was changed or does not contain that head.
int audit_verify(const Config& config, const Arguments& arguments);

/// Prints the audit log, one JSON object a line, and records the export. 65 if --user or --since is not
/// valid.
int audit_export(const Config& config, const Arguments& arguments);

/// Seals all entries that have no seal, with the keeper's database account, and prints the head.
int audit_seal(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
