#include "base/outage.h"

#include <algorithm>
#include <functional>

namespace csauth {
namespace {

double seconds_in(std::int64_t milliseconds) { return static_cast<double>(milliseconds) / 1000; }

}  // namespace

void Outage::failed(const Log& log, std::chrono::milliseconds uptime, std::string_view reason) {
    const std::int64_t now = std::max<std::int64_t>(uptime.count(), 1);
    const std::uint64_t hash = std::hash<std::string_view>{}(reason);
    failed_at_.store(now);
    const std::int64_t failures = failures_.fetch_add(1) + 1;
    std::int64_t written_at = written_at_.load();
    const bool is_news = written_at == 0 || now - written_at >= kBetweenLines.count() ||
                         (rules_.reasons_matter && reason_.load() != hash);
    // The process whose exchange succeeds writes the line for all.
    if (!is_news || !written_at_.compare_exchange_strong(written_at, now)) return;
    reason_.store(hash);
    if (written_at == 0) began_at_.store(now);
    log.warning(rules_.begun, {{"what", reason},
                               {"seconds", seconds_in(written_at == 0 ? 0 : now - began_at_.load())},
                               {"failures", failures}});
}

void Outage::succeeded(const Log& log, std::chrono::milliseconds uptime) {
    std::int64_t written_at = written_at_.load(std::memory_order_relaxed);
    if (written_at == 0) return;
    const std::int64_t failed_at = failed_at_.load();
    if (uptime.count() - failed_at < rules_.settled.count()) return;
    const std::int64_t began_at = began_at_.load();
    if (!written_at_.compare_exchange_strong(written_at, 0)) return;
    log.warning(rules_.ended, {{"seconds", seconds_in(std::max<std::int64_t>(failed_at - began_at, 0))},
                               {"failures", failures_.exchange(0)}});
}

}  // namespace csauth
