#pragma once

#include <chrono>

#include "db/database.h"
#include "recall/recall.h"
#include "sessions/sessions.h"
#include "store/event_writer.h"
#include "store/node.h"

namespace csauth::store {

/// Implements sessions::Sessions over the tables `sessions` and `session_activity`. Posts recalls and writes
/// events in the transaction of the change.
class Sessions final : public sessions::Sessions {
public:
    /// `idle`: how long a session lives without use. `node`: this node, under which sightings are written.
    Sessions(db::Database& database, recall::Recalls& recalls, EventWriter& events, std::chrono::seconds idle,
             const NodeId& node)
        : db_{database}, recalls_{recalls}, events_{events}, idle_{idle}, node_{node} {}

    bool add(const sessions::Session& session) override;
    std::optional<sessions::LiveSession> find_live(SessionId id, TimePoint now) override;
    std::optional<sessions::TokenSession> find_for_refresh(SessionId id, TimePoint now) override;
    bool advance_if_unchanged(const sessions::Session& found, TimePoint now) override;
    bool touch(const sessions::Session& found, TimePoint now) override;
    std::vector<sessions::Session> live_of(UserId user, TimePoint now) override;
    bool advance(SessionId id, sessions::Counter from, TimePoint now) override;
    void note_seen(std::span<const sessions::Sighting> sightings) override;
    void adopt_epoch(SessionId id, UserId user) override;
    sessions::Past past_of(const sessions::Session& session) override;
    std::size_t unended_of(UserId user) override;
    std::vector<sessions::SessionRecord> newest_of(UserId user, std::size_t most) override;
    bool end(SessionId id, UserId user, sessions::EndReason reason, TimePoint now) override;
    void end_all(UserId user, std::optional<SessionId> kept, sessions::EndReason reason,
                 TimePoint now) override;
    void end_on_device(UserId user, DeviceId device, sessions::EndReason reason, TimePoint now) override;
    bool end_oldest(UserId user, std::size_t most, TimePoint now) override;

private:
    db::Database& db_;
    recall::Recalls& recalls_;
    EventWriter& events_;
    std::chrono::seconds idle_;
    NodeId node_;
};

}  // namespace csauth::store
