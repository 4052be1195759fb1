#include "streaming.h"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "app.h"
#include "events/tail.h"
#include "server/worker.h"
#include "store/event_rows.h"
#include "stores.h"
#include "streamer/catch_up.h"
#include "streamer/streamer.h"

namespace csauth {
namespace {

using namespace std::chrono_literals;

constexpr rlim_t kOtherDescriptors = 256;

/// Returns the longest time that a transaction can last: the deadline of a request, and some seconds for jobs
/// of other processes.
std::chrono::seconds longest_transaction(const Config& config) { return config.server.request_deadline + 5s; }

class StreamDesk final : public streamer::Desk, public handlers::Streams {
public:
    StreamDesk(const Config& config, Shared& shared, const Log& log)
        : keys_{usable_key_rings(config, "stream")},
          stores_{config, keys_, clock_, random_, &shared.board, &shared.presence},
          rows_{stores_.database},
          tail_{rows_, longest_transaction(config), clock_},
          who_is_online_{stores_.presences, shared.presence, clock_},
          app_{config, handlers::Pool::stream, shared, log, this} {}

    streamer::AcceptedStream accept(const http::Request& request) override {
        accepted_ = {};
        accepted_.response = app_.handle(request);
        return std::move(accepted_);
    }

    /// Called by the handler, within accept().
    Result<http::Response> open(streamer::Subscription subscription) override {
        tail_.begin();
        // The session may have ended in an event that was already reported. The token doesn't show that, so
        // the database is asked.
        accepted_.looked_up_at = clock_.now();
        const auto live = stores_.sessions.find_live(subscription.session, accepted_.looked_up_at);
        if (!live || live->holder.id != subscription.viewer.id)
            return Error{.code = ErrorCode::session_ended};
        const auto known = who_is_online_.known_of(subscription.watched);
        const auto seen = who_is_online_.look(subscription.watched, subscription.viewer, known);
        accepted_.first = streamer::catch_up(subscription, missed_by(subscription, known), seen,
                                             tail_.position(), clock_.now());
        accepted_.subscription = std::move(subscription);
        return http::Response{
            .status = 200, .content_type = "text/event-stream", .headers = {{"X-Accel-Buffering", "no"}}};
    }

    std::vector<streamer::Event> look(bool thorough) override {
        const auto& rows = tail_.look(thorough);
        auto events = told(rows, who_is_online_.known_of(present_in(rows)));
        tail_.taken();
        return events;
    }

    streamer::EventId position() const override { return tail_.position(); }

    std::optional<streamer::Standing> standing_of(UserId user, SessionId session) override {
        const auto live = stores_.sessions.find_live(session, clock_.now());
        if (!live || live->holder.id != user || !live->holder.is_verified) return std::nullopt;
        const auto held = stores_.roles.held_by(user);
        return streamer::Standing{roles::names_of(held),
                                  roles::effective_permissions(held).flags.can_manage_users};
    }

private:
    /// Returns the events since the subscription's last one, or nullopt if that can't be told.
    std::optional<std::vector<streamer::Event>> missed_by(const streamer::Subscription& subscription,
                                                          const presence::WhoIsOnline::AllKnown& known) {
        if (!subscription.last_event) return std::nullopt;
        const auto rows =
            tail_.missed_since(*subscription.last_event, streamer::kMostMissedEvents,
                               [&](const events::Row& row) { return concerns(row, subscription); });
        if (!rows) return std::nullopt;
        return told(*rows, known);
    }

    /// Returns the users whose presence the rows report, each once.
    static std::vector<UserId> present_in(const std::vector<events::Row>& rows) {
        std::set<decltype(Uuid::bytes)> ids;
        for (const auto& row : rows)
            if (row.kind == events::Kind::presence && row.user) ids.insert(row.user->uuid.bytes);
        std::vector<UserId> users;
        users.reserve(ids.size());
        for (const auto& id : ids)
            users.push_back({Uuid{id}});
        return users;
    }

    static std::vector<streamer::Event> told(const std::vector<events::Row>& rows,
                                             const presence::WhoIsOnline::AllKnown& known) {
        std::vector<streamer::Event> events;
        events.reserve(rows.size());
        for (const auto& row : rows) {
            streamer::Event event{.row = row};
            const auto found = row.user ? known.find(row.user->uuid.bytes) : known.end();
            if (found != known.end()) event.known = found->second;
            events.push_back(std::move(event));
        }
        return events;
    }

    const SystemClock clock_;
    SystemRandom random_;
    KeyRings keys_;
    Stores stores_;
    store::EventRows rows_;
    events::Tail tail_;
    presence::WhoIsOnline who_is_online_;
    streamer::AcceptedStream accepted_;
    App app_;
};

}  // namespace

int run_streaming(const Config& config, Shared& shared, server::Process& process) {
    streamer::Settings settings{.most_streams = config.server.streams, .peers = {}};
    if (const auto nginx = server::uid_of(config.server.nginx_user)) settings.peers.push_back(*nginx);
    const SystemClock clock;
    return streamer::run(
        process, settings, [&] { return std::make_unique<StreamDesk>(config, shared, process.log); },
        shared.presence, shared.board, shared.news, shared.outages.database(), clock);
}

std::optional<std::string> raise_descriptors(const Config& config) {
    const rlim_t needed = config.server.streams + kOtherDescriptors;
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < needed && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = std::min(needed, limit.rlim_max);
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur < needed)
        return "server.streams = " + std::to_string(config.server.streams) + " needs " +
               std::to_string(needed) + " open files, and the limit is " + std::to_string(limit.rlim_cur) +
               " (LimitNOFILE= of systemd, or ulimit -n)";
    unsigned backlog = 0;
    std::ifstream{"/proc/sys/net/core/somaxconn"} >> backlog;
    if (backlog != 0 && backlog < config.server.streams)
        return "server.streams = " + std::to_string(config.server.streams) +
               " needs a queue as long, and net.core.somaxconn is " + std::to_string(backlog) +
               " (sysctl -w net.core.somaxconn=" + std::to_string(config.server.streams) +
               "); behind a restart some will have to come back twice";
    return std::nullopt;
}

}  // namespace csauth
