#pragma once

#include "db/database.h"
#include "events/rows.h"

namespace csauth::store {

/// Implements events::Rows over the table `events`. Only the streamer uses it.
class EventRows final : public events::Rows {
public:
    explicit EventRows(db::Database& database) : db_{database} {}

    std::vector<events::Row> after(events::EventId id, std::size_t most) override;
    std::vector<events::EventId> ids(events::EventId after, events::EventId to) override;
    std::vector<events::Row> named(std::span<const events::EventId> ids) override;
    events::EventId oldest() override;
    events::EventId newest() override;
    events::EventId some_time_before(std::optional<events::EventId> id, std::chrono::seconds time) override;

private:
    events::EventId id_from(std::string_view sql, std::initializer_list<db::Value> values = {});

    db::Database& db_;
};

}  // namespace csauth::store
