#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

using namespace csauth;
using namespace std::chrono_literals;

namespace {

struct Fixture : fakes::World {
    users::User user = ann();
    UserId id = user.id;

    users::Password typed(std::string_view text) { return std::move(*users::Password::parse(text)); }
    users::NewPassword chosen(std::string_view text) { return std::move(*users::NewPassword::parse(text)); }
    sessions::OpenedSession signed_in(const char* device = "phone") {
        return std::move(*sign_in("ann@example.com", "correct horse",
                                  {.push_token = devices::PushToken{device}, .type = {}, .name = ""}));
    }
    bool works(const sessions::OpenedSession& admitted) {
        return !!gate.authenticate(admitted.tokens.access);
    }
    /// The token of the newest mail of a kind to Ann.
    accounts::PresentedToken mailed(outbox::Template which, const char* recipient = "ann@example.com") {
        const auto* letter = outbox.last(which, recipient);
        BOOST_REQUIRE(letter != nullptr);
        return *accounts::PresentedToken::parse(letter->secret);
    }
    void ask_for_reset(const char* email_key = "ann@example.com") {
        mail_requests.add(outbox::RequestKind::reset_password, email_key, clock.now(), "");
        requested_mail.handle_open(10);
    }
    std::optional<ErrorCode> refusal(const Result<void>& outcome) {
        return outcome ? std::nullopt : std::optional{outcome.error().code};
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(password_change)

BOOST_FIXTURE_TEST_CASE(the_callers_session_stays_and_all_others_end, Fixture) {
    const auto mine = signed_in();
    const auto other = signed_in("tablet");
    BOOST_TEST(!!password_change.change(id, mine.session.id, typed("correct horse"), chosen("battery staple"),
                                        origin));
    BOOST_TEST(works(mine));
    BOOST_TEST(!works(other));
    BOOST_TEST(!!refresh.refresh(mine.tokens.refresh, "", origin));
    BOOST_TEST(!sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(!!sign_in("ann@example.com", "battery staple"));
    BOOST_TEST(audit.count(audit::Action::password_changed) == 1);
    BOOST_TEST(outbox.last(outbox::Template::password_changed, "ann@example.com") != nullptr);
}

BOOST_FIXTURE_TEST_CASE(an_address_that_nobody_confirmed_is_told_of_nothing, Fixture) {
    users.rows.at(id).user.is_verified = false;
    BOOST_TEST(
        !!password_change.change(id, SessionId{}, typed("correct horse"), chosen("battery staple"), origin));
    BOOST_TEST(outbox.last(outbox::Template::password_changed, "ann@example.com") == nullptr);
}

BOOST_FIXTURE_TEST_CASE(a_wrong_or_resembling_password_changes_nothing, Fixture) {
    const auto mine = signed_in();
    const auto wrong =
        password_change.change(id, mine.session.id, typed("wrong horse"), chosen("battery staple"), origin);
    BOOST_CHECK(refusal(wrong) == ErrorCode::validation_failed);
    BOOST_TEST(wrong.error().fields.at(0).field == "current_password");
    BOOST_CHECK(wrong.error().fields.at(0).code == FieldCode::incorrect);
    const auto like =
        password_change.change(id, mine.session.id, typed("correct horse"), chosen("annie1234"), origin);
    BOOST_CHECK(refusal(like) == ErrorCode::validation_failed);
    BOOST_TEST(like.error().fields.at(0).field == "new_password");
    BOOST_TEST(works(mine));
    BOOST_TEST(users.rows.at(id).user.epoch == 0U);
    BOOST_TEST(!outbox.last(outbox::Template::password_changed, "ann@example.com"));
}

BOOST_FIXTURE_TEST_CASE(a_pending_reset_dies_with_the_change, Fixture) {
    ask_for_reset();
    const auto token = mailed(outbox::Template::reset_password);
    const auto mine = signed_in();
    BOOST_TEST(!!password_change.change(id, mine.session.id, typed("correct horse"), chosen("battery staple"),
                                        origin));
    BOOST_CHECK(refusal(password_reset.reset(token, chosen("somebody elses"), origin)) ==
                ErrorCode::one_time_token_invalid);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(password_reset)

BOOST_FIXTURE_TEST_CASE(a_token_from_the_mail_sets_a_password_once, Fixture) {
    const auto session = signed_in();
    ask_for_reset();
    const auto token = mailed(outbox::Template::reset_password);
    BOOST_TEST(!!password_reset.reset(token, chosen("battery staple"), origin));
    BOOST_TEST(!works(session));
    BOOST_TEST(!!sign_in("ann@example.com", "battery staple"));
    BOOST_CHECK(refusal(password_reset.reset(token, chosen("battery staple"), origin)) ==
                ErrorCode::one_time_token_invalid);
    BOOST_TEST(audit.count(audit::Action::password_reset) == 1);
    BOOST_TEST(outbox.last(outbox::Template::password_changed, "ann@example.com") != nullptr);
}

BOOST_FIXTURE_TEST_CASE(no_other_token_will_do, Fixture) {
    const auto unknown = *accounts::PresentedToken::parse(accounts::make_one_time_token(random).reveal());
    BOOST_CHECK(refusal(password_reset.reset(unknown, chosen("battery staple"), origin)) ==
                ErrorCode::one_time_token_invalid);
    verification_mail.send(user);
    BOOST_CHECK(refusal(password_reset.reset(mailed(outbox::Template::verify_email), chosen("battery staple"),
                                             origin)) == ErrorCode::one_time_token_invalid);
    ask_for_reset();
    const auto token = mailed(outbox::Template::reset_password);
    BOOST_CHECK(
        !verification.confirm(token, {.caller = id, .password = {}}, origin));  // it confirms no address
    clock.advance(accounts::kResetLifetime);
    BOOST_CHECK(refusal(password_reset.reset(token, chosen("battery staple"), origin)) ==
                ErrorCode::one_time_token_invalid);
    clock.advance(-1us);
    BOOST_TEST(!!password_reset.reset(token, chosen("battery staple"), origin));
}

BOOST_FIXTURE_TEST_CASE(a_token_dies_with_address_and_epoch, Fixture) {
    ask_for_reset();
    const auto token = mailed(outbox::Template::reset_password);
    users.rows.at(id).user.email_key = "other@example.com";
    BOOST_CHECK(refusal(password_reset.reset(token, chosen("battery staple"), origin)) ==
                ErrorCode::one_time_token_invalid);
    users.rows.at(id).user.email_key = "ann@example.com";
    users.raise_epoch(id);
    BOOST_CHECK(refusal(password_reset.reset(token, chosen("battery staple"), origin)) ==
                ErrorCode::one_time_token_invalid);
}

BOOST_FIXTURE_TEST_CASE(whatever_a_squatter_left_is_gone, Fixture) {
    auto form = applicant("victim@example.com", "squatter", "squat on this");
    form.full_name = {"Not The Victim"};
    form.bio = {"evil"};
    const auto squatter = registration.register_account(form, origin);
    users.set_avatar(squatter->user.id, std::string(64, 'a'));
    ask_for_reset("victim@example.com");
    BOOST_TEST(!!password_reset.reset(mailed(outbox::Template::reset_password, "victim@example.com"),
                                      chosen("battery staple"), origin));
    const auto& row = users.rows.at(squatter->user.id);
    BOOST_TEST(row.user.is_verified);
    BOOST_TEST(row.user.full_name.empty());
    BOOST_TEST(row.user.bio.empty());
    BOOST_TEST(!row.user.avatar.has_value());
    BOOST_TEST(devices.page_of(row.user.id, {}, 1000).empty());
    BOOST_TEST(sessions.newest_of(row.user.id, 1000).empty());
    BOOST_TEST(!gate.authenticate(squatter->tokens.access));
    BOOST_TEST(!refresh.refresh(squatter->tokens.refresh, "", origin));
    BOOST_TEST(!sign_in("victim@example.com", "squat on this"));
    BOOST_TEST(!!sign_in("victim@example.com", "battery staple"));
}

BOOST_FIXTURE_TEST_CASE(a_reset_that_commits_while_a_sign_in_hashes_wins, Fixture) {
    // The sign-in has read and verified; the reset comes between that and the session.
    const auto known = users.credentials(id, clock.now());
    ask_for_reset();
    BOOST_TEST(
        !!password_reset.reset(mailed(outbox::Template::reset_password), chosen("battery staple"), origin));
    BOOST_TEST(!session_opener.open(known->user, {}, origin).has_value());
}

BOOST_FIXTURE_TEST_CASE(an_address_gets_three_resets_an_hour_and_a_stranger_none, Fixture) {
    const auto count = [&] {
        return std::count_if(outbox.letters.begin(), outbox.letters.end(), [](const auto& letter) {
            return letter.which == outbox::Template::reset_password;
        });
    };
    for (int i = 0; i < 5; ++i)
        ask_for_reset();
    BOOST_TEST(count() == 3);
    clock.advance(1h);
    ask_for_reset();
    BOOST_TEST(count() == 4);
    ask_for_reset("nobody@example.com");
    BOOST_TEST(count() == 4);
    BOOST_TEST(mail_requests.open(10).empty());
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(email_change)

struct ChangeFixture : Fixture {
    std::optional<ErrorCode> ask(const char* fresh, const char* password = "correct horse") {
        return refusal(email_change.request(id, *users::Email::parse(fresh), typed(password), origin));
    }
    std::optional<ErrorCode> confirm(const accounts::PresentedToken& token,
                                     accounts::AccountProof proof = {}) {
        const auto outcome = email_change.confirm(token, proof, origin);
        return outcome ? std::nullopt : std::optional{outcome.error().code};
    }
    accounts::AccountProof mine() { return {.caller = id, .password = {}}; }
    void change_to(const char* fresh) {
        BOOST_REQUIRE(!ask(fresh));
        BOOST_REQUIRE(!confirm(mailed(outbox::Template::change_email, fresh), mine()));
        clock.advance(accounts::kEmailChangeInterval);
    }
    const users::User& now() { return users.rows.at(id).user; }
};

BOOST_FIXTURE_TEST_CASE(account_and_new_mailbox_together_change_the_address, ChangeFixture) {
    const auto session = signed_in();
    BOOST_TEST(!ask("Ann@Example.org"));
    BOOST_TEST(now().email == "ann@example.com");
    const auto token = mailed(outbox::Template::change_email, "Ann@example.org");
    BOOST_CHECK(confirm(token) == ErrorCode::authentication_required);
    const auto stranger = register_account("bob@example.com", "bobby")->user.id;
    BOOST_CHECK(confirm(token, {.caller = stranger, .password = {}}) == ErrorCode::permission_denied);
    BOOST_CHECK(confirm(token, {.caller = {}, .password = typed("wrong horse")}) ==
                ErrorCode::invalid_credentials);
    BOOST_TEST(now().email == "ann@example.com");
    BOOST_TEST(!confirm(token, {.caller = {}, .password = typed("correct horse")}));
    BOOST_TEST(now().email == "Ann@example.org");
    BOOST_TEST(!confirm(token, mine()));  // twice is fine
    BOOST_TEST(audit.count(audit::Action::email_changed) == 1);
    BOOST_TEST(works(session));
    BOOST_TEST(!!sign_in("ann@example.org", "correct horse"));
    BOOST_TEST(outbox.last(outbox::Template::email_changed, "ann@example.com") != nullptr);
    // Held for its owner: nobody else gets the former address, and the owner may have it back.
    BOOST_CHECK(register_account("ann@example.com", "somebody").error().code == ErrorCode::email_taken);
    clock.advance(accounts::kEmailChangeInterval);
    change_to("ann@example.com");
    BOOST_TEST(now().email == "ann@example.com");
    clock.advance(72h);
    BOOST_TEST(!!register_account("ann@example.org", "somebody"));
}

BOOST_FIXTURE_TEST_CASE(a_taken_address_gets_the_same_answer_and_its_owner_hears_of_it, ChangeFixture) {
    BOOST_REQUIRE(!!register_account("bob@example.com", "bobby"));
    BOOST_TEST(!ask("BOB@example.com"));
    BOOST_TEST(outbox.last(outbox::Template::change_email, "BOB@example.com") == nullptr);
    BOOST_REQUIRE(mail_requests.open(10).size() == 1);
    BOOST_CHECK(mail_requests.open(10)[0].kind == outbox::RequestKind::already_registered);
}

BOOST_FIXTURE_TEST_CASE(a_request_is_refused_for_password_address_and_haste, ChangeFixture) {
    BOOST_CHECK(ask("ann@example.org", "wrong horse") == ErrorCode::validation_failed);
    BOOST_CHECK(ask("ANN@example.com") == ErrorCode::validation_failed);
    BOOST_TEST(!ask("ann@example.org"));
    BOOST_CHECK(ask("ann@example.net") == ErrorCode::too_many_requests);
    clock.advance(accounts::kEmailChangeInterval - 1us);
    BOOST_CHECK(ask("ann@example.net") == ErrorCode::too_many_requests);
    clock.advance(1us);
    BOOST_TEST(!ask("ann@example.net"));
    // The newer mail has taken the place of the one before.
    BOOST_CHECK(confirm(mailed(outbox::Template::change_email, "ann@example.org"), mine()) ==
                ErrorCode::link_superseded);
    BOOST_TEST(!confirm(mailed(outbox::Template::change_email, "ann@example.net"), mine()));
}

BOOST_FIXTURE_TEST_CASE(a_token_confirms_only_while_nothing_has_changed, ChangeFixture) {
    BOOST_TEST(!ask("ann@example.org"));
    const auto token = mailed(outbox::Template::change_email, "ann@example.org");
    users.raise_epoch(id);
    BOOST_CHECK(confirm(token, mine()) == ErrorCode::one_time_token_invalid);
    users.rows.at(id).user.epoch = 0;
    clock.advance(24h);
    BOOST_CHECK(confirm(token, mine()) == ErrorCode::one_time_token_invalid);
    clock.advance(-1us);
    BOOST_REQUIRE(!!register_account("ann@example.org", "faster"));
    BOOST_CHECK(confirm(token, mine()) == ErrorCode::email_taken);
}

BOOST_FIXTURE_TEST_CASE(the_former_mailbox_takes_a_change_back, ChangeFixture) {
    change_to("thief@example.org");
    const auto token = mailed(outbox::Template::email_changed);
    const auto thief = sign_in("thief@example.org", "correct horse");
    BOOST_REQUIRE(thief);
    // A thief who changes the password too does not get rid of it.
    BOOST_TEST(!!password_change.change(id, thief->session.id, typed("correct horse"), chosen("stolen goods"),
                                        origin));
    BOOST_TEST(!refusal(email_change.revert(token, origin)));
    BOOST_TEST(now().email == "ann@example.com");
    BOOST_TEST(!works(*thief));
    BOOST_TEST(!sign_in("ann@example.com", "stolen goods"));
    BOOST_TEST(!sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(!sign_in("ann@example.com", std::string{users::kNoPassword}));
    BOOST_CHECK(refusal(email_change.revert(token, origin)) == ErrorCode::one_time_token_invalid);
    BOOST_TEST(audit.count(audit::Action::email_reverted) == 1);
    BOOST_TEST(
        !!password_reset.reset(mailed(outbox::Template::reset_password), chosen("battery staple"), origin));
    BOOST_TEST(!!sign_in("ann@example.com", "battery staple"));
}

BOOST_FIXTURE_TEST_CASE(an_earlier_revert_voids_the_later_ones_and_not_the_other_way_round, ChangeFixture) {
    change_to("second@example.org");
    const auto to_first = mailed(outbox::Template::email_changed);
    change_to("third@example.org");
    const auto to_second = mailed(outbox::Template::email_changed, "second@example.org");
    // Whoever has the second mailbox goes back to it; the first one keeps its right.
    BOOST_TEST(!refusal(email_change.revert(to_second, origin)));
    BOOST_TEST(now().email == "second@example.org");
    BOOST_TEST(!refusal(email_change.revert(to_first, origin)));
    BOOST_TEST(now().email == "ann@example.com");
}

BOOST_FIXTURE_TEST_CASE(a_later_revert_behind_an_earlier_one_is_refused, ChangeFixture) {
    change_to("second@example.org");
    const auto to_first = mailed(outbox::Template::email_changed);
    change_to("third@example.org");
    const auto to_second = mailed(outbox::Template::email_changed, "second@example.org");
    BOOST_TEST(!refusal(email_change.revert(to_first, origin)));
    BOOST_CHECK(refusal(email_change.revert(to_second, origin)) == ErrorCode::one_time_token_invalid);
    BOOST_TEST(now().email == "ann@example.com");
}

BOOST_FIXTURE_TEST_CASE(a_revert_lives_for_72_hours, ChangeFixture) {
    BOOST_REQUIRE(!ask("second@example.org"));
    BOOST_REQUIRE(!confirm(mailed(outbox::Template::change_email, "second@example.org"), mine()));
    const auto token = mailed(outbox::Template::email_changed);
    clock.advance(72h);
    BOOST_CHECK(refusal(email_change.revert(token, origin)) == ErrorCode::one_time_token_invalid);
    clock.advance(-1us);
    BOOST_TEST(!refusal(email_change.revert(token, origin)));
}

BOOST_FIXTURE_TEST_CASE(an_address_that_was_never_confirmed_has_no_right_to_revert, ChangeFixture) {
    users.rows.at(id).user.is_verified = false;
    change_to("second@example.org");
    BOOST_TEST(now().is_verified);
    BOOST_TEST(outbox.last(outbox::Template::email_changed, "ann@example.com") == nullptr);
    BOOST_TEST(!!register_account("ann@example.com", "true-ann"));
}

BOOST_FIXTURE_TEST_CASE(roles_that_were_meant_for_the_owner_of_an_address_stay_with_none_but_them,
                        ChangeFixture) {
    users.rows.at(id).user.is_verified = false;  // registered by a stranger, and given a role in good faith
    roles.give(id, {{.name = "admin", .priority = 100, .flags = {.can_manage_roles = true}},
                    {.name = "member", .is_default = true}});
    change_to("stranger@example.org");
    BOOST_TEST(now().is_verified);
    BOOST_TEST(roles::names_of(roles.held_by(id)) == std::vector<std::string>{"member"});
    BOOST_TEST(audit.count(audit::Action::roles_changed) == 1);

    // Who had confirmed one takes along what they have.
    roles.give(id, {{.name = "editor", .priority = 10}});
    users.rows.at(id).user.is_verified = false;
    users.rows.at(id).user.was_ever_verified = true;
    clock.advance(accounts::kEmailChangeInterval);
    change_to("moved@example.org");
    BOOST_TEST(roles.held_by(id).size() == 1U);
    BOOST_TEST(outbox.last(outbox::Template::email_changed, "stranger@example.org") != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(profile)

BOOST_FIXTURE_TEST_CASE(a_name_that_was_given_up_is_free_for_its_holder_alone, Fixture) {
    const auto rename = [&](UserId who, const char* name) -> std::optional<ErrorCode> {
        const auto outcome = profile.change(who, {.username = *users::Username::parse(name)}, origin);
        return outcome ? std::nullopt : std::optional{outcome.error().code};
    };
    const auto bob = register_account("bob@example.com", "bobby")->user.id;
    BOOST_CHECK(rename(bob, "Annie") == ErrorCode::username_taken);
    BOOST_TEST(!rename(id, "anna"));
    BOOST_CHECK(rename(bob, "annie") == ErrorCode::username_taken);
    BOOST_CHECK(register_account("new@example.com", "annie").error().code == ErrorCode::username_taken);
    BOOST_TEST(!rename(id, "Annie"));
    BOOST_TEST(!rename(id, "ANNIE"));  // another spelling of one's own name
    BOOST_CHECK(rename(bob, "anna") == ErrorCode::username_taken);
    clock.advance(90 * 24h);
    BOOST_TEST(!rename(bob, "anna"));
    BOOST_TEST(audit.count(audit::Action::user_updated) == 4);
}

BOOST_FIXTURE_TEST_CASE(what_is_as_it_was_is_not_in_the_log, Fixture) {
    const auto written = [&] { return audit.count(audit::Action::user_updated); };
    const auto before = written();
    const users::ProfileChange change{.full_name = users::FullName{"Ann A."}, .language = "de"};
    for (int i = 0; i < 3; ++i)
        BOOST_REQUIRE(!!profile.change(id, change, origin));
    BOOST_TEST(written() == before + 1);
    BOOST_TEST(audit.acts.back().detail == "full_name, language");
}

BOOST_FIXTURE_TEST_CASE(who_was_deleted_meanwhile_is_told_so, Fixture) {
    users.rows.erase(id);
    const auto outcome = profile.change(id, {.bio = users::Bio{"x"}}, origin);
    BOOST_REQUIRE(!outcome);
    BOOST_CHECK(outcome.error().code == ErrorCode::session_ended);
}

BOOST_FIXTURE_TEST_CASE(nobody_hoards_names, Fixture) {
    for (const char* name : {"name-1", "name-2", "name-3", "name-4", "name-5"})
        BOOST_TEST(!!profile.change(id, {.username = *users::Username::parse(name)}, origin));
    const auto refused = profile.change(id, {.username = *users::Username::parse("name-6")}, origin);
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.error().code == ErrorCode::too_many_requests);
    BOOST_CHECK(refused.error().retry_after == 90 * 24h);
    BOOST_TEST(users.rows.at(id).user.username == "name-5");
    BOOST_TEST(!!profile.change(id, {.username = *users::Username::parse("annie")}, origin));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(deletion)

BOOST_FIXTURE_TEST_CASE(an_account_ends_with_all_that_belongs_to_it, Fixture) {
    const auto session = signed_in();
    const auto wrong = deletion.delete_account(id, typed("wrong horse"), origin);
    BOOST_CHECK(refusal(wrong) == ErrorCode::validation_failed);
    BOOST_TEST(works(session));
    mail_requests.add(outbox::RequestKind::verify_email, "ann@example.com", clock.now(), "");

    BOOST_TEST(!!deletion.delete_account(id, typed("correct horse"), origin));
    BOOST_TEST(!works(session));
    BOOST_TEST(!refresh.refresh(session.tokens.refresh, "", origin));
    BOOST_TEST(!sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(users.rows.empty());
    BOOST_TEST(mail_requests.open(10).empty());
    BOOST_REQUIRE(outbox.letters.size() == 1);
    BOOST_CHECK(outbox.letters[0].which == outbox::Template::account_deleted);
    BOOST_TEST(audit.count(audit::Action::user_deleted) == 1);
    BOOST_TEST(audit.erased.contains(id));
    // The name is nobody's for good; the address may come back with its owner.
    clock.advance(24h * 3650);
    BOOST_CHECK(register_account("new@example.com", "annie").error().code == ErrorCode::username_taken);
    BOOST_TEST(!!register_account("ann@example.com", "ann-again"));
}

BOOST_FIXTURE_TEST_CASE(a_thief_can_not_delete_what_the_former_mailbox_may_take_back, Fixture) {
    BOOST_REQUIRE(!!email_change.request(id, *users::Email::parse("thief@example.org"),
                                         typed("correct horse"), origin));
    BOOST_REQUIRE(!!email_change.confirm(mailed(outbox::Template::change_email, "thief@example.org"),
                                         {.caller = id, .password = {}}, origin));
    const auto refused = deletion.delete_account(id, typed("correct horse"), origin);
    BOOST_CHECK(refusal(refused) == ErrorCode::too_many_requests);
    BOOST_CHECK(refused.error().retry_after == 72h);
    clock.advance(72h);
    BOOST_TEST(!!deletion.delete_account(id, typed("correct horse"), origin));
    BOOST_TEST(!!register_account("ann@example.com", "ann-again"));
}

BOOST_FIXTURE_TEST_CASE(an_account_that_nobody_confirmed_leaves_nothing_taken, Fixture) {
    const auto squatter = register_account("victim@example.com", "squatted")->user.id;
    outbox.letters.clear();
    BOOST_TEST(!!deletion.delete_account(squatter, typed("correct horse"), origin));
    BOOST_TEST(outbox.letters.empty());
    BOOST_TEST(!!register_account("victim@example.com", "squatted"));
}

BOOST_FIXTURE_TEST_CASE(an_address_that_nobody_confirmed_gets_five_mails_a_day, Fixture) {
    const auto count = [&] {
        return std::count_if(outbox.letters.begin(), outbox.letters.end(),
                             [](const auto& letter) { return letter.recipient == "victim@example.com"; });
    };
    long before = 0;
    for (int round = 0; round < 8; ++round) {
        const auto squatter = register_account("victim@example.com", "squatter")->user.id;
        before += count();
        BOOST_TEST(!!deletion.delete_account(squatter, typed("correct horse"), origin));
        outbox.letters.clear();
    }
    BOOST_TEST(before == 5);
    // Neither do changes of address get around that, however many accounts ask.
    for (int account = 0; account < 8; ++account) {
        const auto name = "changer-" + std::to_string(account);
        const auto changer = register_account(name + "@example.com", name)->user.id;
        BOOST_TEST(!!email_change.request(changer, *users::Email::parse("victim@example.com"),
                                          typed("correct horse"), origin));
    }
    BOOST_TEST(count() == 5);
    clock.advance(24h);
    BOOST_TEST(!!register_account("victim@example.com", "squatter"));
    BOOST_TEST(count() == 6);
}

BOOST_FIXTURE_TEST_CASE(who_does_not_confirm_within_seven_days_is_gone, Fixture) {
    const auto late = register_account("late@example.com", "latecomer")->user.id;
    clock.advance(7 * 24h);
    BOOST_TEST(accounts::delete_unverified(users, erasure, transactions, 10, clock.now()) == 0U);
    clock.advance(1us);
    BOOST_TEST(accounts::delete_unverified(users, erasure, transactions, 10, clock.now()) == 1U);
    BOOST_TEST(!users.rows.contains(late));
    BOOST_TEST(users.rows.contains(id));
    BOOST_TEST(!!register_account("late@example.com", "latecomer"));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(typed_code)

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

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(notices)

BOOST_FIXTURE_TEST_CASE(a_sign_in_from_elsewhere_on_a_new_device_is_told, Fixture) {
    const auto told = [&] {
        return std::count_if(outbox.letters.begin(), outbox.letters.end(),
                             [](const auto& letter) { return letter.which == outbox::Template::new_device; });
    };
    const devices::DeviceClaim phone{.push_token = devices::PushToken{"phone"}, .type = {}, .name = ""};
    BOOST_TEST(!!sign_in("ann@example.com", "correct horse", phone));  // the browser that registered
    BOOST_TEST(told() == 0);
    origin.ip = "192.0.2.77";
    BOOST_TEST(!!sign_in("ann@example.com", "correct horse", phone));  // a device that we know
    BOOST_TEST(told() == 0);
    origin.user_agent = "another";
    BOOST_TEST(!!sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(told() == 1);
    BOOST_TEST(!!sign_in("ann@example.com", "correct horse"));
    BOOST_TEST(told() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
