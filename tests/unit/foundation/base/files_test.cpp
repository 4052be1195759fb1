#include "base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>

#include "data.h"

using namespace csauth;
namespace fs = std::filesystem;

namespace {

constexpr uid_t kNobody = 65534;

struct Fixture {
    tests::TemporaryDirectory temporary;
    fs::path directory = temporary.path();
    fs::path target = directory / "target";

    Fixture() {
        fs::create_directory(target);
        fs::permissions(directory, fs::perms::all);
        fs::permissions(target, fs::perms::all);
        temporary.write("target/file", "content", fs::perms::owner_read | fs::perms::others_read);
    }
    fs::path link(const std::string& name, const fs::path& to, uid_t owner = 0) const {
        const fs::path link = directory / name;
        fs::create_symlink(to, link);
        if (::geteuid() == 0) BOOST_REQUIRE(::lchown(link.c_str(), owner, owner) == 0);
        return link;
    }
    static int code_of(const Result<UniqueFd, FileProblem>& result) {
        return result ? 0 : result.error().code;
    }
};

/// Runs this in a process of another user than root, and returns what it returned.
int as_nobody(const std::function<int()>& run) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        if (::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) ::_exit(255);
        ::_exit(run());
    }
    int status = 0;
    BOOST_REQUIRE(::waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool is_root() { return ::geteuid() == 0; }

}  // namespace

BOOST_AUTO_TEST_SUITE(files)

BOOST_FIXTURE_TEST_CASE(open_file_plain_path_opens, Fixture) {
    BOOST_TEST(code_of(open_file(target / "file", O_RDONLY)) == 0);
    BOOST_TEST(code_of(open_file(directory / "." / "target" / ".." / "target" / "file", O_RDONLY)) == 0);
    BOOST_TEST(code_of(open_directory(target)) == 0);
    BOOST_TEST(code_of(open_directory("/")) == 0);
    BOOST_TEST(code_of(open_directory(".")) == 0);
    BOOST_TEST(code_of(open_file("tests/data.h", O_RDONLY)) == 0);
    const auto made = open_file(target / "new", O_WRONLY | O_CREAT, 0600);
    BOOST_REQUIRE(!!made);
    BOOST_TEST((::fcntl(made->get(), F_GETFD) & FD_CLOEXEC) != 0);
}

BOOST_FIXTURE_TEST_CASE(open_file_missing_path_says_which, Fixture) {
    for (const fs::path& path : {target / "none", directory / "none" / "file", fs::path{}}) {
        const auto opened = open_file(path, O_RDONLY);
        BOOST_REQUIRE(!opened);
        BOOST_TEST(opened.error().code == ENOENT);
        BOOST_TEST(opened.error().text.starts_with(path.string().substr(0, 10)));
    }
    BOOST_TEST(code_of(open_directory(target / "file")) == ENOTDIR);
    BOOST_TEST(code_of(open_file(target / "file" / "x", O_RDONLY)) == ENOTDIR);
}

BOOST_FIXTURE_TEST_CASE(open_file_link_of_root_is_followed, Fixture) {
    link("to_directory", target);
    link("to_link", "to_directory");
    link("to_file", "target/file");
    link("to_new", "target/new");
    BOOST_TEST(code_of(open_file(directory / "to_directory" / "file", O_RDONLY)) == 0);
    BOOST_TEST(code_of(open_file(directory / "to_link" / "file", O_RDONLY)) == 0);
    BOOST_TEST(code_of(open_file(directory / "to_file", O_RDONLY)) == 0);
    BOOST_TEST(code_of(open_directory(directory / "to_link")) == 0);
    BOOST_TEST(code_of(open_file(directory / "to_new", O_WRONLY | O_CREAT, 0600)) == 0);
    BOOST_TEST(fs::exists(target / "new"));
    BOOST_TEST(code_of(make_directories(directory / "to_link" / "a" / "b", 0755)) == 0);
    BOOST_TEST(fs::is_directory(target / "a" / "b"));
}

