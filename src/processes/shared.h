#pragma once

#include "audit/unwritten.h"
#include "base/bell.h"
#include "config.h"
#include "limits/hash_turns.h"
#include "limits/limiter.h"
#include "limits/places.h"
#include "outages.h"
#include "presence/table.h"
#include "recall/board.h"
#include "sessions/activity.h"
#include "sessions/tokens.h"

namespace csauth {

/// Returns how long a recall concerns tokens that were issued before it.
inline std::chrono::seconds recall_lifetime(const Config& config) {
    return config.tokens.access_lifetime + sessions::kLeeway + recall::kSettled;
}

/// The memory that all processes of one machine share. The master makes it before it forks, and keeps it
/// across reloads.
struct Shared {
    Shared(Random& random, const Clock& clock, std::size_t cores)
        : limits{random}, hash_turns{cores, clock} {}

    limits::Counters limits;
    limits::HashTurns hash_turns;
    limits::SharedPlaces imager_places;               ///< for api workers that wait for the imager
    limits::SharedPlaces imager_places_of_hash_pool;  ///< for hash workers that wait for the imager
    recall::Board board;
    sessions::Activity activity;
    presence::Table presence;
    audit::Unwritten unwritten;
    Outages outages;
    Bell news;  ///< a process rings it after it has committed an event for streams

    /// Keeps all of this out of processes that this one forks from now on. The imager calls it, because its
    /// children decode files of strangers.
    void hide_from_children() const {
        limits.hide_from_children();
        hash_turns.hide_from_children();
        imager_places.hide_from_children();
        imager_places_of_hash_pool.hide_from_children();
        board.hide_from_children();
        activity.hide_from_children();
        presence.hide_from_children();
        unwritten.hide_from_children();
        outages.hide_from_children();
    }
};

}  // namespace csauth
