#include "accounts/one_time_tokens.h"

#include <boost/test/unit_test.hpp>
#include <random>

#include "fakes/world.h"
#include "unit/domain/accounts/mail_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;
using outbox::RequestKind;
using outbox::Template;

BOOST_AUTO_TEST_SUITE(one_time_tokens)

struct CodeFixture : fakes::World {
    sessions::OpenedSession admitted = std::move(*register_account("ann@example.com", "annie"));
    UserId id = admitted.user.id;
    accounts::TypedCode mailed() { return *accounts::TypedCode::parse(outbox.letters.back().code); }
    bool confirms(const accounts::TypedCode& code) { return !!verification.confirm(code, id, origin); }
    accounts::TypedCode wrong() { return *accounts::TypedCode::parse("AAAA-AAAA"); }
};

BOOST_FIXTURE_TEST_CASE(a_code_confirms_in_the_session_of_its_account, CodeFixture) {
    const auto bob = register_account("bob@example.com", "bobby")->user.id;
    outbox.letters.pop_back();
    BOOST_TEST(!verification.confirm(mailed(), bob, origin));
    BOOST_TEST(!users.rows.at(id).user.is_verified);
    BOOST_TEST(confirms(mailed()));
    BOOST_TEST(users.rows.at(id).user.is_verified);
    BOOST_TEST(confirms(mailed()));  // twice is fine
    BOOST_TEST(audit.count(audit::Action::email_verified) == 1);
}

BOOST_FIXTURE_TEST_CASE(a_code_with_address_and_password_needs_no_session, CodeFixture) {
    const auto confirm = [&](const char* email, const char* password) {
        return verification.confirm(mailed(), *users::Email::parse(email), *users::Password::parse(password),
                                    origin);
    };
    BOOST_CHECK(confirm("ann@example.com", "wrong horse").error().code == ErrorCode::invalid_credentials);
    BOOST_CHECK(confirm("nobody@example.com", "correct horse").error().code ==
                ErrorCode::invalid_credentials);
    BOOST_TEST(!!confirm("ann@example.com", "correct horse"));
}

BOOST_FIXTURE_TEST_CASE(a_code_dies_after_five_tries_and_an_hour, CodeFixture) {
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(!confirms(wrong()));
    BOOST_TEST(!confirms(mailed()));
    clock.advance(1s);
    verification_mail.send(users.rows.at(id).user);
    for (int i = 0; i < 4; ++i)
        BOOST_TEST(!confirms(wrong()));
    clock.advance(1h);
    BOOST_TEST(!confirms(mailed()));
    clock.advance(-1us);
    BOOST_TEST(confirms(mailed()));
}

BOOST_AUTO_TEST_CASE(a_code_is_read_as_people_type_it) {
    for (const char* good : {"ABCD2345", "abcd-2345", " ab cd 23 45 ", "A-B-C-D-2-3-4-5"}) {
        const auto code = accounts::TypedCode::parse(good);
        BOOST_REQUIRE_MESSAGE(!!code, good);
        BOOST_TEST(code->text == "ABCD2345");
    }
    for (const char* bad :
         {"", "ABCD234", "ABCD23456", "ABCD234O", "ABCD2341", "ABCD234I", "ABCD2340", "ÄBCD2345"})
        BOOST_TEST(!accounts::TypedCode::parse(bad), bad);
}

struct Codes : MailFixture {
    Codes() { users.rows.at(id).user.is_verified = false; }
    std::string mailed() { return outbox.last(Template::verify_email, "ann@example.com")->code; }
    std::string mailed_anew() {
        clock.advance(accounts::kResendInterval);
        ask(RequestKind::verify_email);
        return mailed();
    }
    bool works(std::string_view code) {
        return !!verification.confirm(*accounts::TypedCode::parse(code), id, origin);
    }
};

BOOST_FIXTURE_TEST_CASE(earlier_code_works_after_newer_mail, Codes) {
    const auto earlier = mailed();
    BOOST_TEST(mailed_anew() != earlier);
    BOOST_TEST(works(earlier));
    BOOST_TEST(users.rows.at(id).user.is_verified);
}

BOOST_FIXTURE_TEST_CASE(more_live_codes_give_no_more_guesses, Codes) {
    const auto first = mailed();
    const auto second = mailed_anew();
    for (unsigned i = 0; i < accounts::kMostCodeTries; ++i)
        BOOST_TEST(!works("AAAAAAAA"));
    BOOST_TEST(!works(first));
    BOOST_TEST(!works(second));
    BOOST_TEST(works(mailed_anew()));
}

BOOST_FIXTURE_TEST_CASE(last_try_of_an_earlier_code_still_counts, Codes) {
    const auto first = mailed();
    for (unsigned i = 0; i + 1 < accounts::kMostCodeTries; ++i)
        BOOST_TEST(!works("AAAAAAAA"));
    mailed_anew();
    BOOST_TEST(works(first));
}

BOOST_FIXTURE_TEST_CASE(code_expires_after_an_hour, Codes) {
    const auto code = mailed();
    clock.advance(accounts::kCodeLifetime);
    BOOST_TEST(!works(code));
    clock.advance(-1us);
    BOOST_TEST(works(code));
}

BOOST_FIXTURE_TEST_CASE(stored_code_needs_the_seal_key_to_be_guessed, fakes::World) {
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

BOOST_FIXTURE_TEST_CASE(code_works_while_its_key_is_in_the_ring, fakes::World) {
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

BOOST_FIXTURE_TEST_CASE(code_stored_before_the_update_stops_working, fakes::World) {
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
