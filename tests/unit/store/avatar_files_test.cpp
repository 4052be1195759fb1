#include "store/avatar_files.h"

#include <sys/stat.h>
#include <utime.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "data.h"

using namespace csauth;
namespace fs = std::filesystem;

namespace {

struct Fixture {
    tests::TemporaryDirectory temporary;
    fs::path directory = temporary.path() / "avatars";
    Log log{(temporary.path() / "log").string(), LogLevel::error};
    store::AvatarFiles files{directory, log};

    std::string keep(const std::string& large) {
        const auto name = files.keep({large, "small of " + large});
        BOOST_REQUIRE(!!name);
        return *name;
    }
    fs::path file(const std::string& name, const char* suffix = "-512.webp") {
        return directory / name.substr(0, 2) / (name + suffix);
    }
    void make_old(const fs::path& path) {
        const utimbuf long_ago{1, 1};
        BOOST_REQUIRE(::utime(path.c_str(), &long_ago) == 0);
    }
    void make_old(const std::string& name) {
        make_old(file(name));
        make_old(file(name, "-96.webp"));
    }
    std::size_t sweep(const std::string& in_use = "") {
        std::size_t gone = 0;
        for (unsigned shard = 0; shard < store::AvatarFiles::kShards; ++shard)
            gone += files.sweep(shard, [&](std::string_view name) { return name == in_use; });
        return gone;
    }
    long files_left() {
        return std::count_if(fs::recursive_directory_iterator{directory}, {},
                             [](const auto& entry) { return entry.is_regular_file(); });
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(avatar_files)

BOOST_FIXTURE_TEST_CASE(a_picture_is_kept_by_its_content_and_open_to_nginx, Fixture) {
    const auto name = keep("picture");
    BOOST_TEST(name.size() == 64U);
    BOOST_TEST(keep("picture") == name);
    BOOST_TEST(keep("another") != name);
    for (const char* suffix : {"-512.webp", "-96.webp"}) {
        struct stat status {};
        BOOST_REQUIRE(::stat(file(name, suffix).c_str(), &status) == 0);
        BOOST_TEST((status.st_mode & 07777U) == 0644U);
    }
    BOOST_TEST(fs::file_size(file(name)) == 7U);
    BOOST_TEST(files_left() == 4);  // nothing half done
}

BOOST_FIXTURE_TEST_CASE(one_that_was_kept_a_moment_ago_is_not_removed, Fixture) {
    const auto name = keep("picture");
    files.remove(name);
    BOOST_TEST(fs::exists(file(name)));
    BOOST_TEST(sweep() == 0U);
    BOOST_TEST(files_left() == 2);
    make_old(name);
    keep("picture");  // again
    files.remove(name);
    BOOST_TEST(fs::exists(file(name)));
    make_old(name);
    files.remove(name);
    files.remove(name);
    BOOST_TEST(files_left() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_sweep_takes_orphans_and_what_a_crash_has_left, Fixture) {
    const auto shown = keep("shown");
    const auto orphan = keep("orphan");
    make_old(shown);
    make_old(orphan);
    const fs::path half_done = file(shown).string() + ".new.4711";
    fs::copy_file(file(shown), half_done);
    make_old(half_done);
    BOOST_TEST(sweep(shown) == 3U);
    BOOST_TEST(fs::exists(file(shown)));
    BOOST_TEST(files_left() == 2);
}

BOOST_FIXTURE_TEST_CASE(a_disk_that_takes_nothing_is_a_refusal, Fixture) {
    fs::create_directories(directory);
    fs::path blocked = directory;
    // Whatever name the picture gets, a file stands where its directory should be.
    for (unsigned shard = 0; shard < store::AvatarFiles::kShards; ++shard) {
        std::array<char, 3> name{};
        std::snprintf(name.data(), name.size(), "%02x", shard);
        std::ofstream{directory / name.data()} << "x";
    }
    const auto name = files.keep({"large", "small"});
    BOOST_REQUIRE(!name);
    BOOST_CHECK(name.error().code == ErrorCode::service_unavailable);
}

BOOST_AUTO_TEST_SUITE_END()
