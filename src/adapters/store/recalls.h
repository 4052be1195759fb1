#pragma once

#include <utility>
#include <vector>

#include "db/database.h"
#include "recall/board.h"
#include "recall/recall.h"

namespace csauth::store {

class Recalls final : public recall::Recalls {
public:
    /// `board`: this node's; nothing for a process that has none, whose recalls arrive as another node's do.
    Recalls(db::Database& database, recall::Board* board, const Clock& clock)
        : db_{database}, board_{board}, clock_{clock} {}

    void post(const recall::Recall& recall) override;

    /// What was posted within `window` before now, by any node, and when it was recalled.
    std::vector<std::pair<recall::Recall, TimePoint>> posted_within(std::chrono::milliseconds window);

private:
    db::Database& db_;
    recall::Board* board_;
    const Clock& clock_;
};

}  // namespace csauth::store
