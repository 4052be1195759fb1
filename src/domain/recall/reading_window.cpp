#include "recall/reading_window.h"

#include <algorithm>

namespace csauth::recall {

using std::chrono::milliseconds;

bool ReadingWindow::is_sweep(milliseconds uptime) const { return uptime >= swept_at_ + kBetweenSweeps; }

milliseconds ReadingWindow::at(milliseconds uptime) const {
    const milliseconds unread = read_at_ ? uptime - *read_at_ : lifetime_;
    return std::min(unread + (is_sweep(uptime) ? longest_transaction_ : kOverlap), lifetime_);
}

void ReadingWindow::has_read(milliseconds uptime) {
    if (is_sweep(uptime)) swept_at_ = uptime;
    read_at_ = uptime;
}

}  // namespace csauth::recall
