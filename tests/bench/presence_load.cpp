// Clients for `make bench-presence`: streams that listen, people who come and go, heartbeats.
//
//   presence_load PORT STREAMS TOKENS
//
// TOKENS is a file of lines "USER-ID TOKEN". Each user has ten streams, except those who talk.
//
// Standard input has one command a line. Each is answered with a line of JSON:
//   open                 opens all streams
//   talk RATE COUNT      so many changes of status a second; waits until every listener has heard of each
//   beat RATE SECONDS    heartbeats that change nothing, of those who talk
//   back                 waits until all streams are open (again), and says how long that took
//
// The arrival of each event goes to the file deliveries.txt: "ID MICROSECONDS", since 1970.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <boost/asio.hpp>  // after <utility>, which it forgets

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Failure = boost::system::error_code;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t kTalkers = 100;
constexpr std::size_t kWatched = 2;
constexpr std::size_t kStreamsOfUser = 10;
constexpr std::size_t kOpensAtOnce = 200;
constexpr std::size_t kPutters = 64;

struct Person {
    std::string id;
    std::string token;
};

struct World {
    asio::io_context loop{1};
    tcp::endpoint server;
    std::vector<Person> people;  // the talkers first
    std::size_t open = 0;
    std::size_t opening = 0;
    std::uint64_t heard = 0;
    std::uint64_t cut = 0;
    Clock::time_point all_back{};
    std::size_t wanted = 0;
    std::ofstream deliveries{"deliveries.txt"};
    std::function<void()> on_room = [] {};
};

std::int64_t microseconds_now() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// A client of the stream as docs/use/presence.md has it: comes back with what it had last.
class Listener : public std::enable_shared_from_this<Listener> {
public:
    Listener(World& world, const Person& person, std::string users)
        : world_{world}, person_{person}, users_{std::move(users)}, socket_{world.loop}, pause_{world.loop} {}

    void open() {
        ++world_.opening;
        text_.clear();
        chunk_left_ = 0;
        has_head_ = false;
        socket_ = tcp::socket{world_.loop};
        socket_.async_connect(world_.server, [self = shared_from_this()](Failure failure) {
            if (failure) return self->come_back();
            self->request_ = "GET /api/presence/stream/?users=" + self->users_ +
                             " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + self->person_.token +
                             "\r\n" + (self->last_.empty() ? "" : "Last-Event-ID: " + self->last_ + "\r\n") +
                             "\r\n";
            asio::async_write(self->socket_, asio::buffer(self->request_),
                              [self](Failure writing, std::size_t) {
                                  if (writing) return self->come_back();
                                  self->read();
                              });
        });
    }

private:
    void read() {
        socket_.async_read_some(asio::buffer(bytes_),
                                [self = shared_from_this()](Failure failure, std::size_t count) {
                                    if (failure) return self->come_back();
                                    self->raw_.append(self->bytes_.data(), count);
                                    if (!self->decode()) return self->come_back();
                                    self->read();
                                });
    }

    void come_back() {
        if (is_open_) {
            --world_.open;
            ++world_.cut;
            is_open_ = false;
        } else {
            --world_.opening;
        }
        raw_.clear();
        Failure ignored;
        socket_.close(ignored);
        pause_.expires_after(retry_);
        pause_.async_wait([self = shared_from_this()](Failure) { self->open(); });
    }

    bool decode() {
        if (!has_head_) {
            const auto end = raw_.find("\r\n\r\n");
            if (end == std::string::npos) return true;
            if (!raw_.starts_with("HTTP/1.1 200")) return false;
            raw_.erase(0, end + 4);
            has_head_ = true;
        }
        while (!raw_.empty()) {
            if (chunk_left_ == 0) {
                const auto line = raw_.find("\r\n", 1);  // after the end of the previous one
                if (line == std::string::npos) return true;
                chunk_left_ = std::stoul(raw_, nullptr, 16);
                if (chunk_left_ == 0) return false;  // the last: the stream is over
                raw_.erase(0, line + 2);
            }
            const auto part = std::min(chunk_left_, raw_.size());
            text_.append(raw_, 0, part);
            raw_.erase(0, part);
            chunk_left_ -= part;
            if (chunk_left_ == 0 && raw_.size() >= 2) raw_.erase(0, 2);
        }
        for (auto end = text_.find("\n\n"); end != std::string::npos; end = text_.find("\n\n")) {
            take(text_.substr(0, end + 1));
            text_.erase(0, end + 2);
        }
        return true;
    }

