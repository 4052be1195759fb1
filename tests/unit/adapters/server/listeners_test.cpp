#include "server/listeners.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <filesystem>

#include "data.h"
#include "server/cgi.h"

using namespace csauth;

BOOST_AUTO_TEST_SUITE(listeners)

BOOST_AUTO_TEST_CASE(sockets_are_for_owner_and_group_and_a_stale_one_is_replaced) {
    const tests::TemporaryDirectory directory;
    const auto run = directory.path().string();
    for (int i = 0; i < 2; ++i) {
        const auto sockets = server::open_listeners(run, "", {{"api", 16}});
        BOOST_TEST(sockets.at("api").fd.get() >= 0);
        using std::filesystem::perms;
        BOOST_CHECK(std::filesystem::status(run + "/api.sock").permissions() ==
                    (perms::owner_read | perms::owner_write | perms::group_read | perms::group_write));
    }
    BOOST_CHECK_THROW(server::open_listeners(run, "no-such-group", {{"api", 16}}), std::runtime_error);
    BOOST_CHECK_THROW(server::open_listeners(run + std::string(200, 'x'), "", {{"api", 16}}), std::exception);
}

BOOST_AUTO_TEST_CASE(a_second_lock_is_refused) {
    const tests::TemporaryDirectory directory;
    auto lock = server::lock_run_dir(directory.path().string());
    BOOST_CHECK_THROW(server::lock_run_dir(directory.path().string()), std::runtime_error);
    lock.reset();
    BOOST_TEST(!!server::lock_run_dir(directory.path().string()));
}

BOOST_AUTO_TEST_CASE(lock_behind_a_link_is_refused) {
    const tests::TemporaryDirectory directory;
    const auto victim = directory.path() / "victim";
    std::filesystem::create_symlink(victim, directory.path() / "csauthd.lock");
    BOOST_CHECK_THROW(server::lock_run_dir(directory.path().string()), std::runtime_error);
    BOOST_TEST(!std::filesystem::exists(victim));
}

BOOST_AUTO_TEST_CASE(pid_file_replaces_a_link_and_leaves_its_target) {
    const tests::TemporaryDirectory directory;
    const auto run = directory.path().string();
    const auto victim = directory.write("victim", "untouched");
    std::filesystem::create_symlink(victim, run + "/csauthd.pid");
    for (int i = 0; i < 2; ++i) {  // the second replaces what a killed master has left
        server::write_pid_file(run);
        BOOST_TEST(!std::filesystem::is_symlink(run + "/csauthd.pid"));
        BOOST_TEST(tests::content(run + "/csauthd.pid") == std::to_string(::getpid()) + '\n');
    }
    BOOST_TEST(tests::content(victim) == "untouched");
    server::remove_pid_file(run);
    BOOST_TEST(!std::filesystem::exists(run + "/csauthd.pid"));
    BOOST_CHECK_THROW(server::write_pid_file(run + "/none"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
