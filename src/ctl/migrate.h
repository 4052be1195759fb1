#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

// The commands return their exit status; see command.h for those that all commands share.

/// Runs csauthctl migrate: applies the migrations that are missing, and grants the database accounts their
/// rights. 78 if the accounts lack rights that it may not grant.
int migrate(const Config& config, const Arguments& arguments);

/// Runs csauthctl migrate status: lists the migrations. 78 if the schema is not that of this version.
int migration_status(const Config& config, const Arguments& arguments);

/// Runs csauthctl grants: prints the SQL that gives the database accounts their rights. The output is empty
/// if they have them. 69 if an account can't connect.
int grants(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
