#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

int key_init(const Config& config, const Arguments& arguments);
int key_list(const Config& config, const Arguments& arguments);
int key_add(const Config& config, const Arguments& arguments);
int key_activate(const Config& config, const Arguments& arguments);
int key_show(const Config& config, const Arguments& arguments);
int key_retire(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
