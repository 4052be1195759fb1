#include "streamer/streamer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <csignal>
#include <deque>
#include <exception>
#include <future>
#include <optional>
#include <thread>
#include <unordered_set>

#include "base/random.h"
#include "base/unavailable.h"
#include "http/problem.h"
#include "presence/signs_of_life.h"
#include "server/request_log.h"
#include "server/worker.h"
#include "streamer/connection.h"
#include "streamer/stream_index.h"

namespace csauth::streamer {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
namespace asio = boost::asio;
using Socket = Connection::Socket;
using ConnectionPtr = Connection::Ptr;
using Failure = boost::system::error_code;

constexpr auto kBetweenLooks = 250ms;  // how soon events of other nodes are seen
constexpr auto kTick = 1s;
constexpr auto kLongestTurn = 60s;
constexpr auto kPauseWithoutDescriptors = 100ms;
constexpr std::size_t kChecksATurn = 20;  // sessions that the desk looks up between other work
constexpr auto kCheckAgain = 5s;          // if the database did not answer
constexpr std::size_t kEventsATurn = 50;
constexpr std::size_t kMostUnadmitted = 128;  // connections besides the streams

// The jitter keeps clients from reconnecting all at once after a restart.
constexpr milliseconds kShortestRetry = 1s;
constexpr unsigned kRetryJitter = 3000;  // ms

class Streamer final : public Connection::Host {
public:
    Streamer(server::Process& process, const Settings& settings,
             const std::function<std::unique_ptr<Desk>()>& make_desk, presence::Table& presence,
             const recall::Board& board, const Bell& news, Outage& database, const Clock& clock)
        : process_{process},
          settings_{settings},
          signs_of_life_{presence, clock},
          board_{board},
          news_{news},
          database_{database},
          clock_{clock},
          acceptor_{loop_, asio::local::stream_protocol{}, ::dup(process.listener)},
          lifeline_{loop_, ::dup(process.lifeline)},
          signals_{loop_, ::dup(process.signals.fd())},
          bell_{loop_, ::dup(news.fd())},
          tick_{loop_},
          look_{loop_},
          pause_{loop_},
          end_{loop_},
          desk_work_{asio::make_work_guard(desk_loop_)} {
        asio::post(desk_loop_, [this, make_desk] {
            try {
                desk_ = make_desk();
                is_ready_.set_value();
            } catch (...) {
                is_ready_.set_exception(std::current_exception());
            }
        });
    }
    ~Streamer() override {
        desk_work_.reset();
        desk_loop_.stop();
        if (desk_thread_.joinable()) desk_thread_.join();
    }
    Streamer(const Streamer&) = delete;
    Streamer& operator=(const Streamer&) = delete;

    int run() {
        desk_thread_ = std::thread{[this] { desk_loop_.run(); }};
        is_ready_.get_future().get();
        wait_for_end();
        wait_for_signal();
        wait_for_news();
        look_now_and_then();
        tick();
        accept();
        process_.slot.state.store(server::SlotState::idle);
        loop_.run();
        process_.slot.state.store(server::SlotState::leaving);
        return 0;
    }

    void accept(const ConnectionPtr& connection, http::Request request) override {
        connection->request_id = request.id;
        if (is_full()) return refuse_for_now(connection);
        queue_.emplace_back(connection, std::move(request));
        admit_next();
    }

    void leave(const ConnectionPtr& connection) override {
        connections_.erase(connection);
        if (!connection->is_stream()) return;
        const auto& subscription = connection->subscription();
        streams_.remove(*connection, subscription.viewer.id, subscription.watched);
        if (!connection->has_ended)  // the lease begins now
            signs_of_life_.note(subscription.session, subscription.viewer.id);
        process_.log.info("stream_closed", {{"request_id", connection->request_id},
                                            {"user", subscription.viewer.id.text()},
                                            {"seconds", std::chrono::duration_cast<std::chrono::seconds>(
                                                            steady_clock::now() - connection->began)
                                                            .count()}});
    }

    void warn(const char* event, const std::string& request_id) const override {
        process_.log.warning(event, {{"request_id", request_id}});
    }

    void note_refusal(const Connection& connection, const http::Response& response) const override {
        server::log_request(
            process_.log,
            {.id = connection.request_id, .method = connection.method, .ip = connection.remote_ip}, response);
    }

private:
    bool is_full() const { return streams_.size() >= settings_.most_streams; }

    void refuse_for_now(const ConnectionPtr& connection) {
        connection->refuse({.code = ErrorCode::service_unavailable,
                            .detail = "There are as many streams as there may be.",
                            .retry_after = 5s});
    }

