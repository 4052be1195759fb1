#include "streamer/recall_watch.h"

namespace csauth::streamer {

bool RecallWatch::must_look_up(const recall::Board& board, const Subscription& stream,
                               std::chrono::milliseconds uptime) {
    const auto recalled_at =
        board.newest_recall({stream.session, stream.viewer.id, stream.roles, looked_up_at_});
    if (!recalled_at) return false;
    if (*recalled_at > newest_) {
        newest_ = *recalled_at;
        pause_ = kFirstPause;
    } else {
        if (uptime < next_) return false;
        pause_ *= 2;
    }
    next_ = uptime + pause_;
    return true;
}

void RecallWatch::looked_up(TimePoint asked_at) { looked_up_at_ = asked_at; }

}  // namespace csauth::streamer
