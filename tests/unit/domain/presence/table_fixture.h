#pragma once

#include <boost/test/unit_test.hpp>

#include "fakes/world.h"

namespace csauth::tests {

using namespace std::chrono_literals;
using presence::Change;
using presence::kLease;
using presence::Status;
using presence::Table;

struct TableFixture {
    fakes::Random random;
    Table table{2};
    UserId ann = UserId::make({}, random);
    UserId bob = UserId::make({}, random);
    SessionId phone = SessionId::make({}, random);
    SessionId laptop = SessionId::make({}, random);
    std::chrono::milliseconds now{1'000'000};

    std::vector<Change> changes() { return table.unwritten(100, now); }
    /// As the keeper does.
    std::vector<Change> written() {
        auto found = changes();
        table.mark_written(found);
        return found;
    }
};

}  // namespace csauth::tests