    /// Admits one request at a time, so that the desk also looks for events in between. Skips connections
    /// that were closed while they waited.
    void admit_next() {
        while (!queue_.empty() && !queue_.front().first->is_open())
            queue_.pop_front();
        if (is_admitting_ || queue_.empty()) return;
        is_admitting_ = true;
        auto [connection, request] = std::move(queue_.front());
        queue_.pop_front();
        asio::post(desk_loop_, [this, connection = std::move(connection), request = std::move(request)] {
            auto accepted = std::make_shared<AcceptedStream>();
            try {
                *accepted = desk_->accept(request);
            } catch (const std::exception& e) {
                process_.log.error("streamer_broke", {{"request_id", request.id}, {"what", e.what()}});
                accepted->response = http::problem({.code = ErrorCode::internal_error}, request.id);
            }
            asio::post(loop_, [this, connection, accepted, is_head = request.method == "HEAD"] {
                is_admitting_ = false;
                enter(connection, std::move(*accepted), is_head);
                admit_next();
            });
        });
    }

    template <class Work>
    void at_desk(Work work) {
        asio::post(desk_loop_, [this, work = std::move(work)] {
            try {
                work();
                desk_outage_.succeeded(process_.log, clock_.uptime());
            } catch (const Unavailable& e) {
                database_.failed(process_.log, clock_.uptime(), e.what());
            } catch (const std::exception& e) {
                desk_outage_.failed(process_.log, clock_.uptime(), e.what());
            }
        });
    }

    void wait_for_end() {
        lifeline_.async_wait(asio::posix::stream_descriptor::wait_read, [this](Failure) { end(); });
    }

    void wait_for_signal() {
        signals_.async_wait(asio::posix::stream_descriptor::wait_read, [this](Failure failure) {
            if (failure) return;
            while (const auto signal = process_.signals.next()) {
                if (*signal == SIGTERM) return end();
                if (*signal == SIGUSR1) process_.log.reopen();
            }
            wait_for_signal();
        });
    }

    void wait_for_news() {
        bell_.async_wait(asio::posix::stream_descriptor::wait_read, [this](Failure failure) {
            if (failure) return;
            news_.silence();
            look(false);
            wait_for_news();
        });
    }

    void look_now_and_then() {
        look_.expires_after(kBetweenLooks);
        look_.async_wait([this](Failure failure) {
            if (failure) return;
            look(true);
            look_now_and_then();
        });
    }

    /// Has the desk look for events. Only one look runs at a time: any number of calls meanwhile cause one
    /// more.
    void look(bool thorough) {
        is_thorough_ = is_thorough_ || thorough;
        if (is_looking_) {
            must_look_again_ = true;
            return;
        }
        is_looking_ = true;
        must_look_again_ = false;
        at_desk([this, look_thoroughly = std::exchange(is_thorough_, false)] {
            std::vector<Event> events;
            try {
                events = desk_->look(look_thoroughly);
            } catch (...) {
                asio::post(loop_, [this] { is_looking_ = false; });
                throw;
            }
            asio::post(loop_, [this, events = std::move(events), position = desk_->position()] {
                untold_.insert(untold_.end(), events.begin(), events.end());
                tell_some(position);
            });
        });
    }

    /// Reports a part of the events, so that the loop can write it before a backlog grows too long.
    void tell_some(EventId position) {
        for (std::size_t i = 0; i < kEventsATurn && !untold_.empty(); ++i) {
            tell(untold_.front());
            untold_.pop_front();
        }
        if (!untold_.empty()) return asio::post(loop_, [this, position] { tell_some(position); });
        position_ = position;
        is_looking_ = false;
        if (must_look_again_) look(false);
    }

    void tell(const Event& event) {
        const TimePoint now = clock_.now();
        const auto tell_all = [&](const std::vector<ConnectionPtr>& listeners) {
            for (const auto& listener : listeners)
                tell(*listener, event, now);
        };
        switch (event.row.kind) {
            case events::Kind::presence:
                if (event.row.user) tell_all(streams_.watching(*event.row.user));
                return;
            case events::Kind::session_ended:
                if (event.row.user && event.row.session)
                    signs_of_life_.end(*event.row.session, *event.row.user);
                break;
            case events::Kind::sessions_ended:
            case events::Kind::other_sessions_ended:
                if (event.row.user) signs_of_life_.end_all(*event.row.user, event.row.session, event.row.at);
                break;
            default: break;
        }
        tell_all(event.row.user ? streams_.of(*event.row.user) : streams_.all());
    }

