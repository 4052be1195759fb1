#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

int audit_verify(const Config& config, const Arguments& arguments);
int audit_export(const Config& config, const Arguments& arguments);
int audit_seal(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
