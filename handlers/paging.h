#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace csauth::handlers {

inline constexpr std::size_t kItemsOfPage = 50;  ///< without `limit` in the query
inline constexpr std::size_t kMostItemsOfPage = 200;

/// The part of a list that a client asks for.
struct Page {
    std::size_t limit = kItemsOfPage;  ///< 1 to kMostItemsOfPage
    std::string cursor;                ///< the position that cursor_of() encoded; empty for the first page
};

/// Reads `limit` and `cursor` from the query of a list. `filters`: the list's other parameters, which the
/// caller reads itself.
///
/// `bad_request`: `limit` or `cursor` is not valid, or the list has no such parameter. If an unknown filter
/// were ignored, the list would show everything.
Result<Page> read_page(std::string_view query, std::initializer_list<std::string_view> filters = {});

/// Checks the query of a list without parameters. `bad_request`: it has one.
Result<void> refuse_parameters(std::string_view query);

/// Cuts `found` to the length of the page. The caller has asked for one item more than fits, so that a
/// further page is noticed. Returns the cursor of the next page, or nullopt if everything fits.
/// `position_of(item)`: the position of an item; the next page begins after the last one that is left.
template <class Item, class PositionOf>
std::optional<std::string> cut_to_page(std::vector<Item>& found, const Page& page, PositionOf position_of);

/// Returns the cursor with which a client gets the items after `position`. It holds no secret, and its form
/// may change.
std::string cursor_of(std::string_view position);

/// Returns the `bad_request` for a cursor that the list has not issued.
Error bad_cursor();

template <class Item, class PositionOf>
std::optional<std::string> cut_to_page(std::vector<Item>& found, const Page& page, PositionOf position_of) {
    if (found.size() <= page.limit) return std::nullopt;
    found.erase(found.begin() + static_cast<std::ptrdiff_t>(page.limit), found.end());
    return cursor_of(position_of(found.back()));
}

/// Returns the ID after which the page begins; nullopt for the first page. `bad_request`: the cursor holds no
/// ID.
template <class IdType>
Result<std::optional<IdType>> id_in(const Page& page) {
    if (page.cursor.empty()) return std::optional<IdType>{};
    auto id = IdType::parse(page.cursor);
    if (!id) return bad_cursor();
    return id;
}

}  // namespace csauth::handlers