    void take(const std::string& message) {
        const auto field = [&](const std::string& name) {
            const auto at = message.find(name);
            return at == std::string::npos
                       ? std::string{}
                       : message.substr(at + name.size(), message.find('\n', at) - at - name.size());
        };
        if (const auto retry = field("retry: "); !retry.empty())
            retry_ = std::chrono::milliseconds{std::stol(retry)};
        if (const auto id = field("id: "); !id.empty()) last_ = id;
        if (message.find("event: snapshot\n") != std::string::npos && !is_open_) {
            is_open_ = true;
            ++world_.open;
            --world_.opening;
            if (world_.open == world_.wanted) world_.all_back = Clock::now();
            world_.on_room();
        }
        if (message.find("event: presence\n") == std::string::npos) return;
        if (!had_.insert(std::stoull(last_)).second) return;  // a repeat
        ++world_.heard;
        world_.deliveries << last_ << ' ' << microseconds_now() << '\n';
    }

    World& world_;
    const Person& person_;
    std::string users_;
    tcp::socket socket_;
    asio::steady_timer pause_;
    std::string request_;
    std::array<char, 4096> bytes_;
    std::string raw_;
    std::string text_;
    std::size_t chunk_left_ = 0;
    bool has_head_ = false;
    bool is_open_ = false;
    std::string last_;
    std::chrono::milliseconds retry_{1000};
    std::unordered_set<std::uint64_t> had_;
};

/// A kept connection that puts one status after the other; a new one where nginx has had enough of it.
class Putter : public std::enable_shared_from_this<Putter> {
public:
    explicit Putter(World& world) : world_{world}, socket_{world.loop} { connect(); }
    bool is_busy = false;
    std::uint64_t answered = 0;
    std::uint64_t refused = 0;

    void put(const Person& person, const std::string& status) {
        is_busy = true;
        const std::string body = "{\"status\":\"" + status + "\"}";
        request_ =
            "PUT /api/presence/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Authorization: Bearer " +
            person.token + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        send(true);
    }

private:
    void connect() {
        socket_ = tcp::socket{world_.loop};
        socket_.connect(world_.server);
        socket_.set_option(tcp::no_delay{true});
        answer_.clear();
    }
    void send(bool may_try_again) {
        asio::async_write(
            socket_, asio::buffer(request_),
            [self = shared_from_this(), may_try_again](Failure, std::size_t) { self->read(may_try_again); });
    }
    void read(bool may_try_again) {
        asio::async_read_until(
            socket_, asio::dynamic_buffer(answer_), "\r\n\r\n",
            [self = shared_from_this(), may_try_again](Failure failure, std::size_t count) {
                if (failure && may_try_again) {
                    self->connect();
                    return self->send(false);
                }
                const bool is_good = !failure && self->answer_.starts_with("HTTP/1.1 204");
                ++(is_good ? self->answered : self->refused);
                self->answer_.erase(0, count);
                self->is_busy = false;
            });
    }

    World& world_;
    tcp::socket socket_;
    std::string request_;
    std::string answer_;
};

class Bench {
public:
    Bench(World& world, std::size_t streams) : world_{world}, streams_{streams} {}

    void open() {
        const auto began = Clock::now();
        world_.wanted = streams_;
        const auto open_more = [this] {
            while (listeners_.size() < streams_ && world_.opening < kOpensAtOnce) {
                const auto n = listeners_.size();
                const auto& person = world_.people.at(kTalkers + n / kStreamsOfUser);
                std::string users;
                for (std::size_t i = 0; i < kWatched; ++i)
                    users += (i == 0 ? "" : ",") + world_.people.at((n * kWatched + i) % kTalkers).id;
                listeners_.push_back(std::make_shared<Listener>(world_, person, users));
                listeners_.back()->open();
            }
        };
        world_.on_room = open_more;
        open_more();
        run_until([&] { return world_.open == streams_; }, 120s);
        world_.on_room = [] {};
        say("\"streams\":" + std::to_string(world_.open) + ",\"seconds\":" + seconds_since(began));
    }

