#include "key_rings.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "crypto/key_files.h"
#include "data.h"
#include "fakes/random.h"

using namespace csauth;

namespace {

/// The names of rings as docs/operate/keys.md has them, in the order of Ring.
const std::vector<std::string> kColumns{"access", "refresh", "site", "device", "seal", "audit", "audiences"};

/// Rings on disk, a key each.
struct Fixture {
    tests::TemporaryDirectory directory;
    fakes::Random random;
    Config config;
    Log log{(directory.path() / "log").string(), LogLevel::info};

    Fixture() {
        config.keys.dir = directory.path() / "keys";
        for (const char* ring : kKeyRingNames)
            BOOST_REQUIRE(!!crypto::create_ring(config.keys.dir, ring, random));
        BOOST_REQUIRE(!!crypto::create_ring(config.keys.dir, "audiences/billing", random));
    }
};

/// Which rings can be used.
std::vector<std::string> held(const KeyRings& rings) {
    std::vector<std::string> names;
    const crypto::KeyRing* const all[] = {&rings.access, &rings.refresh, &rings.site,
                                          &rings.device, &rings.seal,    &rings.audit};
    for (std::size_t i = 0; i < std::size(all); ++i)
        try {
            (void)all[i]->active();
            names.push_back(kColumns[i]);
        } catch (const std::logic_error&) {}
    try {
        if (rings.audiences.find("billing") != nullptr) names.push_back(kColumns.back());
    } catch (const std::logic_error&) {}
    return names;
}

std::vector<std::string> declared(const RingSet& rings) {
    std::vector<std::string> names;
    for (unsigned i = 0; i < kColumns.size(); ++i)
        if (rings.contains(static_cast<Ring>(i))) names.push_back(kColumns[i]);
    return names;
}

/// The rows of the table in the document that begins with "| process |", by process.
std::vector<std::pair<std::string, std::vector<std::string>>> documented(const std::string& document) {
    std::istringstream lines{tests::content(document)};
    std::vector<std::pair<std::string, std::vector<std::string>>> rows;
    bool is_inside = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("| process |"))
            is_inside = true;
        else if (!line.starts_with("|"))
            is_inside = false;
        else if (is_inside && !line.starts_with("|---")) {
            std::istringstream cells{line.substr(1)};
            std::string cell;
            std::vector<std::string> all;
            while (std::getline(cells, cell, '|'))
                all.push_back(cell.substr(1, cell.find_last_not_of(' ')));
            std::string process = all.at(0);
            std::erase(process, '`');
            std::vector<std::string> names;
            for (std::size_t i = 0; i < kColumns.size(); ++i)
                if (all.at(i + 1) != "") names.push_back(kColumns[i]);
            rows.emplace_back(process, names);
        }
    }
    return rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(key_rings)

BOOST_AUTO_TEST_CASE(rings_of_processes_are_as_documented) {
    const auto rows = documented("docs/operate/keys.md");
    BOOST_REQUIRE(rows.size() == std::size(kRingsOfProcesses));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        BOOST_TEST(rows[i].first == kRingsOfProcesses[i].process);
        BOOST_TEST(rows[i].second == declared(kRingsOfProcesses[i].rings), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(rings_of_unknown_process_is_an_error) {
    BOOST_CHECK_THROW((void)rings_of("nobody"), std::logic_error);
    BOOST_CHECK_THROW((void)rings_of(""), std::logic_error);
}

BOOST_AUTO_TEST_CASE(ring_of_audit_is_held_by_keeper_and_csauthctl_only) {
    for (const auto& [process, rings] : kRingsOfProcesses)
        BOOST_TEST(rings.contains(Ring::audit) == (process == "keeper" || process == "csauthctl audit"),
                   process);
    BOOST_TEST(!rings_of("edge").contains(Ring::refresh));
    for (const char* writer : {"api", "hash"})
        BOOST_TEST(rings_of(writer).contains(Ring::seal), writer);
    for (const char* without : {"master", "imager", "follower"})
        BOOST_TEST(declared(rings_of(without)).empty(), without);
}

BOOST_FIXTURE_TEST_CASE(each_process_can_use_its_rings_and_no_other, Fixture) {
    for (const auto& [process, rings] : kRingsOfProcesses)
        BOOST_TEST(held(usable_key_rings(config, process)) == declared(rings),
                   boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(rings_that_are_not_wanted_are_not_read, Fixture) {
    std::filesystem::remove_all(directory.path() / "keys" / "audit");
    const auto mailer = load_key_rings(config, {Ring::seal});
    BOOST_REQUIRE(!!mailer);
    const auto all = load_key_rings(config, kAllRings);
    BOOST_REQUIRE(!all);
    BOOST_REQUIRE(all.error().size() == 1U);
    BOOST_TEST(all.error()[0].where == "keys.dir");
    BOOST_TEST(all.error()[0].text.find("audit") != std::string::npos);
    BOOST_CHECK_THROW((void)usable_key_rings(config, "keeper"), std::runtime_error);
}

BOOST_FIXTURE_TEST_CASE(follow_takes_over_a_new_key_of_a_held_ring, Fixture) {
    auto rings = usable_key_rings(config, "edge");
    const auto old = rings.access.active().id;
    const auto fresh = crypto::add_key(config.keys.dir, "access", random);
    BOOST_REQUIRE(!!fresh);
    BOOST_REQUIRE(*crypto::activate_key(config.keys.dir, "access", fresh->id));
    BOOST_REQUIRE(*crypto::create_ring(config.keys.dir, "audiences/new", random));
    rings.follow(log);
    BOOST_TEST(rings.access.active().id == fresh->id);
    BOOST_TEST(rings.access.find(old) != nullptr);
    BOOST_TEST(held(rings) == (std::vector<std::string>{"access", "site"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
