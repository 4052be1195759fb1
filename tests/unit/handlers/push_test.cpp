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
    http::Response ask() {
        http::Request request{.method = "GET",
                              .path = "/internal/push-targets",
                              .query = "users=" + user.text(),
                              .remote_ip = "127.0.0.1",
                              .id = "r1"};
        request.headers["authorization"] = "Bearer the notifier's key";
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

BOOST_AUTO_TEST_SUITE_END()
