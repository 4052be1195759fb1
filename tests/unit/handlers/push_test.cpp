#include <boost/test/unit_test.hpp>

#include "fakes/dispatching.h"

using namespace csauth;

namespace {

struct Fixture : fakes::Dispatching {
    UserId user = UserId::make(clock.now(), random);

    Fixture() {
        devices.has_session = [](DeviceId) { return true; };
    }

    void add_devices(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto id = DeviceId::make(clock.now(), random);
            devices.rows[id] = {.device = {id, csauth::devices::DeviceType::other, ""},
                                .user = user,
                                .push_token = "token",
                                .last_seen = clock.now(),
                                .created_at = clock.now()};
        }
    }
    http::Response ask(std::string ip = "127.0.0.1", const std::string& key = "the notifier's key") {
        http::Request request{.method = "GET",
                              .path = "/internal/push-targets",
                              .query = "users=" + user.text(),
                              .remote_ip = std::move(ip),
                              .id = "r1"};
        request.headers["authorization"] = "Bearer " + key;
        return handlers::dispatch(services, request, handlers::Pool::api).response;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(push)

BOOST_FIXTURE_TEST_CASE(targets_past_the_limit_are_refused_and_not_cut, Fixture) {
    add_devices(csauth::devices::kMostPushTargets);
    BOOST_TEST(ask().status == 200);
    add_devices(1);
    BOOST_TEST(code(ask()) == "bad_request");
}

BOOST_FIXTURE_TEST_CASE(key_opens_the_route_on_this_machine_only, Fixture) {
    for (const char* near : {"127.0.0.1", "127.8.8.8", "::1"})
        BOOST_TEST(ask(near).status == 200, near);
    for (const char* far : {"192.0.2.1", "10.0.0.1", "2001:db8::1", "", "1127.0.0.1"})
        BOOST_TEST(code(ask(far)) == "not_found", far);
    BOOST_TEST(code(ask("127.0.0.1", "another key")) == "authentication_required");
}

BOOST_AUTO_TEST_SUITE_END()
