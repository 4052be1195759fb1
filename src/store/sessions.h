#pragma once

#include <chrono>

#include "db/database.h"
#include "sessions/sessions.h"

namespace csauth::store {

class Sessions final : public sessions::Sessions {
public:
    /// `idle`: how long a session lives without use.
    Sessions(db::Database& database, std::chrono::seconds idle) : db_{database}, idle_{idle} {}

    bool add(const sessions::Session& session) override;
    std::optional<sessions::LiveSession> find_live(SessionId id, TimePoint now) override;
    bool advance(SessionId id, sessions::Counter from, TimePoint now) override;
    void note_seen(SessionId id, sessions::Counter seen, TimePoint now) override;
    void adopt_epoch(SessionId id, UserId user) override;
    sessions::Past past_of(const sessions::Session& session) override;
    std::vector<sessions::SessionRecord> all_of(UserId user) override;
    bool end(SessionId id, UserId user, sessions::EndReason reason, TimePoint now) override;
    void end_all(UserId user, std::optional<SessionId> kept, sessions::EndReason reason,
                 TimePoint now) override;
    void end_oldest(UserId user, std::size_t most, TimePoint now) override;

private:
    db::Database& db_;
    std::chrono::seconds idle_;
};

}  // namespace csauth::store
