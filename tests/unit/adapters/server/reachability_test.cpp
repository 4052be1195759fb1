#include "server/reachability.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>
#include <cstring>

#include "data.h"
#include "server/cgi.h"
#include "server/listeners.h"

using namespace csauth;

BOOST_AUTO_TEST_SUITE(reachability)

/// A socket in a directory that everybody may search, and a user that is neither its owner nor in its group.
struct Socket {
    tests::TemporaryDirectory directory;
    std::string path = (directory.path() / "api.sock").string();
    server::Listeners listeners = server::open_listeners(directory.path().string(), "", {{"api", 1}});
    server::Identity stranger{"nginx", 54321, {54321}};

    Socket() {
        BOOST_REQUIRE(::chmod(directory.path().c_str(), 0755) == 0);
        BOOST_REQUIRE(::chmod(path.c_str(), 0666) == 0);
    }
    std::string reason() const { return server::why_unreachable(path, stranger).value_or(""); }
    void set_modes(mode_t of_directory, mode_t of_socket) const {
        BOOST_REQUIRE(::chmod(directory.path().c_str(), of_directory) == 0);
        BOOST_REQUIRE(::chmod(path.c_str(), of_socket) == 0);
    }
};

BOOST_FIXTURE_TEST_CASE(socket_with_rights_for_others_is_reachable, Socket) { BOOST_TEST(reason() == ""); }

BOOST_FIXTURE_TEST_CASE(directory_without_search_right_is_named, Socket) {
    set_modes(0754, 0666);
    BOOST_TEST(reason().starts_with("nginx can't search the directory " + directory.path().string() + " ("));
    BOOST_TEST(reason().find("mode 0754") != std::string::npos);
    BOOST_TEST(reason().find("chmod o+x " + directory.path().string()) != std::string::npos);
    set_modes(0755, 0666);
    BOOST_TEST(reason() == "");
}

BOOST_FIXTURE_TEST_CASE(socket_without_write_right_is_named, Socket) {
    set_modes(0755, 0664);
    BOOST_TEST(reason().starts_with("nginx can't connect to the socket " + path + " ("));
    BOOST_TEST(reason().find("server.socket_group") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(group_decides_before_others, Socket) {
    stranger.groups.push_back(::getegid());
    set_modes(0710, 0660);
    BOOST_TEST(reason() == "");
    set_modes(0705, 0660);
    BOOST_TEST(reason().starts_with("nginx can't search"));
    set_modes(0755, 0606);
    BOOST_TEST(reason().starts_with("nginx can't connect"));
}

BOOST_FIXTURE_TEST_CASE(owner_decides_before_group_and_others, Socket) {
    stranger = {"owner", ::geteuid() == 0 ? 54322 : ::geteuid(), {::getegid()}};
    if (::geteuid() == 0) {
        BOOST_REQUIRE(::chown(path.c_str(), stranger.uid, static_cast<gid_t>(-1)) == 0);
    }
    set_modes(0755, 0600);
    BOOST_TEST(reason() == "");
    set_modes(0755, 0066);
    BOOST_TEST(reason().starts_with("owner can't connect"));
}

BOOST_FIXTURE_TEST_CASE(root_reaches_every_socket, Socket) {
    stranger = {"root", 0, {0}};
    set_modes(0700, 0600);
    BOOST_TEST(reason() == "");
}

BOOST_FIXTURE_TEST_CASE(missing_socket_is_not_judged, Socket) {
    path = (directory.path() / "none.sock").string();
    BOOST_TEST(reason() == "");
    path = (directory.path() / "none" / "api.sock").string();
    BOOST_TEST(reason() == "");
}

BOOST_FIXTURE_TEST_CASE(missing_socket_in_closed_directory_is_judged, Socket) {
    set_modes(0700, 0666);
    path = (directory.path() / "none.sock").string();
    BOOST_TEST(reason().starts_with("nginx can't search"));
}

BOOST_FIXTURE_TEST_CASE(path_of_open_socket_is_the_bound_one, Socket) {
    BOOST_TEST(server::path_of_socket(listeners.at("api").fd.get()) == path);
    const UniqueFd unbound{::socket(AF_UNIX, SOCK_STREAM, 0)};
    BOOST_TEST(server::path_of_socket(unbound.get()) == "");
    BOOST_TEST(server::path_of_socket(-1) == "");
}

BOOST_AUTO_TEST_CASE(identity_has_every_group_of_its_user) {
    BOOST_CHECK(!server::identity_of("no-such-user-here"));
    const auto root = server::identity_of("root");
    BOOST_REQUIRE(root);
    BOOST_TEST(root->uid == 0U);
    BOOST_TEST(!root->groups.empty());
    BOOST_TEST(root->groups.front() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
