// What the answers say about mails and waits, which a person reads.
#include <boost/test/unit_test.hpp>

#include "fakes/dispatching.h"

using namespace csauth;
using namespace std::chrono_literals;

namespace {

struct Fixture : fakes::Dispatching {
    users::User user = ann();

    std::string member(const http::Response& response, std::string_view name) {
        return std::string{json::Object::parse(response.body)->string(name).value_or("")};
    }
    http::Response ask(const char* path, std::string_view address, std::string_view more = "") {
        clock.advance(1h);  // past every limit
        return send("POST", path, R"({"email":")" + std::string{address} + '"' + std::string{more} + "}");
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mail_texts)

BOOST_FIXTURE_TEST_CASE(answers_promise_no_mail_that_does_not_come, Fixture) {
    for (const auto& [path, text] :
         {std::pair{"/api/resend-verification",
                    "If this address has an account that waits for confirmation, a new mail is on its way, "
                    "unless the last one is less than 3 minutes old or 5 were sent in the last 24 hours. In "
                    "that case, use the newest mail that you have."},
          std::pair{"/api/password/forgot",
                    "If this address has an account, a mail with a link to choose a new password is on its "
                    "way, unless 3 were sent in the last hour. In that case, use the newest mail that you "
                    "have."}}) {
        const auto known = ask(path, "ann@example.com");
        const auto unknown = ask(path, "nobody@example.com");
        BOOST_TEST(known.status == 202);
        BOOST_TEST(member(known, "message") == text);
        BOOST_TEST(unknown.body == known.body);
        BOOST_TEST(unknown.status == known.status);
    }
}

BOOST_FIXTURE_TEST_CASE(change_of_address_has_the_same_words_for_a_taken_one, Fixture) {
    BOOST_REQUIRE(!!register_account("taken@example.com", "taker"));
    const auto signed_in_ann = sign_in("ann@example.com", "correct horse");
    BOOST_REQUIRE(!!signed_in_ann);
    const auto change = [&](std::string_view address) {
        return send("POST", "/api/email/change",
                    R"({"password":"correct horse","new_email":")" + std::string{address} + "\"}",
                    signed_in_ann->tokens.access, handlers::Pool::hash);
    };
    const auto taken = change("taken@example.com");
    BOOST_TEST(taken.status == 202);
    const auto hasty = change("free@example.com");
    BOOST_TEST(code(hasty) == "too_many_requests");
    BOOST_TEST(member(hasty, "detail") ==
               "You asked for a change of address less than 3 minutes ago. Look for that mail first.");
    clock.advance(accounts::kEmailChangeInterval);
    const auto free = change("free@example.com");
    BOOST_TEST(free.status == 202);
    BOOST_TEST(free.body == taken.body);
    BOOST_TEST(member(free, "message").find("If the new address is free") == 0U);
}

BOOST_FIXTURE_TEST_CASE(way_back_to_a_foreign_host_is_refused, Fixture) {
    for (const char* path : {"/api/resend-verification", "/api/password/forgot"}) {
        for (const char* good : {"/maps", "https://wiki.example.com/maps?page=2"})
            BOOST_TEST(ask(path, "ann@example.com", R"(,"return_to":")" + std::string{good} + '"').status ==
                       202);
        for (const char* bad : {"https://evil.example/", "//evil.example", "/\\\\evil.example",
                                "javascript:alert(1)", "http://wiki.example.com/", ""}) {
            const auto refused = ask(path, "ann@example.com", R"(,"return_to":")" + std::string{bad} + '"');
            BOOST_TEST(code(refused) == "validation_failed", path << ' ' << bad);
            BOOST_TEST(refused.body.find("\"/return_to\"") != std::string::npos);
        }
        BOOST_TEST(ask(path, "ann@example.com", R"(,"return_to":null)").status == 202);
    }
    const auto refused = send("POST", "/api/register",
                              R"({"email":"bob@example.com","username":"bobby","password":"correct horse",)"
                              R"("return_to":"https://evil.example/"})",
                              "", handlers::Pool::hash);
    BOOST_TEST(code(refused) == "validation_failed");
    BOOST_TEST(!users.find_by_email("bob@example.com", clock.now()).has_value());
}

BOOST_FIXTURE_TEST_CASE(link_shows_no_way_back_that_is_no_longer_allowed, Fixture) {
    BOOST_TEST(ask("/api/password/forgot", "ann@example.com", R"(,"return_to":"https://wiki.example.com/"})")
                   .status == 400);  // a stray brace
    BOOST_TEST(ask("/api/password/forgot", "ann@example.com", R"(,"return_to":"https://wiki.example.com/")")
                   .status == 202);
    requested_mail.handle_open(10);
    const auto look = [&] {
        const auto& token = outbox.last(outbox::Template::reset_password, "ann@example.com")->secret;
        return send("POST", "/api/mail-link", R"({"token":")" + token + "\"}");
    };
    BOOST_TEST(member(look(), "return_to") == "https://wiki.example.com/");
    BOOST_TEST(member(look(), "purpose") == "reset_password");
    return_hosts.hosts = {"auth.example.com"};
    BOOST_TEST(look().status == 200);
    BOOST_TEST(member(look(), "return_to").empty());
}

BOOST_FIXTURE_TEST_CASE(mail_link_refuses_what_is_no_token, Fixture) {
    BOOST_TEST(code(send("POST", "/api/mail-link", R"({"token":"x"})")) == "validation_failed");
    BOOST_TEST(code(send("POST", "/api/mail-link", "{}")) == "validation_failed");
    BOOST_TEST(
        code(send("POST", "/api/mail-link", R"({"token":"uPOKXkeoGu51yGx9L1N02bWqJLoZxrCW8iLZvs9yGaE"})")) ==
        "one_time_token_invalid");
}

BOOST_FIXTURE_TEST_CASE(ban_ends_to_the_second_and_as_a_member, Fixture) {
    const auto sign = [&] {
        return send("POST", "/api/login", R"({"email":"ann@example.com","password":"correct horse"})", "",
                    handlers::Pool::hash);
    };
    users.rows.at(user.id).user.ban = users::Ban{clock.now() + 1h + 1us, "spam"};
    const auto refused = sign();
    BOOST_TEST(code(refused) == "account_banned");
    const auto until = member(refused, "until");
    BOOST_TEST(until.size() == std::string_view{"2026-11-23T09:00:00Z"}.size());
    BOOST_TEST(member(refused, "detail") == "The account is banned until " + until + ": spam");
    users.rows.at(user.id).user.ban = users::Ban{std::nullopt, "spam"};
    BOOST_TEST(sign().body.find("\"until\"") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(wait_is_one_short_sentence, Fixture) {
    http::Response last;
    for (int i = 0; i < 12; ++i)
        last = send("POST", "/api/login", R"({"email":"ann@example.com","password":"wrong horse"})", "",
                    handlers::Pool::hash);
    BOOST_TEST(last.status == 429);
    BOOST_TEST(member(last, "detail") == "Too many attempts.");
    BOOST_TEST(!header(last, "Retry-After").empty());
}

BOOST_FIXTURE_TEST_CASE(site_has_the_name_as_it_is, Fixture) {
    BOOST_TEST(member(send("GET", "/api/site"), "name") == "Example <Wiki>");
}

BOOST_AUTO_TEST_SUITE_END()