    void talk(std::size_t rate, std::size_t count) {
        const auto expected = world_.heard + count * streams_ * kWatched / kTalkers;
        const auto heard_before = world_.heard;
        every(rate, count, [this](std::size_t n) {
            const auto turn = said_++;
            (void)n;
            free_putter().put(world_.people.at(turn % kTalkers),
                              turn / kTalkers % 2 == 0 ? "away" : "online");
        });
        const auto done = Clock::now();
        run_until([&] { return world_.heard >= expected; }, 30s);
        say("\"changes\":" + std::to_string(count) +
            ",\"expected\":" + std::to_string(expected - heard_before) + ",\"heard\":" +
            std::to_string(world_.heard - heard_before) + ",\"waited\":" + seconds_since(done));
    }

    void beat(std::size_t rate, std::size_t seconds) {
        const auto count_answers = [this] {
            std::uint64_t all = 0;
            for (const auto& putter : putters_)
                all += putter->answered;
            return all;
        };
        (void)free_putter();
        const auto before = count_answers();
        const auto began = Clock::now();
        const std::string status = said_ / kTalkers % 2 == 0 ? "online" : "away";  // as they are
        every(rate, rate * seconds,
              [&](std::size_t n) { free_putter().put(world_.people.at(n % kTalkers), status); });
        run_until(
            [&] {
                return std::none_of(putters_.begin(), putters_.end(),
                                    [](const auto& p) { return p->is_busy; });
            },
            10s);
        std::uint64_t refused = 0;
        for (const auto& putter : putters_)
            refused += putter->refused;
        say("\"beats\":" + std::to_string(count_answers() - before) +
            ",\"refused\":" + std::to_string(refused) + ",\"seconds\":" + seconds_since(began));
    }

    void back() {
        const auto cut_before = world_.cut;
        run_until([&] { return world_.cut > cut_before || world_.open < streams_; }, 20s);
        const auto gone = Clock::now();
        run_until([&] { return world_.open == streams_; }, 60s);
        const std::chrono::duration<double> took = world_.all_back - gone;
        say("\"streams\":" + std::to_string(world_.open) + ",\"seconds\":" + std::to_string(took.count()));
    }

private:
    static void say(const std::string& members) { std::cout << '{' << members << '}' << std::endl; }
    static std::string seconds_since(Clock::time_point began) {
        return std::to_string(std::chrono::duration<double>(Clock::now() - began).count());
    }

    template <class Done>
    void run_until(Done done, std::chrono::seconds patience) {
        const auto end = Clock::now() + patience;
        while (!done() && Clock::now() < end)
            world_.loop.run_for(5ms);
    }

    /// Calls `act(n)` at the rate, whatever the answers take.
    template <class Act>
    void every(std::size_t rate, std::size_t count, Act act) {
        const auto began = Clock::now();
        for (std::size_t n = 0; n < count;) {
            const std::chrono::duration<double> passed = Clock::now() - began;
            const auto due =
                std::min(count, static_cast<std::size_t>(passed.count() * static_cast<double>(rate)) + 1);
            for (; n < due; ++n)
                act(n);
            world_.loop.run_for(1ms);
        }
    }

    Putter& free_putter() {
        while (putters_.size() < kPutters)
            putters_.push_back(std::make_shared<Putter>(world_));
        for (;;) {
            for (std::size_t i = 0; i < kPutters; ++i) {
                Putter& putter = *putters_[next_++ % kPutters];
                if (!putter.is_busy) return putter;
            }
            world_.loop.run_for(1ms);
        }
    }

    World& world_;
    std::size_t streams_;
    std::vector<std::shared_ptr<Listener>> listeners_;
    std::vector<std::shared_ptr<Putter>> putters_;
    std::size_t next_ = 0;
    std::size_t said_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "presence_load PORT STREAMS TOKENS\n";
        return 64;
    }
    World world;
    world.server = {asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::stoul(argv[1]))};
    std::ifstream tokens{argv[3]};
    for (Person person; tokens >> person.id >> person.token;)
        world.people.push_back(person);
    const auto guard = asio::make_work_guard(world.loop);
    Bench bench{world, std::stoul(argv[2])};
    for (std::string word; std::cin >> word;) {
        std::size_t a = 0;
        std::size_t b = 0;
        if (word == "open") bench.open();
        if (word == "talk" && std::cin >> a >> b) bench.talk(a, b);
        if (word == "beat" && std::cin >> a >> b) bench.beat(a, b);
        if (word == "back") bench.back();
        world.deliveries.flush();
    }
    std::_Exit(0);  // as a machine that loses its power: nobody says goodbye
}
