#include "crypto/key_ring.h"

#include <rapidjson/document.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "base/encoding.h"
#include "crypto/audience_rings.h"
#include "crypto/jws.h"
#include "crypto/key_files.h"
#include "crypto/password_hasher.h"
#include "crypto/sealed_box.h"
#include "data.h"
#include "fakes/random.h"
#include "fakes/world.h"
#include "unit/foundation/crypto/vectors.h"

using namespace csauth;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(key_ring)

BOOST_AUTO_TEST_CASE(a_ring_is_made_once_and_loaded) {
    const tests::TemporaryDirectory directory;
    fakes::Random random;
    const auto path = directory.path() / "access";
    BOOST_TEST(*crypto::create_ring(directory.path(), "access", random));
    BOOST_TEST(!*crypto::create_ring(directory.path(), "access", random));
    const auto ring = crypto::KeyRing::load(path);
    BOOST_REQUIRE(ring);
    BOOST_TEST(ring->active().bytes.bytes().size() == 32U);
    BOOST_TEST(ring->find(ring->active().id) == &ring->active());
    BOOST_TEST(ring->find("other") == nullptr);
    for (const auto& entry : std::filesystem::directory_iterator{path})
        BOOST_CHECK(entry.status().permissions() == std::filesystem::perms::owner_read);
}

BOOST_AUTO_TEST_CASE(a_ring_that_can_not_be_trusted_is_refused) {
    using std::filesystem::perms;
    const auto key32 = base64url(std::string(32, 'k'));
    const struct {
        const char* why;
        const char* file;
        std::string text;
        perms mode;
        const char* active;
    } cases[] = {{"short", "a.key", base64url(std::string(31, 'k')), perms::owner_read, "a"},
                 {"open", "a.key", key32, perms::owner_read | perms::others_read, "a"},
                 {"no base64url", "a.key", "not a key!", perms::owner_read, "a"},
                 {"empty", "a.key", "", perms::owner_read, "a"},
                 {"bad id", "a b.key", key32, perms::owner_read, "a b"},
                 {"another active", "a.key", key32, perms::owner_read, "b"}};
    for (const auto& c : cases) {
        const tests::TemporaryDirectory directory;
        directory.write(c.file, c.text, c.mode);
        directory.write("active", c.active);
        BOOST_TEST(!crypto::KeyRing::load(directory.path()), c.why);
    }
    const tests::TemporaryDirectory directory;
    directory.write("a.key", key32);
    BOOST_TEST(!crypto::KeyRing::load(directory.path()));  // nothing says which one signs
    directory.write("active", "a\n");
    BOOST_TEST(!!crypto::KeyRing::load(directory.path()));
    BOOST_TEST(!crypto::KeyRing::load("/nowhere"));
}

BOOST_AUTO_TEST_CASE(key_file_that_is_no_small_file_is_refused) {
    const auto key32 = base64url(std::string(32, 'k'));
    const tests::TemporaryDirectory directory;
    directory.write("active", "a");
    const auto file = directory.path() / "a.key";
    constexpr std::size_t longest = 4096;
    directory.write("a.key", key32 + '\n' + std::string(2 * longest, 'x'));
    BOOST_TEST(!!crypto::KeyRing::load(directory.path()));  // the first line is what counts
    std::filesystem::remove(file);
    directory.write("a.key", base64url(std::string(3 * longest / 4, 'k')));  // as many characters as fit
    BOOST_TEST(!crypto::KeyRing::load(directory.path()));
    std::filesystem::remove(file);
    directory.write("a.key", base64url(std::string(3 * longest / 4 - 1, 'k')));
    BOOST_TEST(!!crypto::KeyRing::load(directory.path()));
    std::filesystem::remove(file);
    BOOST_REQUIRE(::mkfifo(file.c_str(), 0400) == 0);  // reading it would wait for a writer
    BOOST_TEST(!crypto::KeyRing::load(directory.path()));
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
    BOOST_TEST(!crypto::KeyRing::load(directory.path()));
}

BOOST_AUTO_TEST_CASE(withheld_ring_refuses_every_use) {
    auto ring = crypto::KeyRing::withheld("refresh");
    BOOST_CHECK_EXCEPTION((void)ring.active(), std::logic_error, [](const std::logic_error& e) {
        return std::string{e.what()}.find("refresh") != std::string::npos;
    });
    BOOST_CHECK_THROW((void)ring.find("a"), std::logic_error);
    BOOST_CHECK_THROW((void)ring.find_by_header("a"), std::logic_error);
    BOOST_CHECK_THROW((void)ring.all(), std::logic_error);
    BOOST_CHECK_THROW((void)crypto::sign_jws("{}", ring), std::logic_error);
    const auto token = crypto::sign_jws("{}", fakes::key_ring("a", 'a'));
    BOOST_CHECK_THROW((void)crypto::verify_jws(token, ring), std::logic_error);
    const auto followed = ring.follow();
    BOOST_REQUIRE(!!followed);
    BOOST_TEST(!*followed);

    auto audiences = crypto::AudienceRings::withheld();
    BOOST_CHECK_THROW((void)audiences.find("billing"), std::logic_error);
    BOOST_CHECK_THROW((void)audiences.all(), std::logic_error);
    BOOST_TEST(!*audiences.follow());
    BOOST_TEST(crypto::AudienceRings{}.find("billing") == nullptr);  // none is not the same as withheld
}

