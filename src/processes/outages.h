#pragma once

#include <new>

#include "base/outage.h"
#include "shm/region.h"

namespace csauth {

/// The outages of what the service depends on, in memory that all processes of this machine share. Make it
/// before forking.
class Outages {
public:
    Outages() : region_{sizeof(All), "the notes on outages"}, all_{new (region_.data()) All} {}

    Outage& database() { return all_->database; }
    Outage& relay() { return all_->relay; }

    /// Notes tokens that were accepted without a look at the database.
    Outage& checks() { return all_->checks; }

    /// Keeps the memory out of processes that this one forks from now on.
    void hide_from_children() const { region_.hide_from_children(); }

private:
    struct All {
        // The follower, the keeper and the mailer try again within a second. Workers try only when a request
        // comes, and may still fail with their account while the follower succeeds.
        Outage database{
            {.begun = "database_away", .ended = "database_back", .settled = std::chrono::seconds{10}}};
        Outage relay{{.begun = "relay_away", .ended = "relay_back", .reasons_matter = true}};
        Outage checks{{.begun = "tokens_believed_unchecked",
                       .ended = "tokens_checked_again",
                       .settled = std::chrono::seconds{3}}};
    };

    shm::Region region_;
    All* all_;
};

}  // namespace csauth
