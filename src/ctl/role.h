#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

int role_list(const Config& config, const Arguments& arguments);
int role_add(const Config& config, const Arguments& arguments);
int role_edit(const Config& config, const Arguments& arguments);
int role_delete(const Config& config, const Arguments& arguments);
int role_grant(const Config& config, const Arguments& arguments);
int role_revoke(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
