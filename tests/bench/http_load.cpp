// Sends HTTP requests for `make bench`: one process, one thread, kept connections.
//
//   http_load PORT SCENARIO KEY=VALUE…
//
// Scenarios:
//   get        path=; with the access token of a person if there are people
//   login, refresh, register, heartbeat
//
// Keys:
//   connections=N      the most requests at once
//   seconds=N          how long
//   requests=N         ends after so many instead
//   rate=N             so many a second, however long the answers take (an open loop). A time is measured
//                      from the moment when the request was due. Without it, each connection sends its next
//                      request when it has an answer.
//   people=FILE        lines of "NAME ID ACCESS REFRESH"; they take turns
//   keep=yes           writes the people back to their file with their last tokens
//   host=              of the request
//   password=          of the accounts
//   prefix=            of the names that register makes
//   expect=200,429     the statuses that are no error
//
// Prints one line of JSON: requests, errors, per_second, p50_ms, p99_ms, statuses.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Options = std::map<std::string, std::string>;

std::string option(const Options& options, const std::string& name, const std::string& otherwise = "") {
    const auto found = options.find(name);
    return found == options.end() ? otherwise : found->second;
}
std::size_t number(const Options& options, const std::string& name, std::size_t otherwise) {
    const auto text = option(options, name);
    return text.empty() ? otherwise : std::stoul(text);
}

struct Person {
    std::string name;
    std::string id;
    std::string access;
    std::string refresh;
};

/// What is asked. A connection has one request at a time, and is named by its number.
class Scenario {
public:
    Scenario(const Options& options, std::vector<Person> people)
        : people_{std::move(people)}, host_{option(options, "host", "localhost")} {}
    virtual ~Scenario() = default;
    virtual std::string request(std::size_t connection) = 0;
    virtual void take(std::size_t /*connection*/, std::string_view /*body*/) {}
    const std::vector<Person>& people() const { return people_; }

protected:
    std::string head(std::string_view method, std::string_view path) const {
        return std::string{method} + ' ' + std::string{path} + " HTTP/1.1\r\nHost: " + host_ + "\r\n";
    }
    std::string with_json(std::string head, const std::string& body) const {
        return std::move(head) +
               "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body;
    }
    static std::string bearer(const Person& person) {
        return "Authorization: Bearer " + person.access + "\r\n";
    }
    Person& next_person() { return people_.at(next_++ % people_.size()); }

    std::vector<Person> people_;

private:
    std::string host_;
    std::size_t next_ = 0;
};

class Get final : public Scenario {
public:
    Get(const Options& options, std::vector<Person> people)
        : Scenario{options, std::move(people)}, path_{option(options, "path", "/")} {}
    std::string request(std::size_t) override {
        return head("GET", path_) + (people_.empty() ? "" : bearer(next_person())) + "\r\n";
    }

private:
    std::string path_;
};

class Login final : public Scenario {
public:
    Login(const Options& options, std::vector<Person> people)
        : Scenario{options, std::move(people)}, password_{option(options, "password")} {}
    std::string request(std::size_t) override {
        return with_json(
            head("POST", "/api/login/"),
            "{\"email\":\"" + next_person().name + "@example.com\",\"password\":\"" + password_ + "\"}");
    }

private:
    std::string password_;
};

/// Each connection has people of its own, because a refresh token is good for one.
class Refresh final : public Scenario {
public:
    Refresh(const Options& options, std::vector<Person> people)
        : Scenario{options, std::move(people)},
          connections_{number(options, "connections", 1)},
          turns_(connections_) {
        if (people_.size() < connections_)
            throw std::invalid_argument{"refresh needs somebody for each connection"};
    }
    std::string request(std::size_t connection) override {
        const std::size_t own = people_.size() / connections_;
        Person& person = people_.at(connection * own + turns_[connection]++ % own);
        asked_[connection] = &person;
        return with_json(head("POST", "/api/token/refresh/"), "{\"refresh\":\"" + person.refresh + "\"}");
    }
    void take(std::size_t connection, std::string_view body) override {
        constexpr std::string_view kMember = "\"refresh\":\"";
        const auto at = body.find(kMember);
        if (at == std::string_view::npos) return;
        const auto begin = at + kMember.size();
        asked_[connection]->refresh = body.substr(begin, body.find('"', begin) - begin);
    }

private:
    std::size_t connections_;
    std::vector<std::size_t> turns_;
    std::map<std::size_t, Person*> asked_;
};

class Register final : public Scenario {
public:
    Register(const Options& options, std::vector<Person> people)
        : Scenario{options, std::move(people)}, prefix_{option(options, "prefix", "new")} {}
    std::string request(std::size_t) override {
        const std::string name = prefix_ + '-' + std::to_string(count_++);
        return with_json(head("POST", "/api/register/"),
                         "{\"email\":\"" + name + "@example.com\",\"username\":\"" + name +
                             "\",\"password\":\"a password of " + name + "\"}");
    }

private:
    std::string prefix_;
    std::size_t count_ = 0;
};

