#include "devices/device_keys.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "crypto/jws.h"
#include "fakes/world.h"

using namespace csauth;

namespace {

struct Fixture {
    fakes::Random random;
    crypto::KeyRing ring = fakes::key_ring("device-1", 'd');
    devices::DeviceKeys keys{ring};
    devices::KnownDevice known{DeviceId::make(TimePoint{}, random), UserId::make(TimePoint{}, random)};

    std::string signed_claims(const std::string& type, const std::string& device, const std::string& user,
                              const std::string& more = "") {
        return crypto::sign_jws(
            R"({"token_type":")" + type + R"(","did":")" + device + R"(","sub":")" + user + '"' + more + '}',
            ring);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(device_keys)

BOOST_FIXTURE_TEST_CASE(key_names_its_device_and_user, Fixture) {
    const auto read = keys.read(keys.issue(known));
    BOOST_REQUIRE(read.has_value());
    BOOST_CHECK(read->device == known.device);
    BOOST_CHECK(read->user == known.user);
}

BOOST_FIXTURE_TEST_CASE(key_of_another_ring_or_a_changed_one_is_refused, Fixture) {
    const auto good = keys.issue(known);
    for (const char filling : {'x', 'd'}) {  // another key under the same name, the same key under another
        const auto other = fakes::key_ring(filling == 'x' ? "device-1" : "device-2", filling);
        BOOST_TEST(!devices::DeviceKeys{other}.read(good).has_value());
    }
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto changed = good;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        BOOST_TEST(!keys.read(changed).has_value(), i);
    }
    for (const auto& bad : {std::string{}, std::string{"nonsense"}, good + "A", good.substr(1)})
        BOOST_TEST(!keys.read(bad).has_value(), bad);
}

BOOST_FIXTURE_TEST_CASE(token_of_another_kind_is_no_device_key, Fixture) {
    const auto device = known.device.text();
    const auto user = known.user.text();
    BOOST_TEST(keys.read(signed_claims("device", device, user)).has_value());
    for (const auto* type : {"access", "refresh", "", "Device"})
        BOOST_TEST(!keys.read(signed_claims(type, device, user)).has_value(), type);
    BOOST_TEST(!keys.read(signed_claims("device", "", user)).has_value());
    BOOST_TEST(!keys.read(signed_claims("device", device, "1")).has_value());
    BOOST_TEST(!keys.read(crypto::sign_jws("[]", ring)).has_value());
}

BOOST_FIXTURE_TEST_CASE(large_key_is_refused, Fixture) {
    const auto padded = [&](std::size_t size) {
        return keys.read(signed_claims("device", known.device.text(), known.user.text(),
                                       R"(,"x":")" + std::string(size, 'x') + '"'));
    };
    BOOST_TEST(padded(300).has_value());
    BOOST_TEST(!padded(512).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
