#pragma once

#include <new>

#include "base/outage.h"
#include "shm/region.h"

namespace csauth {

/// What the service depends on and may be without for a time, shared by the processes that are forked after
/// this is made.
class Outages {
public:
    Outages() : region_{sizeof(All), "the notes on outages"}, all_{new (region_.data()) All} {}

    Outage& database() { return all_->database; }
    Outage& relay() { return all_->relay; }
    Outage& checks() { return all_->checks; }  ///< of tokens that are believed unchecked meanwhile

    /// A process that this one forks from now on does not have it.
    void hide_from_children() const { region_.hide_from_children(); }

private:
    struct All {
        // The follower, the keeper and the mailer try again within a second. Other workers try when a request
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