class Heartbeat final : public Scenario {
public:
    using Scenario::Scenario;
    std::string request(std::size_t) override {
        return with_json(head("PUT", "/api/presence/") + bearer(next_person()), R"({"status":"online"})");
    }
};

std::unique_ptr<Scenario> scenario_named(const std::string& name, const Options& options,
                                         std::vector<Person> people) {
    if (name == "get") return std::make_unique<Get>(options, std::move(people));
    if (name == "login") return std::make_unique<Login>(options, std::move(people));
    if (name == "refresh") return std::make_unique<Refresh>(options, std::move(people));
    if (name == "register") return std::make_unique<Register>(options, std::move(people));
    if (name == "heartbeat") return std::make_unique<Heartbeat>(options, std::move(people));
    throw std::invalid_argument{"no scenario is called " + name};
}

/// The answer so far.
struct Answer {
    std::string text;
    int status = 0;
    bool is_last = false;  ///< of the connection
    bool has_retry_after = false;
    std::size_t body_at = 0;
    std::size_t length = 0;
    bool is_chunked = false;

    /// For another one; the room of the last is kept.
    void begin() {
        text.clear();
        status = 0;
        is_last = has_retry_after = is_chunked = false;
        body_at = length = 0;
    }

    /// Whether it is whole.
    bool take(std::string_view bytes) {
        text += bytes;
        if (body_at == 0) {
            const auto end = text.find("\r\n\r\n");
            if (end == std::string::npos) return false;
            read_head(std::string_view{text}.substr(0, end + 2));
            body_at = end + 4;
        }
        return is_chunked ? text.ends_with("0\r\n\r\n") : text.size() >= body_at + length;
    }

private:
    void read_head(std::string_view head) {
        status = std::atoi(head.substr(9, 3).data());
        // As nginx writes them. What the client does to an answer is no part of what is measured: so, little.
        for (auto at = head.find("\r\n") + 2; at < head.size(); at = head.find("\r\n", at) + 2) {
            const auto line = head.substr(at, head.find("\r\n", at) - at);
            if (line.starts_with("Content-Length: ")) length = std::stoul(std::string{line.substr(16)});
            if (line.starts_with("Retry-After: ")) has_retry_after = true;
            is_chunked = is_chunked || line == "Transfer-Encoding: chunked";
            is_last = is_last || line == "Connection: close";
        }
    }
};

class Load {
public:
    Load(std::uint16_t port, const Options& options, Scenario& scenario)
        : port_{port},
          scenario_{scenario},
          connections_(number(options, "connections", 8)),
          seconds_{static_cast<double>(number(options, "seconds", 5))},
          rate_{static_cast<double>(number(options, "rate", 0))},
          most_requests_{number(options, "requests", SIZE_MAX)},
          epoll_{::epoll_create1(EPOLL_CLOEXEC)} {
        const auto expected = option(options, "expect", "200,201,204");
        for (std::size_t at = 0; at < expected.size(); at += 4)
            expected_.insert(std::stoi(expected.substr(at, 3)));
    }

    void run() {
        for (std::size_t i = 0; i < connections_.size(); ++i)
            connect(i);
        began_ = Clock::now();
        const auto end =
            began_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{seconds_});
        for (std::size_t i = 0; i < connections_.size(); ++i)
            free_.push_back(i);
        while (Clock::now() < end && !is_enough()) {
            send_due();
            wait(rate_ > 0 ? 1 : 100);
        }
        ended_ = Clock::now();
        // What is under way still has to be answered well, but counts in no rate.
        while (free_.size() < connections_.size() && Clock::now() < ended_ + std::chrono::seconds{40})
            wait(100);
        errors_ += connections_.size() - free_.size();
    }

    std::string json(const std::string& name) {
        std::sort(times_.begin(), times_.end());
        const auto at = [&](double part) {
            return times_.empty()
                       ? 0.0
                       : times_[static_cast<std::size_t>(static_cast<double>(times_.size() - 1) * part)] *
                             1000;
        };
        const double took = std::chrono::duration<double>(ended_ - began_).count();
        std::string statuses;
        for (const auto& [status, count] : statuses_)
            statuses +=
                (statuses.empty() ? "\"" : ",\"") + std::to_string(status) + "\":" + std::to_string(count);
        return "{\"scenario\":\"" + name + "\",\"requests\":" + std::to_string(times_.size()) +
               ",\"errors\":" + std::to_string(errors_) +
               ",\"per_second\":" + std::to_string(static_cast<double>(counted_) / took) +
               ",\"p50_ms\":" + std::to_string(at(0.5)) + ",\"p99_ms\":" + std::to_string(at(0.99)) +
               ",\"statuses\":{" + statuses + "}}";
    }

