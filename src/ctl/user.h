#pragma once

#include "ctl/command.h"

namespace csauth::ctl {

int user_add(const Config& config, const Arguments& arguments);
int user_invite(const Config& config, const Arguments& arguments);
int user_list(const Config& config, const Arguments& arguments);
int user_show(const Config& config, const Arguments& arguments);
int user_ban(const Config& config, const Arguments& arguments);
int user_unban(const Config& config, const Arguments& arguments);
int user_verify(const Config& config, const Arguments& arguments);
int user_delete(const Config& config, const Arguments& arguments);
int user_logout(const Config& config, const Arguments& arguments);
int user_reset(const Config& config, const Arguments& arguments);

}  // namespace csauth::ctl
