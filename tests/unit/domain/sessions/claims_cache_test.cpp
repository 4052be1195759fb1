#include "sessions/claims_cache.h"

#include <array>
#include <boost/test/unit_test.hpp>

using namespace csauth;

namespace {

/// Returns tokens that all belong to one set. Their last byte differs.
crypto::Sha256Digest signature(std::uint8_t last) {
    crypto::Sha256Digest digest{};
    digest.back() = last;
    return digest;
}

sessions::ReadClaims claims_of(const std::string& audience) {
    sessions::ReadClaims read;
    read.claims.audience = audience;
    return read;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(claims_cache)

BOOST_AUTO_TEST_CASE(what_was_read_is_found_by_its_whole_signature) {
    sessions::ClaimsCache cache;
    BOOST_TEST(cache.find(signature(1)) == nullptr);
    BOOST_TEST(cache.keep(signature(1), claims_of("one")).claims.audience == "one");
    BOOST_TEST(cache.find(signature(2)) == nullptr);
    BOOST_REQUIRE(cache.find(signature(1)) != nullptr);
    BOOST_TEST(cache.find(signature(1))->claims.audience == "one");
}

BOOST_AUTO_TEST_CASE(a_set_holds_four_and_forgets_who_was_away_the_longest) {
    sessions::ClaimsCache cache;
    for (std::uint8_t i = 1; i <= 4; ++i)
        cache.keep(signature(i), claims_of(std::to_string(i)));
    for (std::uint8_t i = 1; i <= 4; ++i)
        BOOST_REQUIRE(cache.find(signature(i)) != nullptr);
    (void)cache.find(signature(1));  // so that 2 is the one
    cache.keep(signature(5), claims_of("5"));
    BOOST_TEST(cache.find(signature(2)) == nullptr);
    for (const auto i : std::array<std::uint8_t, 4>{1, 3, 4, 5}) {
        BOOST_REQUIRE(cache.find(signature(i)) != nullptr);
        BOOST_TEST(cache.find(signature(i))->claims.audience == std::to_string(i));
    }
}

BOOST_AUTO_TEST_SUITE_END()
