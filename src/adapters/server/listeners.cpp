#include "server/listeners.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "base/files.h"

namespace csauth::server {
namespace {

constexpr int kFirstInheritedFd = 3;  // sd_listen_fds(3)
constexpr const char* kPidFile = "csauthd.pid";

std::string pid_file_in(const std::string& run_dir) { return run_dir + '/' + kPidFile; }

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// Returns the number in an environment variable, or -1 if it is not a number.
int number_in(std::string_view text) {
    int number = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? number : -1;
}

Listeners inherited() {
    Listeners sockets;
    const char* pid = std::getenv("LISTEN_PID");
    const char* count = std::getenv("LISTEN_FDS");
    const char* names = std::getenv("LISTEN_FDNAMES");
    if (pid != nullptr && count != nullptr && number_in(pid) == ::getpid()) {
        std::string rest = names == nullptr ? "" : names;
        for (int i = 0; i < number_in(count); ++i) {
            const auto colon = rest.find(':');
            const std::string name = rest.substr(0, colon);
            rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
            UniqueFd fd{kFirstInheritedFd + i};
            ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
            ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
            sockets.emplace(name, Listener{std::move(fd), true});
        }
    }
    for (const char* variable : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"})
        ::unsetenv(variable);
    return sockets;
}

UniqueFd listen_at(const std::string& path, const std::string& group, int backlog) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        throw std::runtime_error("the socket path " + path + " is longer than " +
                                 std::to_string(sizeof address.sun_path - 1) +
                                 " bytes: choose a shorter server.run_dir");
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);

    UniqueFd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!fd) fail("socket");
    ::unlink(path.c_str());  // left by a killed master; nobody listens there, because we hold the lock
    const mode_t before = ::umask(0117);
    const int bound = ::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::umask(before);
    if (bound != 0) fail("binding " + path);
    if (!group.empty()) {
        const struct group* entry = ::getgrnam(group.c_str());
        if (entry == nullptr)
            throw std::runtime_error("there is no group " + group + " (server.socket_group)");
        // The service may write to run_dir, so a link may have taken the socket's place.
        if (::lchown(path.c_str(), static_cast<uid_t>(-1), entry->gr_gid) != 0)
            fail("giving " + path + " to group " + group);
    }
    if (::listen(fd.get(), backlog) != 0) fail("listening at " + path);
    return fd;
}

}  // namespace

UniqueFd lock_run_dir(const std::string& run_dir) {
    constexpr mode_t directory_mode = 0755;  // nginx goes through it to the sockets
    const auto directory = make_directories(run_dir, directory_mode);
    if (!directory) throw std::runtime_error(directory.error().text);
    const std::string name = "csauthd.lock";
    auto file = open_inside(directory->get(), name, O_RDWR | O_CREAT, 0600, run_dir + '/' + name);
    if (!file) throw std::runtime_error(file.error().text);
    if (::flock(file->get(), LOCK_EX | LOCK_NB) != 0)
        throw std::runtime_error("another csauthd runs in " + run_dir + " already");
    return std::move(*file);
}

void write_pid_file(const std::string& run_dir) {
    const auto directory = open_directory(run_dir);
    if (!directory) throw std::runtime_error(directory.error().text);
    const std::string shown = pid_file_in(run_dir);
    // A killed master may have left a file. If it is a link, the link is removed and not followed.
    ::unlinkat(directory->get(), kPidFile, 0);
    const auto file = open_inside(directory->get(), kPidFile, O_WRONLY | O_CREAT | O_EXCL, 0644, shown);
    if (!file) throw std::runtime_error(file.error().text);
    const std::string text = std::to_string(::getpid()) + '\n';
    if (::write(file->get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        fail("writing " + shown);
}

void remove_pid_file(const std::string& run_dir) { ::unlink(pid_file_in(run_dir).c_str()); }

Listeners open_listeners(const std::string& run_dir, const std::string& group,
                         const std::vector<ListenerSpec>& specs) {
    auto sockets = inherited();
    for (const auto& spec : specs)
        if (!sockets.contains(spec.name))
            sockets.emplace(spec.name,
                            Listener{listen_at(run_dir + "/" + spec.name + ".sock", group, spec.backlog)});
    return sockets;
}

}  // namespace csauth::server
