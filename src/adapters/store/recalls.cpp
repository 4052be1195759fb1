#include "store/recalls.h"

namespace csauth::store {

void Recalls::post(const recall::Recall& recall) {
    const TimePoint now = board_ == nullptr ? clock_.now() : board_->latest(clock_.now());
    // The board comes first: from now on, a request with such a token asks the database and sees what is
    // committed there.
    if (board_ != nullptr) board_->post(recall, now, now);
    db_.execute("INSERT INTO recalls (kind, subject, recalled_at) VALUES (?, ?, ?)",
                {name_of(recall.kind), recall.subject, now});
}

std::vector<std::pair<recall::Recall, TimePoint>> Recalls::posted_within(std::chrono::milliseconds window) {
    const auto found = db_.find_all(
        [](db::Row& row) {
            return std::tuple{recall::kind_named(row.text("kind")), row.text("subject"),
                              row.time("recalled_at")};
        },
        R"(
        SELECT kind, subject, GREATEST(recalled_at, posted_at) AS recalled_at
          FROM recalls
         WHERE posted_at >= UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND)",
        {std::chrono::microseconds{window}.count()});
    std::vector<std::pair<recall::Recall, TimePoint>> recalls;
    recalls.reserve(found.size());
    for (const auto& [kind, subject, at] : found)
        // It is unknown whom a kind of a newer version concerns, so it concerns everyone.
        recalls.emplace_back(kind ? recall::Recall{*kind, subject} : recall::Recall::of_everyone(), at);
    return recalls;
}

}  // namespace csauth::store
