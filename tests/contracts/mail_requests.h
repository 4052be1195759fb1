#pragma once

#include <string>

#include "contracts/fixture.h"
#include "outbox/outbox.h"

namespace csauth::contracts {

inline void a_mail_request_is_closed_once(Ports& p) {
    using outbox::RequestKind;
    const std::string return_to = "/" + std::string(2047, 'x');
    p.mail_requests.add(RequestKind::verify_email, "ann@example.com", kNow, return_to);
    p.mail_requests.add(RequestKind::already_registered, "ann@example.com", kNow + 1s, "");
    const auto open = p.mail_requests.open(10);
    BOOST_REQUIRE(open.size() == 2);
    BOOST_TEST(p.mail_requests.open(1).size() == 1U);
    BOOST_CHECK(open[0].kind == RequestKind::verify_email);
    BOOST_TEST(open[0].email_key == "ann@example.com");
    BOOST_TEST(open[0].return_to == return_to);
    BOOST_TEST(open[1].return_to.empty());
    BOOST_TEST(p.mail_requests.close(open[0].id, kNow));
    BOOST_TEST(!p.mail_requests.close(open[0].id, kNow));
    BOOST_TEST(p.mail_requests.open(10).size() == 1U);
    const auto sent = [&](RequestKind kind, TimePoint since) {
        return p.mail_requests.sent_since(kind, "ann@example.com", since);
    };
    BOOST_TEST(sent(RequestKind::verify_email, kNow - 1s) == 0U);
    p.mail_requests.mark_sent(open[0].id);
    BOOST_TEST(sent(RequestKind::verify_email, kNow - 1s) == 1U);
    BOOST_TEST(sent(RequestKind::verify_email, kNow) == 0U);
    BOOST_TEST(sent(RequestKind::already_registered, kNow - 1s) == 0U);
    p.mail_requests.forget("ann@example.com");
    BOOST_TEST(sent(RequestKind::verify_email, kNow - 1s) == 0U);
    BOOST_TEST(p.mail_requests.open(10).empty());
}

inline constexpr Contract kMailRequests[] = {
    {"a_mail_request_is_closed_once", a_mail_request_is_closed_once},
};

}  // namespace csauth::contracts
