#include "crypto/sealed_box.h"

#include <rapidjson/document.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>

#include "crypto/key_ring.h"
#include "fakes/random.h"
#include "fakes/world.h"

using namespace csauth;

BOOST_AUTO_TEST_SUITE(sealed_box)

BOOST_AUTO_TEST_CASE(a_box_opens_for_its_context_and_key_alone) {
    const auto ring = fakes::key_ring("k1", 'x');
    fakes::Random random;
    const auto box = crypto::seal("the token", "row 1", ring, random);
    BOOST_TEST(box.find("the token") == std::string::npos);
    BOOST_TEST(crypto::open(box, "row 1", ring)->reveal() == "the token");
    BOOST_TEST(!crypto::open(box, "row 2", ring).has_value());
    BOOST_TEST(!crypto::open(box, "row 1", fakes::key_ring("k1", 'y')).has_value());
    BOOST_TEST(!crypto::open(box, "row 1", fakes::key_ring("k2", 'x')).has_value());
    BOOST_TEST((crypto::seal("the token", "row 1", ring, random) != box));
    for (std::size_t i = 0; i < box.size(); ++i) {
        std::string changed = box;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        BOOST_TEST(!crypto::open(changed, "row 1", ring).has_value(), i);
        BOOST_TEST(!crypto::open(box.substr(0, i), "row 1", ring).has_value(), i);
    }
    BOOST_TEST(crypto::open(crypto::seal("", "c", ring, random), "c", ring)->empty());
}

BOOST_AUTO_TEST_SUITE_END()
