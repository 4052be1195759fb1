#pragma once

#include <memory>

#include "base/log.h"
#include "config.h"
#include "handlers/dispatch.h"
#include "http/message.h"
#include "server/process.h"
#include "shared.h"

namespace csauth {

/// The inside of a worker: stores, services and handlers over one database connection. Each worker makes one
/// after the fork, and so does the streamer.
class App {
public:
    /// `pool`: serves the routes of this pool, and loads only its keys. `shared`: the memory that all
    /// processes of this machine share. `streams`: opens live streams; null in other pools than `stream`.
    /// Opens no connection yet. Throws std::runtime_error if a key or a secret file can't be read.
    App(const Config& config, handlers::Pool pool, Shared& shared, const Log& log,
        handlers::Streams* streams = nullptr);
    ~App();

    /// Answers a request. Never throws for a request that fails: a refusal gets its problem document, an
    /// unavailable database 503, and any other exception 500 with the reason in the log only. Writes one log
    /// line, and rings the bell if events were written.
    http::Response handle(const http::Request& request);

private:
    struct Parts;

    handlers::Answer answer(const http::Request& request);

    handlers::Pool pool_;
    const Log& log_;
    const Bell& news_;
    limits::HashTurns& hash_turns_;
    Outage& database_outage_;
    std::unique_ptr<Parts> parts_;
};

/// Runs a worker process: an App that serves the socket of its pool. Returns the exit status of
/// server::run_worker(). An edge worker waits at most one second for the database, because several
/// connections of nginx wait for each worker.
int run_app(Config config, handlers::Pool pool, Shared& shared, server::Process& process);

}  // namespace csauth
