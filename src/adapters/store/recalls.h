#pragma once

#include <utility>
#include <vector>

#include "db/database.h"
#include "recall/board.h"
#include "recall/recall.h"

namespace csauth::store {

/// Implements recall::Recalls over the table `recalls`, and posts on this node's board.
class Recalls final : public recall::Recalls {
public:
    /// `board`: this node's; null in a process without one, such as csauthctl. The follower then brings its
    /// recalls to the board, like those of another node.
    Recalls(db::Database& database, recall::Board* board, const Clock& clock)
        : db_{database}, board_{board}, clock_{clock} {}

    /// Posts on the board at once, and writes the row in the transaction of the change. If that is rolled
    /// back, the entry on the board only causes needless look-ups.
    void post(const recall::Recall& recall) override;

    /// Returns the recalls that any node posted within `window` before now, each with the moment from which
    /// it counts. A kind that this version does not know is returned as a recall of everyone.
    std::vector<std::pair<recall::Recall, TimePoint>> posted_within(std::chrono::milliseconds window);

private:
    db::Database& db_;
    recall::Board* board_;
    const Clock& clock_;
};

}  // namespace csauth::store
