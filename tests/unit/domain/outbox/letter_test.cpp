#include "outbox/letter.h"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace csauth;
using outbox::Template;

BOOST_AUTO_TEST_SUITE(letter)

BOOST_AUTO_TEST_CASE(every_template_is_found_by_its_name) {
    for (const auto which : outbox::kAllTemplates)
        BOOST_CHECK(outbox::template_named(name_of(which)) == which);
    BOOST_TEST(!outbox::template_named("nonsense").has_value());
}

BOOST_AUTO_TEST_CASE(only_mails_that_were_asked_for_reach_an_unconfirmed_address) {
    const std::set<Template> reaching{Template::verify_email, Template::already_registered,
                                      Template::reset_password, Template::change_email, Template::invitation};
    for (const auto which : outbox::kAllTemplates)
        BOOST_TEST(outbox::may_reach_unconfirmed(which) == reaching.contains(which), name_of(which));
}

BOOST_AUTO_TEST_CASE(only_mails_with_a_link_hold_a_token) {
    const std::set<Template> linking{Template::verify_email, Template::reset_password, Template::change_email,
                                     Template::email_changed, Template::invitation};
    for (const auto which : outbox::kAllTemplates)
        BOOST_TEST(outbox::holds_token(which) == linking.contains(which), name_of(which));
}

BOOST_AUTO_TEST_SUITE_END()
