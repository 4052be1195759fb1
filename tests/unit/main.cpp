#define BOOST_TEST_NO_MAIN
#include <boost/test/unit_test.hpp>

#include "contracts/contracts.h"
#include "fakes/world.h"
#include "repository.h"

namespace csauth {
namespace {

bool init() {
    const auto with_ports = [](const std::function<void(contracts::Ports&)>& contract) {
        fakes::World world;
        contracts::Ports ports{world.users,    world.reservations,    world.roles,         world.devices,
                               world.sessions, world.one_time_tokens, world.mail_requests, world.board,
                               world.random,   world.directory,       world.audit};
        contract(ports);
    };
    contracts::register_all("fake_stores", with_ports);
    return true;
}

}  // namespace
}  // namespace csauth

int main(int argc, char** argv) {
    csauth::tests::enter_repository();
    return boost::unit_test::unit_test_main(csauth::init, argc, argv);
}
