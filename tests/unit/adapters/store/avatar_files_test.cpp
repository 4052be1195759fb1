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
            if (const auto swept = files.sweep(shard, [&](std::string_view name) { return name == in_use; }))
                gone += *swept;
            else
                refused.push_back(swept.error());
        return gone;
    }
    std::vector<std::string> refused;
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

BOOST_FIXTURE_TEST_CASE(sweep_of_a_linked_shard_is_refused_and_deletes_nothing, Fixture) {
    const tests::TemporaryDirectory elsewhere;
    fs::create_directories(directory);
    const std::string name(64, 'a');
    for (const auto& file : {name + "-512.webp", std::string{"passwd"}})
        make_old(fs::path{elsewhere.write(file, "not ours")});
    fs::create_directory(elsewhere.path() / "directory");
    fs::create_directory_symlink(elsewhere.path(), directory / "aa");
    BOOST_TEST(sweep() == 0U);
    BOOST_REQUIRE(refused.size() == 1U);
    BOOST_TEST(refused[0].starts_with((directory / "aa").string() + " is a symbolic link"));
    files.remove(name);
    BOOST_TEST(fs::exists(elsewhere.path() / (name + "-512.webp")));
    BOOST_TEST(fs::exists(elsewhere.path() / "passwd"));
    BOOST_TEST(fs::is_directory(elsewhere.path() / "directory"));
    BOOST_TEST(std::distance(fs::directory_iterator{elsewhere.path()}, {}) == 3);
}

BOOST_FIXTURE_TEST_CASE(sweep_of_a_planted_directory_is_refused_to_root, Fixture) {
    if (::geteuid() != 0) return;  // the rule is for root
    const tests::TemporaryDirectory elsewhere;
    const std::string name(64, 'a');
    make_old(fs::path{elsewhere.write("aa/" + name + "-512.webp", "not ours")});
    fs::create_directory_symlink(elsewhere.path(), directory);
    BOOST_REQUIRE(::lchown(directory.c_str(), 65534, 65534) == 0);
    BOOST_TEST(sweep() == 0U);
    BOOST_TEST(refused.size() == store::AvatarFiles::kShards);
    BOOST_TEST(fs::exists(elsewhere.path() / "aa" / (name + "-512.webp")));
}

BOOST_FIXTURE_TEST_CASE(sweep_touches_nothing_but_its_own_files, Fixture) {
    const auto orphan = keep("orphan");
    make_old(orphan);
    const fs::path shard = file(orphan).parent_path();
    const std::string other(64, 'b');
    fs::create_directory(shard / "directory");
    fs::create_directory(shard / (other + "-512.webp"));
    fs::create_symlink("/etc/hostname", shard / (other + "-96.webp"));
    for (const char* name : {"README", "x.gone.1", "x.new.1"}) {
        std::ofstream{shard / name} << "x";
        make_old(shard / name);
    }
    for (const auto& name : {orphan + "-512.webp.new.", orphan + "-512.webp.gone.1x", orphan + ".webp",
                             std::string(64, 'Z') + "-512.webp"}) {
        std::ofstream{shard / name} << "x";
        make_old(shard / name);
    }
    BOOST_TEST(sweep() == 2U);
    BOOST_TEST(std::distance(fs::directory_iterator{shard}, {}) == 10);
    BOOST_TEST(fs::is_directory(shard / "directory"));
    BOOST_TEST(fs::is_directory(shard / (other + "-512.webp")));
    BOOST_TEST(fs::is_symlink(shard / (other + "-96.webp")));
}

BOOST_FIXTURE_TEST_CASE(interrupted_removal_is_ended_by_the_next_sweep, Fixture) {
    const auto shown = keep("shown");
    const auto orphan = keep("orphan");
    const auto young = keep("young");
    make_old(shown);
    make_old(orphan);
    for (const auto& name : {shown, orphan, young})
        for (const char* suffix : {"-512.webp", "-96.webp"})
            fs::rename(file(name, suffix), file(name, suffix).string() + ".gone.4711");
    BOOST_TEST(sweep(shown) == 2U);
    BOOST_TEST(fs::exists(file(shown)));
    BOOST_TEST(fs::exists(file(young, "-96.webp")));
    BOOST_TEST(!fs::exists(file(orphan)));
    BOOST_TEST(files_left() == 4);
    make_old(young);
    BOOST_TEST(sweep(shown) == 2U);
    BOOST_TEST(files_left() == 2);
}

BOOST_FIXTURE_TEST_CASE(picture_behind_a_link_is_not_kept, Fixture) {
    const tests::TemporaryDirectory elsewhere;
    fs::create_directories(directory);
    for (unsigned shard = 0; shard < store::AvatarFiles::kShards; ++shard) {
        std::array<char, 3> name{};
        std::snprintf(name.data(), name.size(), "%02x", shard);
        fs::create_directory_symlink(elsewhere.path(), directory / name.data());
    }
    BOOST_TEST(!files.keep({"large", "small"}));
    BOOST_TEST(fs::is_empty(elsewhere.path()));
}

BOOST_FIXTURE_TEST_CASE(a_disk_that_takes_nothing_is_a_refusal, Fixture) {
    fs::create_directories(directory);
    fs::path blocked = directory;
    // Whatever name the picture gets, a file is where its directory should be.
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
