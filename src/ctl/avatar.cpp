#include "ctl/avatar.h"

#include <iostream>

#include "store/avatar_files.h"
#include "stores.h"

namespace csauth::ctl {

int avatar_sweep(const Config& config, const Arguments&) {
    const Log log{"", LogLevel::warning};
    const SystemClock clock;
    SystemRandom random;
    const KeyRings keys = usable_key_rings(config);
    Stores stores{config, keys, clock, random, nullptr};
    store::AvatarFiles files{config.avatars.dir, log};
    std::size_t gone = 0;
    for (unsigned shard = 0; shard < store::AvatarFiles::kShards; ++shard)
        gone +=
            files.sweep(shard, [&](std::string_view name) { return stores.users.is_avatar_in_use(name); });
    std::cout << gone << " files that nobody shows were removed\n";
    return 0;
}

}  // namespace csauth::ctl