    void tell(Connection& listener, const Event& event, TimePoint now) {
        if (!listener.is_open() || listener.cut_at) return;
        const auto text = rendered(event, listener.subscription(), now);
        if (text.empty()) return;
        if (may_end(event, listener.subscription())) return check(listener.shared_from_this(), text);
        listener.has_ended = ends(event, listener.subscription());
        listener.say(text);
        if (listener.has_ended)
            listener.finish();
        else if (event.row.kind == events::Kind::roles_changed ||
                 event.row.kind == events::Kind::profile_changed)
            event.row.user ? check(listener.shared_from_this())
                           : void(listener.next_check = {});  // ticks check the many holders of a role
    }

    /// Has the desk look up soon whether the session is live, and what its user may see. If it is not live,
    /// the stream sends `farewell` and ends.
    void check(const ConnectionPtr& stream, const std::string& farewell = {}) {
        if (!farewell.empty()) stream->farewell = farewell;
        stream->next_check = steady_clock::now() + kCheckAgain;
        if (std::exchange(stream->is_check_due, true)) return;
        to_check_.push_back(stream);
        check_some();
    }

    struct Check {
        ConnectionPtr stream;
        UserId user;
        SessionId session;
        TimePoint asked_at = {};
        bool is_answered = false;  ///< otherwise the next tick asks again
        std::optional<Standing> standing = {};
    };

    /// Checks a few streams at a time. After `recall-all` every stream is checked, and events and admissions
    /// must go on.
    void check_some() {
        if (is_checking_) return;
        std::vector<Check> checks;
        while (checks.size() < kChecksATurn && !to_check_.empty()) {
            const auto stream = std::move(to_check_.front());
            to_check_.pop_front();
            stream->is_check_due = false;
            if (!stream->is_open() || stream->cut_at) continue;
            const auto& subscription = stream->subscription();
            checks.push_back(
                {.stream = stream, .user = subscription.viewer.id, .session = subscription.session});
        }
        if (checks.empty()) return;
        is_checking_ = true;
        asio::post(desk_loop_, [this, checks = std::move(checks)]() mutable {
            try {
                for (Check& check : checks) {
                    check.asked_at = clock_.now();
                    check.standing = desk_->standing_of(check.user, check.session);
                    check.is_answered = true;
                }
            } catch (const Unavailable& e) {
                database_.failed(process_.log, clock_.uptime(), e.what());
            } catch (const std::exception& e) {
                desk_outage_.failed(process_.log, clock_.uptime(), e.what());
            }
            asio::post(loop_, [this, checks = std::move(checks)] {
                is_checking_ = false;
                for (const Check& check : checks)
                    if (check.is_answered && check.stream->is_open()) settle(check);
                check_some();
            });
        });
    }

    void settle(const Check& check) {
        Connection& stream = *check.stream;
        if (!check.standing) {
            signs_of_life_.end(check.session, check.user);
            stream.has_ended = true;
            stream.say(stream.farewell);
            return stream.finish();
        }
        stream.next_check = steady_clock::now() + kBetweenChecks;
        stream.recalls.looked_up(check.asked_at);
        stream.subscription().roles = check.standing->roles;
        stream.subscription().viewer.sees_hidden = check.standing->sees_hidden;
        if (!stream.is_check_due) stream.farewell.clear();
    }

    void tick() {
        process_.slot.set_deadline(kLongestTurn);
        const auto now = steady_clock::now();
        std::vector<ConnectionPtr> late;
        for (const auto& connection : connections_)
            if (connection->cut_at
                    ? now >= *connection->cut_at
                    : connection->request_id.empty() && now >= connection->began + kLongestRequest)
                late.push_back(connection);
        for (const auto& connection : late)
            connection->close();
        const auto uptime = clock_.uptime();
        for (const auto& stream : streams_.all()) {
            if (!stream->is_open() || stream->cut_at) continue;
            if (stream->recalls.must_look_up(board_, stream->subscription(), uptime) ||
                now >= stream->next_check)
                check(stream);
            if (now < stream->next_beat) continue;
            stream->next_beat = now + kBeat;
            stream->say(beat(position_));
            signs_of_life_.note(stream->subscription().session, stream->subscription().viewer.id);
        }
        tick_.expires_after(kTick);
        tick_.async_wait([this](Failure failure) {
            if (!failure) tick();
        });
    }

    void accept_later() {
        pause_.expires_after(kPauseWithoutDescriptors);
        pause_.async_wait([this](Failure stopped) {
            if (!stopped) accept();
        });
    }

    void accept() {
        if (!acceptor_.is_open()) return;
        if (connections_.size() >= settings_.most_streams + kMostUnadmitted) return accept_later();
        acceptor_.async_accept([this](Failure failure, Socket socket) {
            if (failure == asio::error::operation_aborted) return;
            if (failure) {
                if (failure != asio::error::connection_aborted)
                    accept_outage_.failed(process_.log, clock_.uptime(), failure.message());
                return accept_later();
            }
            accept_outage_.succeeded(process_.log, clock_.uptime());
            welcome(std::move(socket));
            accept();
        });
    }