BOOST_FIXTURE_TEST_CASE(open_file_circle_of_links_ends, Fixture) {
    link("one", "two");
    link("two", "one");
    BOOST_TEST(code_of(open_file(directory / "one" / "file", O_RDONLY)) == ELOOP);
    BOOST_TEST(code_of(open_file(directory / "one", O_RDONLY)) == ELOOP);
}

BOOST_FIXTURE_TEST_CASE(open_file_link_of_other_user_is_refused, Fixture) {
    if (!is_root()) return;  // the rule is for root
    const auto to_directory = link("to_directory", target, kNobody);
    const auto to_file = link("to_file", target / "file", kNobody);
    const auto to_new = link("to_new", target / "new", kNobody);
    link("of_root", "to_directory");
    BOOST_TEST(code_of(open_file(to_directory / "file", O_RDONLY)) == ELOOP);
    BOOST_TEST(code_of(open_directory(to_directory)) == ELOOP);
    BOOST_TEST(code_of(open_directory(directory / "of_root")) == ELOOP);
    BOOST_TEST(code_of(open_file(to_new, O_WRONLY | O_CREAT, 0600)) == ELOOP);
    BOOST_TEST(!fs::exists(target / "new"));
    BOOST_TEST(code_of(make_directories(to_directory / "a", 0755)) == ELOOP);
    BOOST_TEST(!fs::exists(target / "a"));
    const auto refused = open_file(to_file, O_WRONLY | O_TRUNC);
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().text.starts_with(to_file.string() + " is a symbolic link"));
    BOOST_TEST(fs::file_size(target / "file") == 7U);
}

BOOST_FIXTURE_TEST_CASE(open_file_by_other_user_follows_every_link, Fixture) {
    link("to_directory", target, kNobody);
    const int code = as_nobody([&] {
        if (!open_file(directory / "to_directory" / "file", O_RDONLY)) return 1;
        if (!make_directories(directory / "to_directory" / "a" / "b", 0755)) return 2;
        return open_file(directory / "none", O_RDONLY) ? 3 : 0;
    });
    BOOST_TEST(code == 0);
    BOOST_TEST(fs::is_directory(target / "a" / "b"));
}

BOOST_FIXTURE_TEST_CASE(open_inside_link_is_refused_to_every_user, Fixture) {
    link("to_directory", target);
    link("to_file", target / "file");
    const auto attempt = [&] {
        const auto parent = open_directory(directory);
        if (!parent) return 1;
        for (const auto& [name, flags] :
             {std::pair{"to_directory", O_RDONLY | O_DIRECTORY}, std::pair{"to_file", O_RDONLY},
              std::pair{"to_file", O_WRONLY | O_CREAT}, std::pair{"to_file", O_WRONLY | O_CREAT | O_EXCL}}) {
            const auto opened = open_inside(parent->get(), name, flags, 0600, directory / name);
            if (opened || opened.error().code != ELOOP) return 2;
            if (opened.error().text.find((directory / name).string()) == std::string::npos) return 3;
        }
        return open_inside(parent->get(), "target", O_RDONLY | O_DIRECTORY, 0, directory / "target") ? 0 : 4;
    };
    BOOST_TEST(attempt() == 0);
    BOOST_TEST(as_nobody(attempt) == 0);
}

BOOST_FIXTURE_TEST_CASE(names_in_directory_are_listed_twice_alike, Fixture) {
    link("a", target);
    const auto parent = open_directory(directory);
    BOOST_REQUIRE(!!parent);
    for (int time = 0; time < 2; ++time) {
        auto names = names_in(parent->get());
        std::sort(names.begin(), names.end());
        BOOST_TEST(names == (std::vector<std::string>{"a", "target"}), boost::test_tools::per_element());
    }
    const auto file = open_file(target / "file", O_RDONLY);
    BOOST_REQUIRE(!!file);
    BOOST_CHECK_THROW((void)names_in(file->get()), std::system_error);
}

BOOST_AUTO_TEST_SUITE_END()
