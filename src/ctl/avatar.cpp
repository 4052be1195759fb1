#include "ctl/avatar.h"

#include <iostream>

#include "ctl/administration.h"
#include "store/avatar_files.h"

namespace csauth::ctl {

int avatar_sweep(const Config& config, const Arguments&) {
    const Log log{"", LogLevel::warning};
    Administration administration{config};
    auto& stores = administration.stores;
    store::AvatarFiles files{config.avatars.dir, log};
    std::size_t gone = 0;
    int status = 0;
    for (unsigned shard = 0; shard < store::AvatarFiles::kShards; ++shard) {
        const auto swept =
            files.sweep(shard, [&](std::string_view name) { return stores.users.is_avatar_in_use(name); });
        if (swept)
            gone += *swept;
        else
            status = complain(swept.error());
    }
    stores.audit.record(
        {.action = audit::Action::avatars_swept, .detail = std::to_string(gone) + " files removed"},
        administration.origin, administration.clock.now());
    std::cout << gone << " files that nobody shows were removed\n";
    return status;
}

}  // namespace csauth::ctl
