#define BOOST_TEST_NO_MAIN
#include <boost/test/unit_test.hpp>

#include "contracts/contracts.h"
#include "repository.h"
#include "store_database.h"

namespace csauth {
namespace {

bool init() {
    const auto with_ports = [](const std::function<void(contracts::Ports&)>& contract) {
        tests::StoreDatabase database;
        contracts::Ports ports{database.users,         database.reservations, database.roles,
                               database.devices,       database.sessions,     database.one_time_tokens,
                               database.mail_requests, database.board,        database.random,
                               database.directory,     database.audit};
        contract(ports);
    };
    contracts::register_all("stores", with_ports);
    return true;
}

}  // namespace
}  // namespace csauth

int main(int argc, char** argv) {
    csauth::tests::enter_repository();
    return boost::unit_test::unit_test_main(csauth::init, argc, argv);
}
