#include "server/scoreboard.h"

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace csauth::server {
namespace {

std::int64_t steady_now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace

void Slot::set_deadline(std::chrono::steady_clock::duration from_now) {
    deadline.store(steady_now() + std::chrono::duration_cast<std::chrono::nanoseconds>(from_now).count());
}

bool Slot::is_overdue() const {
    const auto at = deadline.load();
    return at != 0 && steady_now() > at;
}

void Slot::set_request_id(std::string_view id) {
    const auto size = std::min(id.size(), request_id.size() - 1);
    for (std::size_t i = 0; i < size; ++i)
        request_id[i].store(id[i], std::memory_order_relaxed);
    request_id[size].store('\0', std::memory_order_relaxed);
}

std::string Slot::current_request_id() const {
    std::string id;
    for (const auto& character : request_id) {
        const char c = character.load(std::memory_order_relaxed);
        if (c == '\0') break;
        id += c;
    }
    return id;
}

Scoreboard::Scoreboard()
    : region_{sizeof(Slot) * kSlots, "scoreboard"}, slots_{static_cast<Slot*>(region_.data())} {
    std::uninitialized_value_construct_n(slots_, kSlots);
}

void Scoreboard::hide_from_children() const { region_.hide_from_children(); }

Slot& Scoreboard::claim() {
    for (Slot& slot : slots()) {
        if (slot.state.load() != SlotState::free) continue;
        slot.state.store(SlotState::starting);
        slot.clear_deadline();
        slot.served.store(0);
        slot.set_request_id("");
        return slot;
    }
    throw std::runtime_error("the scoreboard is full");
}

void Scoreboard::release(Slot& slot) {
    slot.pid.store(0);
    slot.clear_deadline();
    slot.state.store(SlotState::free);
}

}  // namespace csauth::server