    void welcome(Socket socket) {
        if (!server::may_connect(socket.native_handle(), settings_.peers)) {
            peers_outage_.failed(process_.log, clock_.uptime(), server::kPeerRefused);
            return;
        }
        peers_outage_.succeeded(process_.log, clock_.uptime());
        const auto connection = std::make_shared<Connection>(*this, std::move(socket));
        connections_.insert(connection);
        connection->read();
    }

    void enter(const ConnectionPtr& connection, AcceptedStream accepted, bool is_head) {
        if (!connection->is_open()) return;
        process_.slot.served.fetch_add(1);
        if (!accepted.subscription || is_head) return connection->answer(accepted.response);
        if (is_full()) return refuse_for_now(connection);
        const UserId user = accepted.subscription->viewer.id;
        if (streams_.count_of(user) >= kMostStreamsOfUser) {
            connection->refuse(
                {.code = ErrorCode::too_many_requests,
                 .detail = "A user has at most " + std::to_string(kMostStreamsOfUser) + " streams.",
                 .retry_after = 30s});
            return;
        }
        connection->next_beat = steady_clock::now() + kBeat;
        connection->next_check = steady_clock::now() + kBetweenChecks;
        connection->recalls = RecallWatch{accepted.looked_up_at};
        streams_.add(connection, user, accepted.subscription->watched);
        const milliseconds come_back = kShortestRetry + milliseconds{random_.below(kRetryJitter)};
        accepted.first = padding() + retry(come_back) + accepted.first;
        connection->open(std::move(accepted));
        if (is_leaving_) connection->finish();  // the client reconnects to the next streamer
    }

    /// Ends all streams and the loop. Clients reconnect to another streamer with their last event ID.
    void end() {
        if (std::exchange(is_leaving_, true)) return;
        Failure ignored;
        acceptor_.close(ignored);
        lifeline_.close(ignored);
        signals_.close(ignored);
        bell_.close(ignored);
        look_.cancel();
        tick_.cancel();
        pause_.cancel();
        const auto all = connections_;
        for (const auto& connection : all) {
            if (connection->is_stream()) connection->finish();
            if (connection->request_id.empty()) connection->close();
        }
        // Requests that are being admitted still get an answer. Clients have two seconds to read the rest.
        end_.expires_after(2s);
        end_.async_wait([this](Failure) { loop_.stop(); });
    }

    server::Process& process_;
    const Settings& settings_;
    presence::SignsOfLife signs_of_life_;
    const recall::Board& board_;
    const Bell& news_;
    Outage& database_;
    Outage desk_outage_{{.begun = "streamer_broke", .ended = "streamer_works_again", .settled = 3s}};
    Outage accept_outage_{
        {.begun = "streamer_can_not_accept", .ended = "streamer_accepts_again", .settled = 3s}};
    Outage peers_outage_{server::kPeersOutage};
    const Clock& clock_;
    SystemRandom random_;
    asio::io_context loop_{1};
    asio::io_context desk_loop_{1};
    asio::local::stream_protocol::acceptor acceptor_;
    asio::posix::stream_descriptor lifeline_;
    asio::posix::stream_descriptor signals_;
    asio::posix::stream_descriptor bell_;
    asio::steady_timer tick_;
    asio::steady_timer look_;
    asio::steady_timer pause_;
    asio::steady_timer end_;
    asio::executor_work_guard<asio::io_context::executor_type> desk_work_;
    std::unique_ptr<Desk> desk_;  // only the desk's thread uses it
    std::promise<void> is_ready_;
    std::thread desk_thread_;

    std::unordered_set<ConnectionPtr> connections_;
    StreamIndex<Connection> streams_;
    std::deque<std::pair<ConnectionPtr, http::Request>> queue_;  // for Desk::accept()
    std::deque<Event> untold_;
    EventId position_ = 0;
    std::deque<ConnectionPtr> to_check_;
    bool is_checking_ = false;
    bool is_admitting_ = false;
    bool is_leaving_ = false;
    bool is_looking_ = false;
    bool must_look_again_ = false;
    bool is_thorough_ = false;
};

}  // namespace

int run(server::Process& process, const Settings& settings,
        const std::function<std::unique_ptr<Desk>()>& make_desk, presence::Table& presence,
        const recall::Board& board, const Bell& news, Outage& database, const Clock& clock) {
    return Streamer{process, settings, make_desk, presence, board, news, database, clock}.run();
}

}  // namespace csauth::streamer
