#include "base/clock.h"
#include "handlers/call.h"
#include "http/form.h"
#include "http/return_address.h"
#include "json/writer.h"
#include "recall/board.h"

namespace csauth::handlers {

// GET /api/whoami
Result<http::Response> whoami(Services&, const Call& call) {
    json::Writer json;
    json.begin_object()
        .member("ip", call.request.remote_ip)
        .member("scheme", call.request.scheme)
        .member("host", call.request.host)
        .key("user");
    if (call.caller)
        json.begin_object()
            .member("id", call.caller->holder.id.text())
            .member("username", call.caller->holder.username)
            .end_object();
    else
        json.null();
    json.end_object();
    return http::Response{.status = 200, .body = json.text()};
}

// GET /api/site
Result<http::Response> site(Services& services, const Call&) {
    return http::Response{
        .status = 200,
        .body = json::Writer{}.begin_object().member("name", services.site_name).end_object().text()};
}

// GET /healthz
Result<http::Response> health(Services&, const Call&) {
    return http::Response{.status = 200, .body = R"({"status":"ok"})"};
}

// GET /readyz
Result<http::Response> readiness(Services& services, const Call&) {
    if (!services.readiness.is_ready()) return Error{.code = ErrorCode::service_unavailable};
    return http::Response{.status = 200, .body = R"({"status":"ready"})"};
}

// GET /api/return
Result<http::Response> return_address(Services& services, const Call& call) {
    const auto query = http::parse_query(call.request.query);
    const auto wanted = query ? query->get("to") : std::nullopt;
    const auto allowed = wanted ? http::return_address(*wanted, services.return_hosts) : std::nullopt;
    json::Writer json;
    json.begin_object()
        .member("url", allowed.value_or("/"))
        .member("allowed", allowed.has_value())
        .end_object();
    return http::Response{.status = 200, .body = json.text()};
}

// GET /metrics
Result<http::Response> metrics(Services& services, const Call&) {
    std::string text;
    const auto add = [&](std::string_view name, std::string_view type, std::string_view help, auto value) {
        text.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name);
        text.append(" ").append(type).append("\n").append(name).append(" ").append(std::to_string(value));
        text.append("\n");
    };
    const auto figures = services.board.figures();
    const auto age = services.board.age(services.clock.uptime());
    add("csauth_recalls_total", "counter", "Recalls that were entered on this node's board.",
        figures.entered);
    add("csauth_recalls_without_room_total", "counter",
        "Recalls that found no place, so that their neighbourhood asks the database.", figures.without_room);
    add("csauth_tokens_believed_unchecked_total", "counter",
        "Tokens that were believed while the board was stale and the database away.",
        figures.trusted_while_stale);
    add("csauth_recall_board_age_seconds", "gauge",
        "Time since the board had everything that was known; -1 where it never had.",
        age ? std::chrono::duration<double>(*age).count() : -1.0);
    return http::Response{.status = 200, .body = text, .content_type = "text/plain; version=0.0.4"};
}

}  // namespace csauth::handlers
