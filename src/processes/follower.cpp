#include "follower.h"

#include <chrono>

#include "base/unavailable.h"
#include "db/migrations.h"
#include "recall/reading_window.h"
#include "store/recalls.h"
#include "stores.h"

namespace csauth {
namespace {

using namespace std::chrono_literals;

constexpr auto kInterval = 250ms;
constexpr auto kLongestTurn = 60s;

// How far the clocks of two databases may differ, in addition to the longest transaction.
constexpr auto kMoreThanDeadline = 60s;

}  // namespace

int run_follower(const Config& config, Shared& shared, server::Process& process) {
    recall::Board& board = shared.board;
    const SystemClock clock;
    db::Database database{service_address(config), [](db::Database& connected) {
                              db::require_schema(connected, db::all_migrations());
                          }};
    store::Recalls recalls{database, nullptr, clock};
    recall::ReadingWindow window{recall_lifetime(config) + config.server.request_deadline,
                                 config.server.request_deadline + kMoreThanDeadline};

    std::chrono::milliseconds pause{0};
    while (server::wait(process, -1, pause) != server::Wake::leave) {
        process.slot.set_deadline(kLongestTurn);
        pause = kInterval;
        const std::chrono::milliseconds uptime = clock.uptime();
        try {
            for (const auto& [recall, at] : recalls.posted_within(window.at(uptime)))
                board.post(recall, at, clock.now());
            board.fed(uptime);
            (void)board.latest(clock.now());
            window.has_read(uptime);
            shared.outages.database().succeeded(process.log, clock.uptime());
        } catch (const Unavailable& e) {
            shared.outages.database().failed(process.log, clock.uptime(), e.what());
        }
    }
    return 0;
}

}  // namespace csauth
