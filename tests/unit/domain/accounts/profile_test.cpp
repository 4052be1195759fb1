#include "accounts/profile.h"

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"
#include "unit/domain/accounts/account_fixture.h"

using namespace csauth;
using namespace std::chrono_literals;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(profile)

BOOST_FIXTURE_TEST_CASE(a_name_that_was_given_up_is_free_for_its_holder_alone, AccountFixture) {
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

BOOST_FIXTURE_TEST_CASE(what_is_as_it_was_is_not_in_the_log, AccountFixture) {
    const auto written = [&] { return audit.count(audit::Action::user_updated); };
    const auto before = written();
    const users::ProfileChange change{.full_name = users::FullName{"Ann A."}, .language = "de"};
    for (int i = 0; i < 3; ++i)
        BOOST_REQUIRE(!!profile.change(id, change, origin));
    BOOST_TEST(written() == before + 1);
    BOOST_TEST(audit.acts.back().detail == "full_name, language");
}

BOOST_FIXTURE_TEST_CASE(who_was_deleted_meanwhile_is_told_so, AccountFixture) {
    users.rows.erase(id);
    const auto outcome = profile.change(id, {.bio = users::Bio{"x"}}, origin);
    BOOST_REQUIRE(!outcome);
    BOOST_CHECK(outcome.error().code == ErrorCode::session_ended);
}

BOOST_FIXTURE_TEST_CASE(nobody_hoards_names, AccountFixture) {
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
