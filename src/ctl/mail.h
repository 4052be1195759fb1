#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

int mail_list(const Config& config, const Arguments& arguments);
int mail_show(const Config& config, const Arguments& arguments);
int mail_retry(const Config& config, const Arguments& arguments);
int mail_drop(const Config& config, const Arguments& arguments);
int mail_test(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
