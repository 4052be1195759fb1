#include "handlers/paging.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "http/form.h"

namespace csauth::handlers {
namespace {

constexpr std::size_t kLongestNameQuoted = 64;  // bytes

/// Returns the parameters of a query. `bad_request`: one of them is not `known`.
Result<http::Parameters> read_parameters(std::string_view query, const std::vector<std::string_view>& known) {
    auto parameters = http::parse_query(query);
    if (!parameters) return parameters.error();
    for (const auto& [name, value] : parameters->all()) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        std::string detail = "This list has no parameter `";
        detail.append(utf8_prefix(name, kLongestNameQuoted)).append("`.");
        for (const auto& one : known)
            detail.append(&one == known.data() ? " It has " : ", ").append(one);
        if (!known.empty()) detail += '.';
        return Error{.code = ErrorCode::bad_request, .detail = std::move(detail)};
    }
    return parameters;
}

}  // namespace

Result<void> refuse_parameters(std::string_view query) {
    const auto parameters = read_parameters(query, {});
    if (!parameters) return parameters.error();
    return {};
}

Result<Page> read_page(std::string_view query, std::initializer_list<std::string_view> filters) {
    std::vector<std::string_view> known{"limit", "cursor"};
    known.insert(known.end(), filters);
    const auto parameters = read_parameters(query, known);
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
