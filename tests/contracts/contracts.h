#pragma once

#include <boost/test/unit_test.hpp>
#include <functional>
#include <span>

#include "contracts/audit_log.h"
#include "contracts/devices.h"
#include "contracts/directory.h"
#include "contracts/mail_requests.h"
#include "contracts/one_time_tokens.h"
#include "contracts/recalls.h"
#include "contracts/reservations.h"
#include "contracts/roles.h"
#include "contracts/sessions.h"
#include "contracts/users.h"

namespace csauth::contracts {

/// Registers every contract as a test case `suite`/PORT/CONTRACT. `with_ports` calls its argument with ports
/// that hold no users and no entries; it does so once for each case.
inline void register_all(const char* suite,
                         const std::function<void(const std::function<void(Ports&)>&)>& with_ports) {
    auto* all = BOOST_TEST_SUITE(suite);
    const auto add = [&](const char* port, std::span<const Contract> contracts) {
        auto* of_port = BOOST_TEST_SUITE(port);
        for (const Contract& contract : contracts)
            of_port->add(boost::unit_test::make_test_case([=] { with_ports(contract.run); }, contract.name,
                                                          __FILE__, __LINE__));
        all->add(of_port);
    };
    add("audit_log", kAuditLog);
    add("devices", kDevices);
    add("directory", kDirectory);
    add("mail_requests", kMailRequests);
    add("one_time_tokens", kOneTimeTokens);
    add("recalls", kRecalls);
    add("reservations", kReservations);
    add("roles", kRoles);
    add("sessions", kSessions);
    add("users", kUsers);
    boost::unit_test::framework::master_test_suite().add(all);
}

}  // namespace csauth::contracts
