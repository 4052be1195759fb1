#include "handlers/views/audit.h"
#include "audit/audit_log.h"
#include "base/timestamps.h"
#include "handlers/call.h"
#include "handlers/paging.h"
#include "http/form.h"

namespace csauth::handlers {
namespace {

/// Reads ?user=&action=&since=. An empty parameter counts as missing. `bad_request`: one is not valid.
Result<audit::Filter> filter_in(std::string_view query) {
    const auto parameters = http::parse_query(query);
    if (!parameters) return parameters.error();
    audit::Filter filter;
    if (const auto text = parameters->given("user")) {
        filter.user = UserId::parse(*text);
        if (!filter.user) return Error{.code = ErrorCode::bad_request, .detail = "`user` is not an id."};
    }
    if (const auto text = parameters->given("action")) {
        filter.action = audit::action_named(*text);
        if (!filter.action)
            return Error{.code = ErrorCode::bad_request, .detail = "`action` is not one that is recorded."};
    }
    if (const auto text = parameters->given("since")) {
        const auto moment = Moment::parse(*text);
        if (!moment)
            return Error{.code = ErrorCode::bad_request, .detail = "`since`: " + moment.error().detail};
        filter.since = moment->time;
    }
    return filter;
}

}  // namespace

// GET /api/audit
Result<http::Response> list_audit(Services& services, const Call& call) {
    const auto page = read_page(call.request.query, {"user", "action", "since"});
    if (!page) return page.error();
    const auto before = id_in<EntryId>(*page);
    if (!before) return before.error();
    const auto filter = filter_in(call.request.query);
    if (!filter) return filter.error();
    auto found = services.audit.page(*filter, *before, page->limit + 1);
    const auto next = cut_to_page(found, *page, [](const auto& entry) { return entry.id.text(); });
    return http::Response{.status = 200, .body = views::audit_entries(found, next)};
}

// GET /api/me/activity
Result<http::Response> list_activity(Services& services, const Call& call) {
    const auto page = read_page(call.request.query);
    if (!page) return page.error();
    const auto before = id_in<EntryId>(*page);
    if (!before) return before.error();
    const auto own = call.caller->holder.id;
    auto found = services.audit.about(own, *before, page->limit + 1);
    const auto next = cut_to_page(found, *page, [](const auto& entry) { return entry.id.text(); });
    return http::Response{.status = 200, .body = views::activity(found, own, next)};
}

}  // namespace csauth::handlers
