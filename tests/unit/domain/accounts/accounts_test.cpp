#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

using namespace csauth;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(registration)

struct Fixture : fakes::World {};

BOOST_FIXTURE_TEST_CASE(an_account_comes_with_all_that_belongs_to_it, Fixture) {
    auto form = applicant("Ann@Example.com", "Annie");
    form.device = {
        .push_token = devices::PushToken{"fcm-1"}, .type = devices::DeviceType::ios, .name = "phone"};
    const auto admitted = registration.register_account(form, origin);
    BOOST_REQUIRE(admitted);
    BOOST_TEST(admitted->user.email == "Ann@example.com");
    BOOST_TEST(!admitted->user.is_verified);
    BOOST_REQUIRE(admitted->roles.size() == 1);
    BOOST_TEST(admitted->roles[0].name == "member");
    BOOST_CHECK(admitted->session.device.type == devices::DeviceType::ios);
    BOOST_TEST(!!gate.authenticate(admitted->tokens.access));
    BOOST_TEST(hasher.verify("correct horse", users.rows.at(admitted->user.id).password_hash));
    BOOST_TEST(audit.count(audit::Action::user_created) == 1);
    BOOST_REQUIRE(outbox.letters.size() == 1);
    BOOST_TEST(outbox.letters[0].recipient == "Ann@example.com");
    BOOST_TEST(outbox.letters[0].secret.size() == 43U);
}

BOOST_FIXTURE_TEST_CASE(all_that_is_taken_is_told_at_once_and_the_owner_hears_of_it, Fixture) {
    ann();
    const auto refused = register_account("ANN@example.com", "ANNIE");
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.error().code == ErrorCode::email_taken);
    BOOST_REQUIRE(refused.error().fields.size() == 2);
    BOOST_TEST(refused.error().fields[0].field == "email");
    BOOST_TEST(refused.error().fields[1].field == "username");
    BOOST_TEST(mail_requests.open(10).size() == 1U);
    BOOST_CHECK(register_account("bob@example.com", "Annie").error().code == ErrorCode::username_taken);
    BOOST_TEST(mail_requests.open(10).size() == 1U);
    BOOST_TEST(users.rows.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_password_like_the_account_is_refused, Fixture) {
    const auto refused = registration.register_account(
        applicant("ann@example.com", "shakespearian", "Shakespearian7"), origin);
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.error().code == ErrorCode::validation_failed);
    BOOST_TEST(refused.error().fields.at(0).field == "password");
    BOOST_TEST(users.rows.empty());
}

BOOST_AUTO_TEST_SUITE_END()
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
BOOST_AUTO_TEST_SUITE(requested_mail)

struct Fixture : fakes::World {
    UserId id = register_account("ann@example.com", "annie")->user.id;

    std::size_t mails_after_asking(outbox::RequestKind kind, const char* email_key) {
        const auto before = outbox.letters.size();
        mail_requests.add(kind, email_key, clock.now(), "");
        requested_mail.handle_open(10);
        BOOST_TEST(mail_requests.open(10).empty());
        return outbox.letters.size() - before;
    }
};

BOOST_FIXTURE_TEST_CASE(a_verification_mail_goes_out_at_most_every_three_minutes, Fixture) {
    const auto ask = [&] { return mails_after_asking(outbox::RequestKind::verify_email, "ann@example.com"); };
    clock.advance(3min - 1us);
    BOOST_TEST(ask() == 0U);
    clock.advance(1us);
    BOOST_TEST(ask() == 1U);
    BOOST_TEST(ask() == 0U);
    clock.advance(3min);
    BOOST_TEST(ask() == 1U);
}

BOOST_FIXTURE_TEST_CASE(nobody_gets_mail_who_should_have_none, Fixture) {
    clock.advance(1h);
    BOOST_TEST(mails_after_asking(outbox::RequestKind::verify_email, "nobody@example.com") == 0U);
    users.rows.at(id).user.is_verified = true;
    BOOST_TEST(mails_after_asking(outbox::RequestKind::verify_email, "ann@example.com") == 0U);
}

BOOST_FIXTURE_TEST_CASE(an_owner_hears_of_sign_ups_with_their_address_once_a_day, Fixture) {
    const auto ask = [&] {
        return mails_after_asking(outbox::RequestKind::already_registered, "ann@example.com");
    };
    BOOST_TEST(ask() == 1U);
    BOOST_CHECK(outbox.letters.back().which == outbox::Template::already_registered);
    clock.advance(24h - 1us);
    BOOST_TEST(ask() == 0U);
    clock.advance(1us);
    BOOST_TEST(ask() == 1U);
    BOOST_TEST(mails_after_asking(outbox::RequestKind::already_registered, "nobody@example.com") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
