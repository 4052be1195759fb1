#include "base/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <climits>
#include <deque>
#include <memory>
#include <string_view>
#include <system_error>

namespace csauth {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kMostLinks = 40;  // the kernel's own limit (path_resolution(7))
constexpr int kStep = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

FileProblem problem(int code, const fs::path& path) {
    return {code, path.string() + ": " + std::generic_category().message(code)};
}

FileProblem planted(const fs::path& link) {
    return {ELOOP,
            link.string() +
                " is a symbolic link in a place that others than root may write to. It is not followed: "
                "remove it, or give it to root"};
}

bool is_link(int parent, const std::string& name) {
    struct stat status {};
    return ::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
}

/// Walks a path one component at a time, and checks the owner of every link before it follows the link. Each
/// step starts at an open directory, so nobody can replace a component after the check.
class Walk {
public:
    explicit Walk(const fs::path& path) : is_empty_{path.empty()} { go_to(path); }

    Result<UniqueFd, FileProblem> open(int flags, mode_t mode) {
        if (is_empty_) return problem(ENOENT, shown_);
        for (;;) {
            if (!at_) return problem(errno, shown_);
            if (rest_.empty()) return opened(".", flags, mode);
            const std::string name = next();
            if (!rest_.empty()) {
                if (auto stepped = step(name); !stepped) return stepped.error();
                continue;
            }
            auto file = opened(name, flags, mode);
            if (file || !is_link(at_.get(), name)) return file;
            if (auto followed = follow(name); !followed) return followed.error();
        }
    }

    Result<UniqueFd, FileProblem> make(mode_t mode) {
        if (is_empty_) return problem(ENOENT, shown_);
        while (at_ && !rest_.empty()) {
            const std::string name = next();
            if (::mkdirat(at_.get(), name.c_str(), mode) != 0 && errno != EEXIST)
                return problem(errno, shown_ / name);
            if (auto stepped = step(name); !stepped) return stepped.error();
        }
        if (!at_) return problem(errno, shown_);
        return opened(".", O_RDONLY | O_DIRECTORY, 0);
    }

private:
    /// Puts the components of `path` before the ones that are left to walk. An absolute path starts at "/".
    void go_to(const fs::path& path) {
        if (path.is_absolute() || !at_) {
            shown_ = path.is_absolute() ? "/" : "";
            at_.reset(::open(path.is_absolute() ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
        }
        const fs::path relative = path.relative_path();
        std::deque<std::string> names;
        for (const auto& part : relative)
            if (!part.empty() && part != ".") names.push_back(part.string());
        rest_.insert(rest_.begin(), names.begin(), names.end());
    }

    std::string next() {
        std::string name = std::move(rest_.front());
        rest_.pop_front();
        return name;
    }

    Result<UniqueFd, FileProblem> opened(const std::string& name, int flags, mode_t mode) {
        UniqueFd file{::openat(at_.get(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode)};
        if (!file) return problem(errno, name == "." ? shown_ : shown_ / name);
        return file;
    }

    Result<void, FileProblem> step(const std::string& name) {
        UniqueFd directory{::openat(at_.get(), name.c_str(), kStep)};
        const int code = errno;
        if (!directory && is_link(at_.get(), name)) return follow(name);
        if (!directory) return problem(code, shown_ / name);
        at_ = std::move(directory);
        shown_ /= name;
        return {};
    }

    Result<void, FileProblem> follow(const std::string& name) {
        const UniqueFd link{::openat(at_.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};
        struct stat status {};
        if (!link || ::fstat(link.get(), &status) != 0) return problem(errno, shown_ / name);
        if (status.st_uid != 0) return planted(shown_ / name);
        if (++links_ > kMostLinks) return problem(ELOOP, shown_ / name);
        std::string target(PATH_MAX, '\0');
        const auto size = ::readlinkat(link.get(), "", target.data(), target.size());
        if (size < 0) return problem(errno, shown_ / name);
        target.resize(static_cast<std::size_t>(size));
        go_to(target);
        return {};
    }

    bool is_empty_;
    UniqueFd at_;
    fs::path shown_;
    std::deque<std::string> rest_;
    unsigned links_ = 0;
};

}  // namespace

Result<UniqueFd, FileProblem> open_file(const fs::path& path, int flags, mode_t mode) {
    if (::geteuid() == 0) return Walk{path}.open(flags, mode);
    UniqueFd file{::open(path.c_str(), flags | O_CLOEXEC, mode)};
    if (!file) return problem(errno, path);
    return file;
}

Result<UniqueFd, FileProblem> open_directory(const fs::path& path) {
    return open_file(path, O_RDONLY | O_DIRECTORY);
}

Result<UniqueFd, FileProblem> make_directories(const fs::path& path, mode_t mode) {
    if (::geteuid() == 0) return Walk{path}.make(mode);
    fs::path made;
    for (const auto& part : path) {
        made /= part;
        if (::mkdir(made.c_str(), mode) != 0 && errno != EEXIST && ::access(made.c_str(), F_OK) != 0)
            return problem(errno, made);
    }
    return open_directory(path);
}

Result<UniqueFd, FileProblem> open_inside(int parent, const std::string& name, int flags, mode_t mode,
                                          const fs::path& shown) {
    UniqueFd file{::openat(parent, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode)};
    if (file) return file;
    const int code = errno;
    if (is_link(parent, name))
        return FileProblem{ELOOP, shown.string() + " is a symbolic link, which is never followed: remove it"};
    return problem(code, shown);
}

std::vector<std::string> names_in(int directory) {
    const auto fail = [] { throw std::system_error(errno, std::generic_category(), "reading a directory"); };
    // A descriptor of its own: closedir() closes it, and reading moves its position.
    UniqueFd own{::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!own) fail();
    const std::unique_ptr<DIR, int (*)(DIR*)> stream{::fdopendir(own.get()), ::closedir};
    if (!stream) fail();
    own.release();
    std::vector<std::string> names;
    for (;;) {
        errno = 0;
        const dirent* const entry = ::readdir(stream.get());
        if (entry == nullptr && errno != 0) fail();
        if (entry == nullptr) return names;
        const std::string_view name{&entry->d_name[0]};
        if (name != "." && name != "..") names.emplace_back(name);
    }
}

}  // namespace csauth
