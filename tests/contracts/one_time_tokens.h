#pragma once

#include <vector>

#include "accounts/one_time_tokens.h"
#include "contracts/fixture.h"

namespace csauth::contracts {

inline accounts::OneTimeToken token_of(UserId user, std::uint8_t filling) {
    accounts::OneTimeToken token{.purpose = accounts::Purpose::verify_email,
                                 .user = user,
                                 .email_key = "ann@example.com",
                                 .created_at = kNow,
                                 .expires_at = kNow + 24h};
    token.hash.fill(filling);
    return token;
}

inline accounts::OneTimeToken token_for(Ports& p, UserId user, accounts::Purpose purpose, TimePoint at) {
    return {.hash = p.random.bytes<32>(),
            .purpose = purpose,
            .user = user,
            .email_key = "ann@example.com",
            .created_at = at,
            .expires_at = at + 72h};
}

inline void a_one_time_token_is_consumed_once_and_not_after_its_end(Ports& p) {
    const auto user = add_user(p, "ann@example.com", "annie");
    BOOST_TEST(!p.one_time_tokens.last_issued(user, accounts::Purpose::verify_email).has_value());
    auto token = token_of(user, 1);
    token.return_to = "/maps";
    p.one_time_tokens.issue(token);
    BOOST_CHECK(p.one_time_tokens.last_issued(user, accounts::Purpose::verify_email) == kNow);
    BOOST_TEST(!p.one_time_tokens.consume(token.hash, kNow + 24h));
    BOOST_TEST(p.one_time_tokens.consume(token.hash, kNow + 24h - 1us));
    BOOST_TEST(!p.one_time_tokens.consume(token.hash, kNow));
    const auto found = p.one_time_tokens.find(token.hash);
    BOOST_REQUIRE(found);
    BOOST_TEST(found->is_consumed);
    BOOST_CHECK(found->user == user);
    BOOST_TEST(found->email_key == "ann@example.com");
    BOOST_TEST(found->return_to == "/maps");
}

inline void an_issued_token_ends_earlier_unconsumed_ones(Ports& p) {
    const auto user = add_user(p, "ann@example.com", "annie");
    auto used = token_of(user, 1);
    auto earlier = token_of(user, 2);
    earlier.code = accounts::CodeOfToken{p.random.bytes<32>(), kNow + 1h};
    auto other_purpose = token_of(user, 3);
    other_purpose.purpose = accounts::Purpose::reset_password;
    auto newer = token_of(user, 4);
    newer.created_at = kNow + 1min;
    p.one_time_tokens.add(used);
    BOOST_TEST(p.one_time_tokens.consume(used.hash, kNow));
    p.one_time_tokens.add(earlier);
    p.one_time_tokens.add(other_purpose);
    p.one_time_tokens.issue(newer);
    const auto found = p.one_time_tokens.find(earlier.hash);
    BOOST_REQUIRE(found);
    BOOST_TEST(!found->is_consumed);
    BOOST_CHECK(found->expires_at == kNow + 1min);
    BOOST_CHECK(found->code->expires_at == kNow + 1min);
    BOOST_TEST(!p.one_time_tokens.consume(earlier.hash, kNow + 1min));
    BOOST_CHECK(p.one_time_tokens.find(used.hash)->expires_at == used.expires_at);
    BOOST_CHECK(p.one_time_tokens.find(other_purpose.hash)->expires_at == other_purpose.expires_at);
    BOOST_CHECK(p.one_time_tokens.find(newer.hash)->expires_at == newer.expires_at);
}

inline void the_oldest_unconsumed_tokens_are_dropped_above_the_limit(Ports& p) {
    const auto user = add_user(p, "ann@example.com", "annie");
    const auto other = add_user(p, "bob@example.com", "bobby");
    for (std::uint8_t i = 1; i <= 5; ++i) {
        auto token = token_of(user, i);
        token.created_at = kNow + i * 1s;
        p.one_time_tokens.add(token);
    }
    auto reset = token_of(user, 6);
    reset.purpose = accounts::Purpose::reset_password;
    p.one_time_tokens.add(reset);
    p.one_time_tokens.add(token_of(other, 7));
    BOOST_TEST(p.one_time_tokens.consume(token_of(user, 1).hash, kNow));
    p.one_time_tokens.drop_oldest(user, accounts::Purpose::verify_email, 4);
    BOOST_TEST(p.one_time_tokens.all_of(user).size() == 6U);
    p.one_time_tokens.drop_oldest(user, accounts::Purpose::verify_email, 2);
    for (std::uint8_t i = 1; i <= 6; ++i)
        BOOST_TEST(p.one_time_tokens.find(token_of(user, i).hash).has_value() == (i != 2 && i != 3));
    BOOST_TEST(p.one_time_tokens.find(token_of(other, 7).hash).has_value());
}

inline void a_guess_costs_every_live_code_a_try(Ports& p) {
    using accounts::Purpose;
    const auto id = add_user(p, "ann@example.com", "annie");
    const auto tries = [&](Purpose purpose, TimePoint now) {
        std::vector<accounts::TokenHash> hashes;
        for (const auto& token : p.one_time_tokens.take_code_tries(id, purpose, 5, now))
            hashes.push_back(token.hash);
        return hashes;
    };
    using Hashes = std::vector<accounts::TokenHash>;
    auto token = token_for(p, id, Purpose::verify_email, kNow);
    token.code = accounts::CodeOfToken{p.random.bytes<32>(), kNow + 1h};
    p.one_time_tokens.add(token);
    BOOST_TEST(tries(Purpose::reset_password, kNow).empty());
    BOOST_TEST(tries(Purpose::verify_email, kNow + 1h).empty());
    for (int i = 0; i < 3; ++i)
        BOOST_CHECK(tries(Purpose::verify_email, kNow) == Hashes{token.hash});

    auto newer = token_for(p, id, Purpose::verify_email, kNow + 1s);
    newer.code = accounts::CodeOfToken{p.random.bytes<32>(), kNow + 2h};
    p.one_time_tokens.add(newer);
    const auto both = p.one_time_tokens.take_code_tries(id, Purpose::verify_email, 5, kNow);
    BOOST_REQUIRE(both.size() == 2);
    BOOST_CHECK(both[0].hash == newer.hash && both[0].code->hash == newer.code->hash);
    BOOST_CHECK(both[1].hash == token.hash && both[1].code->hash == token.code->hash);
    BOOST_CHECK(tries(Purpose::verify_email, kNow) == (Hashes{newer.hash, token.hash}));
    for (int i = 0; i < 3; ++i)
        BOOST_CHECK(tries(Purpose::verify_email, kNow) == Hashes{newer.hash});
    BOOST_TEST(tries(Purpose::verify_email, kNow).empty());
}

inline void added_tokens_coexist_and_later_ones_can_be_dropped(Ports& p) {
    using accounts::Purpose;
    const auto id = add_user(p, "ann@example.com", "annie");
    auto first = token_for(p, id, Purpose::revert_email, kNow);
    first.address = "Ann@Example.com";
    const auto second = token_for(p, id, Purpose::revert_email, kNow + 1s);
    p.one_time_tokens.add(first);
    p.one_time_tokens.add(second);
    BOOST_TEST(p.one_time_tokens.find(first.hash)->address == "Ann@Example.com");
    BOOST_TEST(p.one_time_tokens.all_of(id).size() == 2U);
    const auto newest = p.one_time_tokens.newest_of(id, 1);
    BOOST_REQUIRE(newest.size() == 1U);
    BOOST_CHECK(newest[0].hash == second.hash);
    BOOST_TEST(p.one_time_tokens.newest_of(id, 3).size() == 2U);
    p.one_time_tokens.drop_issued_after(id, Purpose::revert_email, kNow);
    BOOST_TEST(p.one_time_tokens.find(first.hash).has_value());
    BOOST_TEST(!p.one_time_tokens.find(second.hash).has_value());
}

inline constexpr Contract kOneTimeTokens[] = {
    {"a_one_time_token_is_consumed_once_and_not_after_its_end",
     a_one_time_token_is_consumed_once_and_not_after_its_end},
    {"an_issued_token_ends_earlier_unconsumed_ones", an_issued_token_ends_earlier_unconsumed_ones},
    {"the_oldest_unconsumed_tokens_are_dropped_above_the_limit",
     the_oldest_unconsumed_tokens_are_dropped_above_the_limit},
    {"a_guess_costs_every_live_code_a_try", a_guess_costs_every_live_code_a_try},
    {"added_tokens_coexist_and_later_ones_can_be_dropped",
     added_tokens_coexist_and_later_ones_can_be_dropped},
};

}  // namespace csauth::contracts
