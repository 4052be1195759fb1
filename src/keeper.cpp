#include "keeper.h"

#include <chrono>

#include "accounts/deletion.h"
#include "base/clock.h"
#include "base/random.h"
#include "db/errors.h"
#include "store/avatar_files.h"
#include "store/housekeeping.h"
#include "stores.h"

namespace csauth {
namespace {

using namespace std::chrono_literals;

constexpr auto kInterval = 60s;
constexpr auto kLease = 150s;  // outlives one missed turn
constexpr auto kLongestTurn = 120s;
constexpr auto kPauseBetweenSweeps = 20ms;
constexpr std::size_t kMostDeletedATurn = 100;
constexpr unsigned kShardsATurn = 8;  // all of them in half an hour

}  // namespace

int run_keeper(const Config& config, server::Process& process) {
    const SystemClock clock;
    SystemRandom random;
    const KeyRings keys = usable_key_rings(config);
    Stores stores{config, keys, random};
    store::AvatarFiles avatar_files{config.avatars.dir, process.log};
    unsigned next_shard = 0;
    store::Housekeeping housekeeping{stores.database, random};

    std::chrono::milliseconds pause{0};
    while (server::wait(process, -1, pause) != server::Wake::leave) {
        process.slot.set_deadline(kLongestTurn);
        pause = kInterval;
        try {
            const TimePoint now = clock.now();
            if (!housekeeping.take_lease(now, now + kLease)) continue;
            const auto gone = housekeeping.sweep({}, now) +
                              accounts::delete_unverified(stores.users, stores.audit, stores.database,
                                                          kMostDeletedATurn, now);
            if (gone > 0) pause = kPauseBetweenSweeps;
            for (unsigned i = 0; i < kShardsATurn && gone == 0; ++i)
                avatar_files.sweep(next_shard++ % store::AvatarFiles::kShards, [&](std::string_view name) {
                    return stores.users.is_avatar_in_use(name);
                });
        } catch (const db::Unavailable& e) {
            process.log.warning("keeper_waits_for_database", {{"what", e.what()}});
        }
    }
    return 0;
}

}  // namespace csauth