private:
    struct Connection {
        int fd = -1;
        bool is_busy = false;
        std::string out;
        Clock::time_point due;
        Answer answer;
    };

    bool is_enough() const { return sent_ >= most_requests_; }

    void connect(std::size_t i) {
        Connection& connection = connections_[i];
        if (connection.fd >= 0) ::close(connection.fd);
        connection.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port_);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(connection.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw std::system_error(errno, std::generic_category(), "connect");
        const int on = 1;
        ::setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event);
    }

    void send_due() {
        if (rate_ == 0) {
            while (!free_.empty() && !is_enough())
                send(Clock::now());
            return;
        }
        const double passed = std::chrono::duration<double>(Clock::now() - began_).count();
        for (; !free_.empty() && static_cast<double>(sent_) <= passed * rate_ && !is_enough();)
            send(began_ + std::chrono::duration_cast<Clock::duration>(
                              std::chrono::duration<double>{static_cast<double>(sent_) / rate_}));
    }

    void send(Clock::time_point due) {
        const std::size_t i = free_.front();
        free_.pop_front();
        Connection& connection = connections_[i];
        connection.out = scenario_.request(i);
        connection.due = due;
        connection.answer.begin();
        connection.is_busy = true;
        ++sent_;
        const auto count = ::send(connection.fd, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
        if (count != static_cast<ssize_t>(connection.out.size()))
            fail(i);  // requests are small: one goes at once
    }

    void wait(int milliseconds) {
        std::array<epoll_event, 256> events;
        const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), milliseconds);
        for (int n = 0; n < count; ++n)
            read(events[static_cast<std::size_t>(n)].data.u64);
    }

    void read(std::size_t i) {
        Connection& connection = connections_[i];
        std::array<char, 16 * 1024> bytes;
        const auto count = ::recv(connection.fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) return connection.is_busy ? fail(i) : connect(i);
        if (!connection.answer.take({bytes.data(), static_cast<std::size_t>(count)})) return;
        const auto& answer = connection.answer;
        const auto now = Clock::now();
        times_.push_back(std::chrono::duration<double>(now - connection.due).count());
        ++statuses_[answer.status];
        const bool is_good =
            expected_.contains(answer.status) && (answer.status != 503 || answer.has_retry_after);
        if (!is_good && ++errors_ <= 3) std::cerr << answer.text << '\n';
        if (ended_ == Clock::time_point{}) ++counted_;
        scenario_.take(i, std::string_view{answer.text}.substr(answer.body_at));
        connection.is_busy = false;
        if (answer.is_last) connect(i);
        free_.push_back(i);
        if (ended_ == Clock::time_point{}) send_due();
    }

    /// The answer was cut, or there was none.
    void fail(std::size_t i) {
        if (++errors_ <= 3) std::cerr << "cut: " << connections_[i].answer.text << '\n';
        connections_[i].is_busy = false;
        connect(i);
        free_.push_back(i);
    }

    std::uint16_t port_;
    Scenario& scenario_;
    std::vector<Connection> connections_;
    double seconds_;
    double rate_;
    std::size_t most_requests_;
    int epoll_;
    std::set<int> expected_;
    std::deque<std::size_t> free_;
    Clock::time_point began_;
    Clock::time_point ended_;
    std::size_t sent_ = 0;
    std::size_t counted_ = 0;
    std::size_t errors_ = 0;
    std::vector<double> times_;
    std::map<int, std::size_t> statuses_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "http_load PORT SCENARIO KEY=VALUE…\n";
        return 64;
    }
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    try {
        Options options;
        for (int i = 3; i < argc; ++i) {
            const std::string word = argv[i];
            options[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
        }
        std::vector<Person> people;
        std::ifstream file{option(options, "people", "/dev/null")};
        for (Person person; file >> person.name >> person.id >> person.access >> person.refresh;)
            people.push_back(person);
        const auto scenario = scenario_named(argv[2], options, std::move(people));
        Load load{static_cast<std::uint16_t>(std::stoul(argv[1])), options, *scenario};
        load.run();
        std::cout << load.json(argv[2]) << std::endl;
        if (options.contains("keep")) {
            std::ofstream kept{option(options, "people")};
            for (const Person& person : scenario->people())
                kept << person.name << ' ' << person.id << ' ' << person.access << ' ' << person.refresh
                     << '\n';
        }
        return 0;
    } catch (const std::exception& e) {
        std::cerr << "http_load: " << e.what() << '\n';
        return 1;
    }
}
