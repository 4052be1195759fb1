#pragma once

#include <memory>

#include "base/log.h"
#include "config.h"
#include "handlers/dispatch.h"
#include "http/message.h"
#include "server/process.h"
#include "shared.h"

namespace csauth {

/// A worker: everything that handlers use, wired to one database connection.
class App {
public:
    /// `pool`: whose routes this worker serves. `shared`: what all processes of this machine share.
    /// `streams`: where live streams go; nothing in a pool without.
    App(const Config& config, handlers::Pool pool, Shared& shared, const Log& log,
        handlers::Streams* streams = nullptr);
    ~App();

    /// Answers every request: a refusal with its problem document, a breakdown with 503 or a bare 500 whose
    /// reasons are in the log. One log line a request.
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

/// The role of a worker process: an App behind its pool's socket. On the edge the database gets a second at
/// most, as several of nginx' connections wait for each worker.
int run_app(Config config, handlers::Pool pool, Shared& shared, server::Process& process);

}  // namespace csauth
