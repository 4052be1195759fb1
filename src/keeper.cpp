#include "keeper.h"

#include <chrono>

#include "base/clock.h"
#include "base/random.h"
#include "db/errors.h"
#include "db/migrations.h"
#include "store/housekeeping.h"
#include "stores.h"

namespace csauth {
namespace {

using namespace std::chrono_literals;

constexpr auto kInterval = 60s;
constexpr auto kLease = 150s;  // outlives one missed turn
constexpr auto kLongestTurn = 120s;
constexpr auto kPauseBetweenSweeps = 20ms;

}  // namespace

int run_keeper(const Config& config, server::Process& process) {
    const SystemClock clock;
    SystemRandom random;
    db::Database database{service_address(config),
                          [](db::Database& fresh) { db::require_schema(fresh, db::all_migrations()); }};
    store::Housekeeping housekeeping{database, random};

    std::chrono::milliseconds pause{0};
    while (server::wait(process, -1, pause) != server::Wake::leave) {
        process.slot.set_deadline(kLongestTurn);
        pause = kInterval;
        try {
            const TimePoint now = clock.now();
            if (housekeeping.take_lease(now, now + kLease) && housekeeping.sweep({}, now) > 0)
                pause = kPauseBetweenSweeps;
        } catch (const db::Unavailable& e) {
            process.log.warning("keeper_waits_for_database", {{"what", e.what()}});
        }
    }
    return 0;
}

}  // namespace csauth
