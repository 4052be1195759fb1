#include "handlers/paging.h"

#include <charconv>

#include "base/encoding.h"
#include "http/form.h"

namespace csauth::handlers {

Result<Page> read_page(std::string_view query) {
    const auto parameters = http::parse_query(query);
    if (!parameters) return parameters.error();
    Page page;
    if (const auto limit = parameters->get("limit")) {
        const auto [end, error] = std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
        if (error != std::errc{} || end != limit->data() + limit->size() || page.limit == 0 ||
            page.limit > kMostItemsOfPage)
            return Error{.code = ErrorCode::bad_request,
                         .detail = "`limit` is a number from 1 to " + std::to_string(kMostItemsOfPage) + "."};
    }
    if (const auto cursor = parameters->get("cursor")) {
        const auto position = decode_base64url(*cursor);
        if (!position || position->empty()) return bad_cursor();
        page.cursor = *position;
    }
    return page;
}

std::string cursor_of(std::string_view position) { return base64url(position); }

Error bad_cursor() {
    return {.code = ErrorCode::bad_request, .detail = "`cursor` is not one that this list has given."};
}

}  // namespace csauth::handlers
