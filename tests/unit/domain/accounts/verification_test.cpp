#include "accounts/verification.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(verification)

struct Fixture : fakes::World {
    sessions::OpenedSession admitted = std::move(*register_account("ann@example.com", "annie"));
    UserId id = admitted.user.id;

    accounts::PresentedToken mailed() {
        return *accounts::PresentedToken::parse(outbox.letters.back().secret);
    }
    accounts::AccountProof session(UserId user) { return {.caller = user}; }
    accounts::AccountProof password(std::string_view text) {
        return {.password = *users::Password::parse(text)};
    }
    std::optional<ErrorCode> refusal(const accounts::PresentedToken& token,
                                     const accounts::AccountProof& proof) {
        const auto user = verification.confirm(token, proof, origin);
        return user ? std::nullopt : std::optional{user.error().code};
    }
    bool is_verified() { return users.rows.at(id).user.is_verified; }
};

BOOST_FIXTURE_TEST_CASE(mailbox_and_account_together_confirm, Fixture) {
    BOOST_TEST(!refusal(mailed(), session(id)).has_value());
    BOOST_TEST(is_verified());
    BOOST_TEST(audit.count(audit::Action::email_verified) == 1);
    BOOST_TEST(!refusal(mailed(), password("correct horse")).has_value());  // twice is fine
    BOOST_TEST(audit.count(audit::Action::email_verified) == 1);
}

BOOST_FIXTURE_TEST_CASE(the_password_is_proof_enough, Fixture) {
    BOOST_TEST(!refusal(mailed(), password("correct horse")).has_value());
    BOOST_TEST(is_verified());
}

BOOST_FIXTURE_TEST_CASE(the_mailbox_alone_confirms_nothing, Fixture) {
    const auto stranger = register_account("bob@example.com", "bobby")->user.id;
    outbox.letters.pop_back();
    BOOST_CHECK(refusal(mailed(), {}) == ErrorCode::authentication_required);
    BOOST_CHECK(refusal(mailed(), session(stranger)) == ErrorCode::permission_denied);
    BOOST_CHECK(refusal(mailed(), password("wrong horse")) == ErrorCode::invalid_credentials);
    BOOST_TEST(!is_verified());
}

BOOST_FIXTURE_TEST_CASE(a_token_dies_with_time_epoch_and_address, Fixture) {
    const auto unknown = *accounts::PresentedToken::parse(accounts::make_one_time_token(random).reveal());
    BOOST_CHECK(refusal(unknown, session(id)) == ErrorCode::one_time_token_invalid);
    users.rows.at(id).user.epoch = 1;
    BOOST_CHECK(refusal(mailed(), session(id)) == ErrorCode::one_time_token_invalid);
    users.rows.at(id).user.epoch = 0;
    users.rows.at(id).user.email_key = "other@example.com";
    BOOST_CHECK(refusal(mailed(), session(id)) == ErrorCode::one_time_token_invalid);
    users.rows.at(id).user.email_key = "ann@example.com";
    clock.advance(accounts::kVerificationLifetime);
    BOOST_CHECK(refusal(mailed(), session(id)) == ErrorCode::one_time_token_invalid);
    clock.advance(-1us);
    BOOST_TEST(!refusal(mailed(), session(id)).has_value());
}

BOOST_AUTO_TEST_CASE(only_a_token_of_the_right_shape_is_looked_at) {
    BOOST_TEST(!!accounts::PresentedToken::parse(std::string(42, 'A') + "A"));
    for (const auto& bad :
         {std::string{}, std::string(42, 'A'), std::string(44, 'A'), std::string(42, 'A') + "=",
          std::string(42, 'A') + "B", std::string(42, ' ') + "A"})
        BOOST_TEST(!accounts::PresentedToken::parse(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
