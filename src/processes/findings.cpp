#include "findings.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "base/exit_status.h"
#include "base/unique_fd.h"

namespace csauth {

std::vector<Finding> found_by_child(const std::function<std::vector<Finding>()>& look) {
    const auto fail = [](const char* what) { throw std::system_error(errno, std::generic_category(), what); };
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) fail("pipe");
    const UniqueFd reads{pipe[0]};
    UniqueFd writes{pipe[1]};
    const pid_t pid = ::fork();
    if (pid < 0) fail("fork");
    if (pid == 0) {
        int status = exit_status::kSoftware;
        try {
            std::string all;
            for (const auto& finding : look())
                all.append(1, static_cast<char>(finding.kind)).append(finding.text).append(1, '\0');
            // A write to a pipe may take only a part.
            for (std::string_view rest = all; !rest.empty();) {
                const auto put = ::write(writes.get(), rest.data(), rest.size());
                if (put < 0 && errno != EINTR) ::_exit(status);
                if (put > 0) rest.remove_prefix(static_cast<std::size_t>(put));
            }
            status = 0;
        } catch (const std::exception& e) {
            std::cerr << "csauthd: " << e.what() << std::endl;
        }
        ::_exit(status);
    }
    writes.reset();
    std::string all;
    std::array<char, 4096> part;
    for (ssize_t got = 0; (got = ::read(reads.get(), part.data(), part.size())) != 0;) {
        if (got < 0 && errno != EINTR) fail("reading from a child");
        if (got > 0) all.append(part.data(), static_cast<std::size_t>(got));
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) fail("waiting for a child");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error("the process that checks keys and database has failed");
    std::vector<Finding> findings;
    for (std::size_t at = 0; at < all.size();) {
        const auto end = all.find('\0', at);
        findings.push_back({static_cast<Finding::Kind>(all[at]), all.substr(at + 1, end - at - 1)});
        at = end + 1;
    }
    return findings;
}

}  // namespace csauth
