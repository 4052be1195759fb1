#include "crypto/jws.h"

#include <rapidjson/document.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "crypto/key_ring.h"
#include "fakes/random.h"
#include "fakes/world.h"
#include "unit/foundation/crypto/vectors.h"

using namespace csauth;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(jws)

BOOST_AUTO_TEST_CASE(wycheproof_is_judged_as_it_says_and_other_algorithms_are_refused) {
    const auto document = parsed("wycheproof/json_web_signature_test.json");
    int judged = 0;
    int others = 0;
    for (const auto& group : document["testGroups"].GetArray()) {
        const auto& jwk = group.HasMember("private") ? group["private"] : group["public"];
        const bool is_hs256 = std::string_view{jwk["kty"].GetString()} == "oct";
        std::vector<crypto::Key> keys;
        const auto bytes = is_hs256 ? *decode_base64url(jwk["k"].GetString()) : std::string(32, 'k');
        const std::string id = jwk.HasMember("kid") ? jwk["kid"].GetString() : "kid";
        keys.push_back(crypto::make_key(id, as_bytes(bytes)));
        const crypto::KeyRing ring{std::move(keys), id};
        for (const auto& test : group["tests"].GetArray()) {
            if (!test["jws"].IsString()) continue;
            const bool good = crypto::verify_jws(test["jws"].GetString(), ring).has_value();
            const int id_of_test = test["tcId"].GetInt();
            // 367 and 370 are 357 to the byte: their padding was lost. 372 and 373 hold a '?', which is in no
            // base64url, and are marked as valid; RFC 7515 section 2 says otherwise.
            const bool lost_its_flaw = id_of_test == 367 || id_of_test == 370;
            const bool has_a_flaw = id_of_test == 372 || id_of_test == 373;
            const bool marked_valid = std::string_view{test["result"].GetString()} == "valid";
            const bool expected = is_hs256 && ((marked_valid && !has_a_flaw) || lost_its_flaw);
            BOOST_TEST(good == expected, test["tcId"].GetInt() << " " << test["comment"].GetString());
            ++(is_hs256 ? judged : others);
        }
    }
    BOOST_TEST(judged == 40);
    BOOST_TEST(others > 350);
}

std::string token(std::string_view header, std::string_view payload, const crypto::KeyRing& ring) {
    const std::string signed_part = base64url(header) + '.' + base64url(payload);
    return signed_part + '.' + base64url(as_text(ring.active().hmac.tag(signed_part)));
}

BOOST_AUTO_TEST_CASE(what_is_signed_is_verified_and_every_changed_byte_is_refused) {
    const auto ring = fakes::key_ring("k1", 'x');
    const auto good = crypto::sign_jws(R"({"a":1})", ring);
    const auto verified = crypto::verify_jws(good, ring);
    BOOST_REQUIRE(verified);
    BOOST_TEST(verified->payload == R"({"a":1})");
    BOOST_TEST(verified->type == "JWT");
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string changed = good;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        BOOST_TEST(!crypto::verify_jws(changed, ring).has_value(), i);
        BOOST_TEST(!crypto::verify_jws(good.substr(0, i), ring).has_value(), i);
    }
    BOOST_TEST(!crypto::verify_jws(good, fakes::key_ring("k1", 'y')).has_value());
    BOOST_TEST(!crypto::verify_jws(good, fakes::key_ring("k2", 'x')).has_value());
}

BOOST_AUTO_TEST_CASE(a_header_chooses_nothing_but_a_key_of_the_ring) {
    const auto ring = fakes::key_ring("k1", 'x');
    BOOST_TEST(
        crypto::verify_jws(token(R"({"alg":"HS256","kid":"k1","typ":"JWT"})", "{}", ring), ring).has_value());
    for (const char* header : {R"({"alg":"none","kid":"k1"})",
                               R"({"alg":"None","kid":"k1"})",
                               R"({"alg":"hs256","kid":"k1"})",
                               R"({"alg":"HS256 ","kid":"k1"})",
                               R"({"alg":"HS384","kid":"k1"})",
                               R"({"alg":"HS512","kid":"k1"})",
                               R"({"alg":"RS256","kid":"k1"})",
                               R"({"alg":["HS256"],"kid":"k1"})",
                               R"({"alg":null,"kid":"k1"})",
                               R"({"kid":"k1"})",
                               R"({"alg":"HS256"})",
                               R"({"alg":"HS256","kid":"k2"})",
                               R"({"alg":"HS256","kid":""})",
                               R"({"alg":"HS256","kid":1})",
                               R"({"alg":"HS256","kid":"../k1"})",
                               R"({"alg":"HS256","kid":"k1","crit":["exp"]})",
                               R"({"alg":"HS256","kid":"k1","crit":[]})",
                               R"({"alg":"HS256","kid":"k1","jku":"https://evil.example"})",
                               R"({"alg":"HS256","kid":"k1","jwk":{}})",
                               R"({"alg":"HS256","kid":"k1","x5u":"u"})",
                               R"({"alg":"HS256","kid":"k1","x5c":[]})",
                               R"({"alg":"HS256","kid":"k1","b64":false})",
                               R"({"alg":"HS256","kid":"k1","zip":"DEF"})",
                               R"({"alg":"HS256","kid":"k1","cty":"JWT"})",
                               R"({"alg":"HS256","kid":"k1","enc":"A128GCM"})",
                               R"({"alg":"HS256","alg":"HS256","kid":"k1"})",
                               R"({"alg":"HS256","kid":"k1","typ":1})",
                               R"(["HS256"])",
                               "HS256",
                               "",
                               R"({"alg":"HS256","kid":"k1"} )"
                               "\x01"})
        BOOST_TEST(!crypto::verify_jws(token(header, "{}", ring), ring).has_value(), header);
}

BOOST_AUTO_TEST_CASE(a_token_is_looked_at_up_to_its_limit) {
    const auto ring = fakes::key_ring("k1", 'x');
    std::string payload = "x";
    while (crypto::sign_jws(payload, ring).size() < crypto::kLongestJws - 3)
        payload += 'x';
    auto at_limit = crypto::sign_jws(payload, ring);
    BOOST_TEST(at_limit.size() <= crypto::kLongestJws);
    BOOST_TEST(crypto::verify_jws(at_limit, ring).has_value());
    while (at_limit.size() <= crypto::kLongestJws)
        at_limit = crypto::sign_jws(payload += 'x', ring);
    BOOST_TEST(!crypto::verify_jws(at_limit, ring).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
