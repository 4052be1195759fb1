#include "plan.h"

#include <algorithm>
#include <thread>

#include "app.h"
#include "follower.h"
#include "image_process.h"
#include "keeper.h"
#include "mailer.h"
#include "server/scoreboard.h"
#include "streaming.h"

namespace csauth {
namespace {

constexpr int kHashNiceness = 10;

constexpr std::size_t kPoolsOfWorkers = 3;
constexpr std::size_t kOtherProcesses = 5;
static_assert(2 * (kPoolsOfWorkers * kMostWorkers + kOtherProcesses) <= server::Scoreboard::kSlots,
              "two generations of the most workers need a slot each");

}  // namespace

unsigned cores() { return std::max(1U, std::thread::hardware_concurrency()); }

server::Plan plan_for(const Config& config, Shared& shared) {
    const unsigned hash_workers = config.server.hash_workers == 0 ? cores() : config.server.hash_workers;
    using server::Process;
    const auto workers = [&](handlers::Pool pool) {
        return [config, &shared, pool](Process& p) { return run_app(config, pool, shared, p); };
    };
    return {
        .roles = {{.name = "edge",
                   .count = config.server.edge_workers,
                   .listener = "edge",
                   .run = workers(handlers::Pool::edge)},
                  {.name = "api",
                   .count = config.server.api_workers,
                   .listener = "api",
                   .run = workers(handlers::Pool::api)},
                  {.name = "hash",
                   .count = hash_workers,
                   .niceness = kHashNiceness,
                   .listener = "hash",
                   .run = workers(handlers::Pool::hash)},
                  {.name = "stream",
                   .listener = "stream",
                   .run = [config, &shared](Process& p) { return run_streaming(config, shared, p); }},
                  {.name = "imager",
                   .niceness = kHashNiceness,
                   .listener = "imager",
                   .run = [&shared](Process& p) { return run_imager(shared, p); }},
                  {.name = "mailer",
                   .run = [config, &shared](Process& p) { return run_mailer(config, shared.outages, p); }},
                  {.name = "keeper",
                   .run = [config, &shared](Process& p) { return run_keeper(config, shared, p); }},
                  {.name = "follower",
                   .run = [config, &shared](Process& p) { return run_follower(config, shared, p); }}},
        .drain_timeout = config.server.drain_timeout};
}

}  // namespace csauth
