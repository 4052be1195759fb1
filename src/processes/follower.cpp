#include "follower.h"

#include <algorithm>
#include <chrono>

#include "base/unavailable.h"
#include "db/migrations.h"
#include "store/recalls.h"
#include "stores.h"

namespace csauth {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto kInterval = 250ms;
constexpr auto kLongestTurn = 60s;

// The order of rows is not that in which they were committed: so each reading goes back a little, and now and
// then as far as the longest transaction.
constexpr milliseconds kWindow = 2s;
constexpr milliseconds kBetweenSweeps = 5s;
constexpr auto kMoreThanDeadline = 60s;  // and as far as two databases' clocks may differ

}  // namespace

int run_follower(const Config& config, Shared& shared, server::Process& process) {
    recall::Board& board = shared.board;
    const SystemClock clock;
    db::Database database{service_address(config),
                          [](db::Database& fresh) { db::require_schema(fresh, db::all_migrations()); }};
    store::Recalls recalls{database, nullptr, clock};
    const milliseconds everything = recall_lifetime(config) + config.server.request_deadline;
    const milliseconds sweep = config.server.request_deadline + kMoreThanDeadline;

    std::optional<milliseconds> read_at;
    milliseconds swept_at{0};
    std::chrono::milliseconds pause{0};
    while (server::wait(process, -1, pause) != server::Wake::leave) {
        process.slot.set_deadline(kLongestTurn);
        pause = kInterval;
        const milliseconds uptime = clock.uptime();
        const bool is_sweep = uptime >= swept_at + kBetweenSweeps;
        const milliseconds missed = read_at ? uptime - *read_at : everything;
        try {
            const auto window = std::min(missed + (is_sweep ? sweep : kWindow), everything);
            for (const auto& [recall, at] : recalls.posted_within(window))
                board.post(recall, at, clock.now());
            board.fed(uptime);
            (void)board.latest(clock.now());
            read_at = uptime;
            if (is_sweep) swept_at = uptime;
            shared.outages.database().succeeded(process.log, clock.uptime());
        } catch (const Unavailable& e) {
            shared.outages.database().failed(process.log, clock.uptime(), e.what());
        }
    }
    return 0;
}

}  // namespace csauth
