// How codes for typing are stored.
#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

using namespace csauth;

namespace {

struct Fixture : fakes::World {};

}  // namespace

BOOST_AUTO_TEST_SUITE(sealed_codes)

BOOST_FIXTURE_TEST_CASE(stored_code_needs_the_seal_key_to_be_guessed, Fixture) {
    const auto id = register_account("ann@example.com", "annie")->user.id;
    const std::string code = outbox.letters.back().code;
    const auto& stored = *one_time_tokens.rows.begin()->second.code;
    BOOST_CHECK(stored.hash == accounts::tag_of_code(seal_keys.active(), id, code));
    BOOST_CHECK(stored.hash != accounts::hash_of(id.text() + ':' + code));
    const auto other_ring = fakes::key_ring("seal-2", 'x');
    BOOST_CHECK(stored.hash != accounts::tag_of_code(other_ring.active(), id, code));
    BOOST_CHECK(stored.hash !=
                accounts::tag_of_code(seal_keys.active(), UserId::make(clock.now(), random), code));
}

BOOST_FIXTURE_TEST_CASE(code_works_while_its_key_is_in_the_ring, Fixture) {
    const auto id = register_account("ann@example.com", "annie")->user.id;
    const auto code = *accounts::TypedCode::parse(outbox.letters.back().code);
    const auto key = [](const char* kid, char filling) {
        return crypto::make_key(kid, as_bytes(std::string(32, filling)));
    };
    std::vector<crypto::Key> other;
    other.push_back(key("seal-2", 'x'));
    const crypto::KeyRing retired{std::move(other), "seal-2"};
    std::vector<crypto::Key> both;
    both.push_back(key("seal-1", 's'));
    both.push_back(key("seal-2", 'x'));
    const crypto::KeyRing rotated{std::move(both), "seal-2"};
    const auto confirm = [&](const crypto::KeyRing& ring) {
        accounts::Verification with{ports(), authentication, ring};
        return !!with.confirm(code, id, origin);
    };
    BOOST_TEST(!confirm(retired));
    BOOST_TEST(!users.rows.at(id).user.is_verified);
    BOOST_TEST(confirm(rotated));
    BOOST_TEST(users.rows.at(id).user.is_verified);
}

BOOST_FIXTURE_TEST_CASE(code_stored_before_the_update_stops_working, Fixture) {
    const auto id = register_account("ann@example.com", "annie")->user.id;
    const std::string code = outbox.letters.back().code;
    auto& row = one_time_tokens.rows.begin()->second;
    const auto tag = row.code->hash;
    row.code->hash = accounts::hash_of(id.text() + ':' + code);  // SHA-256, as version 1.0 stored it
    BOOST_TEST(!verification.confirm(*accounts::TypedCode::parse(code), id, origin));
    row.code->hash = tag;
    BOOST_TEST(!!verification.confirm(*accounts::TypedCode::parse(code), id, origin));
}

BOOST_AUTO_TEST_SUITE_END()
