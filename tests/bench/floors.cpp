// What this machine can do without us, for `make bench`. DATABASE is a socket, PASSWORD a file with that of
// csauth@localhost; figures are printed as a number a second.
//
//   floors responder SOCKET PROCESSES connection-each
//       a FastCGI responder that does nothing, as libfcgi makes it easy: a connection is one request
//   floors responder SOCKET PROCESSES connection-each DATABASE PASSWORD
//       the same with one prepared SELECT by primary key
//   floors responder SOCKET PROCESSES connections-kept
//       doing nothing over connections that nginx keeps, several in each process
//   floors hashes SECONDS PROCESSES
//       Argon2id of libsodium, in as many processes
//   floors commits SECONDS CONNECTIONS DATABASE PASSWORD
//       commits of single rows

#include <fcgiapp.h>
#include <fcntl.h>
#include <mysql_connection.h>
#include <mysql_driver.h>
#include <sodium.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>

#include "crypto/kept_memory.h"

namespace {

using Clock = std::chrono::steady_clock;

std::unique_ptr<sql::Connection> connect(const std::string& socket, const std::string& password_file) {
    std::string password;
    std::ifstream{password_file} >> password;
    sql::ConnectOptionsMap options;
    options["hostName"] = "unix://" + socket;
    options["userName"] = "csauth";
    options["password"] = password;
    options["schema"] = "csauth";
    return std::unique_ptr<sql::Connection>{sql::mysql::get_driver_instance()->connect(options)};
}

void fork_many(int count, const std::function<void(int)>& work) {
    for (int i = 0; i < count; ++i)
        if (::fork() == 0) {
            work(i);
            ::_exit(0);
        }
}

/// How often all processes together have done something, in so many seconds.
double rate_of(int processes, int seconds, const std::function<std::function<void()>(int)>& begin) {
    auto* const count = static_cast<std::atomic<long>*>(::mmap(
        nullptr, sizeof(std::atomic<long>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    const auto from = Clock::now() + std::chrono::seconds{1};
    fork_many(processes, [&](int number) {
        const auto once = begin(number);
        while (Clock::now() < from)
            once();
        while (Clock::now() < from + std::chrono::seconds{seconds}) {
            once();
            ++*count;
        }
    });
    while (::wait(nullptr) > 0)
        ;
    return static_cast<double>(*count) / seconds;
}

void answer(FCGX_Request& request) {
    FCGX_PutS("Status: 204 No Content\r\n\r\n", request.out);
    FCGX_Finish_r(&request);
}

void respond(int listener, const std::string& database, const std::string& password_file) {
    std::unique_ptr<sql::Connection> connection;
    std::unique_ptr<sql::PreparedStatement> select;
    if (!database.empty()) {
        connection = connect(database, password_file);
        select.reset(connection->prepareStatement("SELECT n FROM bench_rows WHERE id = ?"));
    }
    FCGX_Request request;
    FCGX_InitRequest(&request, listener, 0);
    while (FCGX_Accept_r(&request) >= 0) {
        if (select) {
            select->setInt(1, 1);
            const std::unique_ptr<sql::ResultSet> rows{select->executeQuery()};
            while (rows->next())
                (void)rows->getInt(1);
        }
        answer(request);
    }
}

/// libfcgi gets the connection that can be read.
void respond_on_kept(int listener) {
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    const auto watch = [&](int fd, std::uint32_t events) {
        epoll_event event{};
        event.events = events;
        event.data.fd = fd;
        ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    };
    watch(listener, EPOLLIN | EPOLLEXCLUSIVE);
    ::fcntl(listener, F_SETFL, O_NONBLOCK);
    FCGX_Request request;
    FCGX_InitRequest(&request, -1, 0);
    for (std::array<epoll_event, 64> events;;) {
        const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < count; ++i) {
            const auto& event = events.at(static_cast<std::size_t>(i));
            if (event.data.fd == listener) {
                const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
                if (fd >= 0) watch(fd, EPOLLIN | EPOLLRDHUP);
            } else if ((event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
                ::close(event.data.fd);
            } else {
                request.ipcFd = event.data.fd;
                request.keepConnection = 1;
                if (FCGX_Accept_r(&request) >= 0) answer(request);
                request.ipcFd = -1;
            }
        }
    }
}

int run(const std::vector<std::string>& words) {
    const auto& what = words.at(0);
    if (what == "responder") {
        FCGX_Init();
        // libfcgi only ends FCGX_Accept_r at a SIGTERM; connections that are kept are waited for elsewhere.
        (void)std::signal(SIGTERM, SIG_DFL);
        const int listener = FCGX_OpenSocket(words.at(1).c_str(), 4096);
        fork_many(std::stoi(words.at(2)), [&](int) {
            if (words.at(3) == "connections-kept") respond_on_kept(listener);
            respond(listener, words.size() > 4 ? words[4] : "", words.size() > 5 ? words[5] : "");
        });
        std::cout << "ready" << std::endl;
        ::pause();
        return 0;
    }
    if (what == "hashes") {
        if (sodium_init() < 0) return 1;
        std::cout << rate_of(std::stoi(words.at(2)), std::stoi(words.at(1)), [](int) {
            csauth::crypto::keep_hash_memory(19'456);
            return [] {
                std::array<char, crypto_pwhash_STRBYTES> text;
                constexpr std::string_view password = "correct horse battery";
                if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), 2, 19'456 * 1024,
                                          crypto_pwhash_ALG_ARGON2ID13) != 0)
                    std::abort();
            };
        }) << '\n';
        return 0;
    }
    if (what == "commits") {
        std::cout << rate_of(std::stoi(words.at(2)), std::stoi(words.at(1)), [&](int number) {
            const std::shared_ptr<sql::Connection> connection = connect(words.at(3), words.at(4));
            const std::shared_ptr<sql::PreparedStatement> update{
                connection->prepareStatement("UPDATE bench_rows SET n = n + 1 WHERE id = ?")};
            update->setInt(1, number + 1);
            return [connection, update] { update->executeUpdate(); };
        }) << '\n';
        return 0;
    }
    return 64;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& e) {
        std::cerr << "floors: " << e.what() << '\n';
        return 64;
    }
}
