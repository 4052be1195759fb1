#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace csauth::handlers {

inline constexpr std::size_t kItemsOfPage = 50;
inline constexpr std::size_t kMostItemsOfPage = 200;

/// Which part of a list is asked for.
struct Page {
    std::size_t limit = kItemsOfPage;
    std::string cursor;  ///< as cursor_of() was given it; empty for the beginning
};

/// Reads `limit` and `cursor` of a list's query. `filters`: the list's other parameters, which the caller
/// reads. bad_request: a parameter that the list does not have. To ignore it would show everything in place
/// of what was asked for.
Result<Page> read_page(std::string_view query, std::initializer_list<std::string_view> filters = {});

/// The same for a list without parameters.
Result<void> refuse_parameters(std::string_view query);

/// What of `found` is too much for the page, which was asked for with one more than fits: gone, with the
/// cursor of the next page for it. `position_of(item)`: what the next page begins behind.
template <class Item, class PositionOf>
std::optional<std::string> cut_to_page(std::vector<Item>& found, const Page& page, PositionOf position_of);

/// What a client sends to get what follows. It holds no secret, and promises nothing of its form.
std::string cursor_of(std::string_view position);

Error bad_cursor();

template <class Item, class PositionOf>
std::optional<std::string> cut_to_page(std::vector<Item>& found, const Page& page, PositionOf position_of) {
    if (found.size() <= page.limit) return std::nullopt;
    found.erase(found.begin() + static_cast<std::ptrdiff_t>(page.limit), found.end());
    return cursor_of(position_of(found.back()));
}

/// The id that a page begins behind; nothing for the first page. bad_request.
template <class IdType>
Result<std::optional<IdType>> id_in(const Page& page) {
    if (page.cursor.empty()) return std::optional<IdType>{};
    auto id = IdType::parse(page.cursor);
    if (!id) return bad_cursor();
    return id;
}

}  // namespace csauth::handlers