BOOST_AUTO_TEST_CASE(keys_are_added_activated_and_retired) {
    const tests::TemporaryDirectory directory;
    fakes::Random random;
    const auto& top = directory.path();
    BOOST_REQUIRE(*crypto::create_ring(top, "audiences/billing", random));
    const auto first = crypto::key_files(top, "audiences/billing")->at(0);
    BOOST_TEST(first.is_active);
    const auto added = crypto::add_key(top, "audiences/billing", random);
    BOOST_REQUIRE(!!added);
    BOOST_TEST(!*crypto::retire_key(top, "audiences/billing", first.id));  // it signs
    BOOST_TEST(!*crypto::activate_key(top, "audiences/billing", "none"));
    BOOST_TEST(!*crypto::activate_key(top, "audiences/billing", "../x"));
    BOOST_TEST(*crypto::activate_key(top, "audiences/billing", added->id));
    BOOST_TEST(*crypto::retire_key(top, "audiences/billing", first.id));
    BOOST_TEST(!*crypto::retire_key(top, "audiences/billing", first.id));
    const auto left = crypto::key_files(top, "audiences/billing");
    BOOST_REQUIRE(left->size() == 1U);
    BOOST_TEST(left->at(0).id == added->id);
    BOOST_TEST(left->at(0).is_active);
    BOOST_CHECK_THROW((void)crypto::add_key(top, "none", random), std::system_error);
}

BOOST_AUTO_TEST_CASE(ring_behind_a_link_is_refused_and_left_alone) {
    const tests::TemporaryDirectory directory;
    const tests::TemporaryDirectory elsewhere;
    fakes::Random random;
    const auto top = directory.path() / "keys";
    std::filesystem::create_directories(top);
    if (::geteuid() == 0) BOOST_REQUIRE(::chown(top.c_str(), 65534, 65534) == 0);
    std::filesystem::create_directory_symlink(elsewhere.path(), top / "access");
    std::filesystem::create_directory_symlink(elsewhere.path(), top / "audiences");
    for (const std::string ring : {"access", "audiences/billing"}) {
        const auto made = crypto::create_ring(top, ring, random);
        BOOST_REQUIRE(!made);
        BOOST_TEST(made.error().find((top / ring.substr(0, ring.find('/'))).string()) != std::string::npos);
        BOOST_TEST(!crypto::key_files(top, ring));
        BOOST_TEST(!crypto::add_key(top, ring, random));
        BOOST_TEST(!crypto::activate_key(top, ring, "a"));
        BOOST_TEST(!crypto::retire_key(top, ring, "a"));
    }
    BOOST_TEST(std::filesystem::is_empty(elsewhere.path()));
    struct stat status {};
    BOOST_REQUIRE(::stat(elsewhere.path().c_str(), &status) == 0);
    BOOST_TEST(status.st_uid == ::geteuid());  // it was not given away
}

BOOST_AUTO_TEST_CASE(links_in_a_ring_are_not_followed) {
    const tests::TemporaryDirectory directory;
    const tests::TemporaryDirectory elsewhere;
    fakes::Random random;
    const auto& top = directory.path();
    BOOST_REQUIRE(*crypto::create_ring(top, "access", random));
    const auto victim = elsewhere.write("victim", "untouched\n");
    const auto id = crypto::key_files(top, "access")->at(0).id;
    std::filesystem::create_symlink(victim, top / "access" / "active.new");
    std::filesystem::create_symlink(victim, top / "access" / "planted.key");
    BOOST_TEST(*crypto::activate_key(top, "access", id));  // the link made room
    BOOST_TEST(!*crypto::activate_key(top, "access", "planted"));
    BOOST_TEST(!*crypto::retire_key(top, "access", "planted"));
    std::filesystem::remove(top / "access" / "active");
    std::filesystem::create_symlink(victim, top / "access" / "active");
    const auto made = crypto::create_ring(top, "access", random);
    BOOST_REQUIRE(!made);
    BOOST_TEST(made.error().find("active is a symbolic link") != std::string::npos);
    BOOST_TEST(!crypto::retire_key(top, "access", id));
    BOOST_TEST(tests::content(victim) == "untouched\n");
}

BOOST_AUTO_TEST_CASE(what_root_makes_belongs_to_the_owner_of_keys_dir) {
    if (::geteuid() != 0) return;  // nobody else can give files away
    const tests::TemporaryDirectory directory;
    fakes::Random random;
    constexpr uid_t service = 65534;
    BOOST_REQUIRE(::chown(directory.path().c_str(), service, service) == 0);
    BOOST_REQUIRE(*crypto::create_ring(directory.path(), "audiences/billing", random));
    for (const auto& entry : std::filesystem::recursive_directory_iterator{directory.path()}) {
        struct stat status {};
        BOOST_REQUIRE(::stat(entry.path().c_str(), &status) == 0);
        BOOST_TEST(status.st_uid == service, entry.path());
    }
}

BOOST_AUTO_TEST_SUITE_END()
