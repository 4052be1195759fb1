#include "limits/limiter.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <mutex>
#include <new>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "shm/mutex.h"

namespace csauth::limits {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::size_t kRows = Counters::kRows;
constexpr std::size_t kColumns = 1U << 16U;
constexpr std::size_t kLimits = static_cast<std::size_t>(kLastLimit) + 1;

/// The level of attempts in 1,024ths of one, and the time for which that level holds.
struct Cell {
    std::uint64_t level : 24;
    std::uint64_t at : 40;  ///< milliseconds of uptime; enough for 34 years
};
static_assert(sizeof(Cell) == 8);
constexpr std::uint64_t kOne = 1024;
constexpr std::uint64_t kHighest = (1U << 24U) - 1;
constexpr std::uint64_t kLatest = (1ULL << 40U) - 1;

milliseconds time_of(const Cell& cell) { return milliseconds{static_cast<std::int64_t>(cell.at)}; }

std::uint64_t level_at(const Cell& cell, const Rate& rate, milliseconds now) {
    const auto elapsed = static_cast<std::uint64_t>(std::max(now - time_of(cell), 0ms).count());
    const auto forgotten = elapsed * kOne / static_cast<std::uint64_t>(rate.forgotten.count());
    return cell.level - std::min<std::uint64_t>(cell.level, forgotten);
}

/// Returns how long a key must wait if no other key uses this cell.
milliseconds wait_of(const Cell& cell, const Rate& rate, milliseconds now) {
    if (rate.longest_wait == 0ms) {
        // One more attempt must fit.
        const std::uint64_t allowed = rate.free * kOne;
        const auto level = level_at(cell, rate, now) + kOne;
        if (level <= allowed) return 0ms;
        return milliseconds{static_cast<std::int64_t>(
                   (level - allowed) * static_cast<std::uint64_t>(rate.forgotten.count()) / kOne)} +
               1ms;
    }
    // Rounds, so that the little which is forgotten between two quick guesses does not allow another one.
    const std::uint64_t level = (cell.level + kOne / 2) / kOne;
    if (level < rate.free) return 0ms;
    constexpr std::uint64_t most_doublings = 20;
    const auto doublings = std::min(level - rate.free, most_doublings);
    const auto wait = std::min<milliseconds>(1s * (1U << doublings), rate.longest_wait);
    return std::max(time_of(cell) + wait - now, 0ms);
}

}  // namespace

struct Counters::Shared {
    shm::Mutex mutex;
    std::array<std::uint8_t, 16> seed;  ///< random, so that a client can't choose keys that collide
    std::array<std::array<std::array<Cell, kColumns>, kRows>, kLimits> cells;

    using Cells = std::array<Cell*, kRows>;
    Cells cells_of(Limit limit, std::string_view key) {
        const auto table = static_cast<std::size_t>(limit);
        const auto digest = crypto::sha256(std::string{as_text(seed)}.append(key));
        Cells found;
        for (std::size_t row = 0; row < kRows; ++row) {
            std::uint32_t column = 0;
            std::memcpy(&column, digest.data() + row * sizeof column, sizeof column);
            found.at(row) = &cells.at(table).at(row).at(column % kColumns);
        }
        return found;
    }
};

std::string address_key(std::string_view ip) {
    std::string text{ip};
    in6_addr v6{};
    if (::inet_pton(AF_INET6, text.c_str(), &v6) != 1) return text;  // IPv4
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
        std::array<char, INET_ADDRSTRLEN> v4{};
        constexpr std::size_t prefix = 12;
        ::inet_ntop(AF_INET, &v6.s6_addr[prefix], v4.data(), v4.size());
        return v4.data();
    }
    constexpr std::size_t network_bytes = 8;
    return hex(std::span{v6.s6_addr}.first<network_bytes>()) + "::/64";
}

Counters::Counters(Random& random)
    : region_{sizeof(Shared), "limits"}, shared_{static_cast<Shared*>(region_.data())} {
    // The memory is all zero, so no attempt is counted yet.
    new (&shared_->mutex) shm::Mutex;
    random.fill(shared_->seed);
}

void Counters::hide_from_children() const { region_.hide_from_children(); }

std::variant<Counters::Receipt, milliseconds> Counters::take(Limit limit, std::string_view key,
                                                             milliseconds uptime) {
    const Rate& rate = rate_of(limit);
    const auto cells = shared_->cells_of(limit, key);
    const std::lock_guard lock{shared_->mutex};
    // Each row counts the key together with the keys that share its cell. So the lowest row is the best.
    milliseconds wait = milliseconds::max();
    for (const Cell* cell : cells)
        wait = std::min(wait, wait_of(*cell, rate, uptime));
    if (wait > 0ms) return wait;

    std::uint64_t lowest = kHighest;
    for (const Cell* cell : cells)
        lowest = std::min(lowest, level_at(*cell, rate, uptime));
    const std::uint64_t next_level = std::min(lowest + kOne, kHighest);
    Receipt receipt{.limit = limit, .key = std::string{key}, .before = {}, .after = {}, .raised = {}};
    for (std::size_t row = 0; row < kRows; ++row) {
        // A cell that other keys have raised further is high enough for this key already.
        Cell& cell = *cells.at(row);
        const auto level = level_at(cell, rate, uptime);
        receipt.before.at(row) = std::bit_cast<std::uint64_t>(cell);
        receipt.raised.at(row) = level < next_level;
        cell = {.level = std::max(level, next_level) & kHighest,
                .at = static_cast<std::uint64_t>(std::max(uptime, time_of(cell)).count()) & kLatest};
        receipt.after.at(row) = std::bit_cast<std::uint64_t>(cell);
    }
    return receipt;
}

void Counters::give_back(const Receipt& receipt) {
    const auto cells = shared_->cells_of(receipt.limit, receipt.key);
    const std::lock_guard lock{shared_->mutex};
    for (std::size_t row = 0; row < kRows; ++row) {
        Cell& cell = *cells.at(row);
        if (std::bit_cast<std::uint64_t>(cell) == receipt.after.at(row))
            cell = std::bit_cast<Cell>(receipt.before.at(row));
        else if (receipt.raised.at(row))
            cell.level = (cell.level - std::min<std::uint64_t>(cell.level, kOne)) & kHighest;
    }
}

void Attempt::forgive() {
    if (receipt_) counters_->give_back(*receipt_);
    receipt_.reset();
}

Result<Attempt> Limiter::attempt(Limit limit, std::string_view key) {
    if (counters_ == nullptr) return Attempt{};
    auto taken = counters_->take(limit, key, clock_.uptime());
    if (const auto* wait = std::get_if<milliseconds>(&taken))
        return Error{.code = ErrorCode::too_many_requests,
                     .detail = "Too many attempts.",
                     .retry_after = std::chrono::ceil<std::chrono::seconds>(*wait)};
    return Attempt{*counters_, std::get<Counters::Receipt>(std::move(taken))};
}

}  // namespace csauth::limits
