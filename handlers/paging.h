#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace csauth::handlers {

inline constexpr std::size_t kItemsOfPage = 50;
inline constexpr std::size_t kMostItemsOfPage = 200;

/// Which part of a list is asked for.
struct Page {
    std::size_t limit = kItemsOfPage;
    std::string cursor;  ///< as cursor_of() was given it; empty for the beginning
};

/// `limit` and `cursor` of a query; other parameters are the caller's. bad_request.
Result<Page> read_page(std::string_view query);

/// What a client sends to get what follows. It holds no secret, and promises nothing of its form.
std::string cursor_of(std::string_view position);

Error bad_cursor();

}  // namespace csauth::handlers
