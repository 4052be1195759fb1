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

/// For how long a recall concerns tokens that are out.
inline std::chrono::seconds recall_lifetime(const Config& config) {
    return config.tokens.access_lifetime + sessions::kLeeway + recall::kSettled;
}

/// What the processes of one machine share. The master makes it before it forks anybody, and keeps it over
/// reloads.
struct Shared {
    Shared(Random& random, const Clock& clock, std::size_t cores)
        : limits{random}, hash_turns{cores, clock} {}

    limits::Counters limits;
    limits::HashTurns hash_turns;
    limits::SharedPlaces imager_places;               ///< for api workers that wait for the imager
    limits::SharedPlaces imager_places_of_hash_pool;  ///< for hash workers that do
    recall::Board board;
    sessions::Activity activity;
    presence::Table presence;
    audit::Unwritten unwritten;
    Outages outages;
    Bell news;  ///< rung behind every commit with an event for streams

    /// For the process that meets strangers' files.
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
