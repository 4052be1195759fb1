#include "accounts/personal_data.h"

#include <boost/test/unit_test.hpp>

#include "fakes/dispatching.h"
#include "handlers/views/personal_data.h"

using namespace csauth;
using namespace std::chrono_literals;

namespace {

struct Fixture : fakes::Dispatching {
    UserId id = ann().id;

    void add_ended_sessions(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            clock.advance(1s);
            const auto session = SessionId::make(clock.now(), random);
            sessions.rows[session].session = {.id = session, .user = id, .created_at = clock.now()};
            sessions.rows[session].ended = sessions::EndReason::signed_out;
        }
    }
    accounts::PersonalData exported() { return *personal_data.of(id); }
};

/// A text of so many bytes, each of which JSON writes as six.
std::string worst(std::size_t bytes) { return std::string(bytes, '\x01'); }

}  // namespace

BOOST_AUTO_TEST_SUITE(personal_data)

BOOST_FIXTURE_TEST_CASE(sessions_past_the_limit_are_cut_and_the_cut_is_told, Fixture) {
    sessions.rows.clear();
    add_ended_sessions(accounts::kMostExportedSessions);
    BOOST_TEST(exported().sessions.items.size() == accounts::kMostExportedSessions);
    BOOST_TEST(exported().sessions.is_complete);
    const auto oldest = exported().sessions.items.back().session.id;
    add_ended_sessions(1);
    const auto data = exported();
    BOOST_TEST(data.sessions.items.size() == accounts::kMostExportedSessions);
    BOOST_TEST(!data.sessions.is_complete);
    BOOST_CHECK(data.sessions.items.back().session.id != oldest);
    BOOST_CHECK(data.sessions.items.front().session.created_at == clock.now());
    const auto document = handlers::views::personal_data(data);
    BOOST_TEST(document.find(R"("sessions_are_complete":false)") != std::string::npos);
    BOOST_TEST(document.find(R"("mails_are_complete":true)") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(mails_past_the_limit_are_cut_and_the_cut_is_told, Fixture) {
    const auto send = [&](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            outbox.letters.push_back({.which = outbox::Template::new_device,
                                      .recipient = "ann@example.com",
                                      .secret = {},
                                      .code = {},
                                      .user = id,
                                      .give_up_at = {}});
    };
    outbox.letters.clear();
    send(accounts::kMostExportedMails);
    BOOST_TEST(exported().mails.is_complete);
    send(1);
    BOOST_TEST(exported().mails.items.size() == accounts::kMostExportedMails);
    BOOST_TEST(!exported().mails.is_complete);
}

BOOST_FIXTURE_TEST_CASE(tokens_past_the_limit_are_cut_and_the_cut_is_told, Fixture) {
    const auto issue = [&](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            one_time_tokens.add({.hash = random.bytes<32>(),
                                 .purpose = accounts::Purpose::reset_password,
                                 .user = id,
                                 .email_key = "ann@example.com",
                                 .created_at = clock.now(),
                                 .expires_at = clock.now()});
    };
    one_time_tokens.rows.clear();
    issue(accounts::kMostExportedTokens);
    BOOST_TEST(exported().tokens.is_complete);
    issue(1);
    BOOST_TEST(exported().tokens.items.size() == accounts::kMostExportedTokens);
    BOOST_TEST(!exported().tokens.is_complete);
}

BOOST_FIXTURE_TEST_CASE(acts_past_the_limit_are_cut_and_the_cut_is_told, Fixture) {
    audit.entries.clear();
    const auto act = [&](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            audit.record({.action = audit::Action::user_updated, .subject = id}, origin, clock.now());
    };
    act(accounts::kMostExportedActs);
    BOOST_TEST(exported().activity.items.size() == accounts::kMostExportedActs);
    BOOST_TEST(exported().activity.is_complete);
    act(1);
    BOOST_TEST(exported().activity.items.size() == accounts::kMostExportedActs);
    BOOST_TEST(!exported().activity.is_complete);
}

BOOST_AUTO_TEST_CASE(largest_export_keeps_its_documented_size) {
    accounts::PersonalData data{
        .user = {}, .roles = {}, .sessions = {}, .devices = {}, .tokens = {}, .mails = {}, .activity = {}};
    data.sessions.items.assign(
        accounts::kMostExportedSessions,
        {{.device = {{}, devices::DeviceType::other, worst(400)}, .ip = worst(45), .user_agent = worst(255)},
         TimePoint{},
         "password_changed"});
    data.devices.items.assign(accounts::kMostExportedDevices,
                              {.device = {{}, devices::DeviceType::other, worst(400)},
                               .push_token = worst(4096),
                               .is_online = true,
                               .last_seen = {},
                               .created_at = {}});
    data.tokens.items.assign(accounts::kMostExportedTokens, {.hash = {},
                                                             .purpose = accounts::Purpose::revert_email,
                                                             .user = {},
                                                             .email_key = {},
                                                             .address = worst(254),
                                                             .created_at = {},
                                                             .expires_at = {}});
    data.mails.items.assign(accounts::kMostExportedMails, {.id = {},
                                                           .which = "verify_email",
                                                           .language = "en",
                                                           .recipient = worst(254),
                                                           .state = "queued",
                                                           .created_at = {},
                                                           .next_attempt_at = {},
                                                           .give_up_at = {},
                                                           .finished_at = {},
                                                           .last_error = {},
                                                           .parameters = {}});
    audit::Entry entry{};
    entry.action = "user_registration_success";
    entry.outcome = "success";
    entry.ip = worst(45);
    entry.detail = worst(255);
    data.activity.items.assign(accounts::kMostExportedActs, entry);
    BOOST_TEST_MESSAGE(handlers::views::personal_data(data).size());
    BOOST_TEST(handlers::views::personal_data(data).size() <= accounts::kLargestExport);
}

BOOST_FIXTURE_TEST_CASE(export_is_limited_by_user_wherever_they_are, Fixture) {
    const auto token = sign_in("ann@example.com", "correct horse")->tokens.access;
    const auto ask = [&](const std::string& ip) {
        http::Request request{.method = "GET", .path = "/api/me/export/", .remote_ip = ip, .id = "r1"};
        request.headers["authorization"] = "Bearer " + token;
        return handlers::dispatch(services, request, handlers::Pool::api).response;
    };
    const auto free = limits::rate_of(limits::Limit::exports_of_user).free;
    for (unsigned i = 0; i < free; ++i)
        BOOST_TEST(ask("192.0.2." + std::to_string(i)).status == 200);
    const auto refused = ask("198.51.100.1");
    BOOST_TEST(code(refused) == "too_many_requests");
    BOOST_TEST(!header(refused, "Retry-After").empty());
}

BOOST_AUTO_TEST_SUITE_END()
