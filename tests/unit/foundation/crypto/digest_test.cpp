#include "crypto/digest.h"

#include <rapidjson/document.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>

#include "base/encoding.h"
#include "fakes/random.h"
#include "fakes/world.h"
#include "unit/foundation/crypto/vectors.h"

using namespace csauth;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(digest)

BOOST_AUTO_TEST_CASE(hmac_sha256_has_the_vectors_of_wycheproof) {
    const auto document = parsed("wycheproof/hmac_sha256_test.json");
    int valid = 0;
    int invalid = 0;
    for (const auto& group : document["testGroups"].GetArray()) {
        for (const auto& test : group["tests"].GetArray()) {
            const auto key = unhex(test["key"].GetString());
            const auto expected = unhex(test["tag"].GetString());
            const auto tag = crypto::HmacSha256{as_bytes(key)}.tag(unhex(test["msg"].GetString()));
            const bool same =
                crypto::equal_in_constant_time(as_text(tag).substr(0, expected.size()), expected);
            BOOST_TEST(same == (std::string_view{test["result"].GetString()} == "valid"),
                       test["tcId"].GetInt());
            ++(same ? valid : invalid);
        }
    }
    BOOST_TEST(valid == 66);
    BOOST_TEST(invalid == 108);
}

BOOST_AUTO_TEST_CASE(one_key_makes_many_tags) {
    const crypto::HmacSha256 hmac{as_bytes("key")};
    const auto first = hmac.tag("message");
    BOOST_TEST(hex(hmac.tag("other")) != hex(first));
    BOOST_TEST(hex(hmac.tag("message")) == hex(first));
    BOOST_TEST(hex(crypto::sha256("abc")) ==
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

BOOST_AUTO_TEST_SUITE_END()
