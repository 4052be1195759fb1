#include "handlers/handlers.h"
#include "json/writer.h"

namespace csauth::handlers {

// GET /api/whoami: what the service believes of its caller, so that an administrator can check the proxies.
Result<http::Response> whoami(Services&, const Call& call) {
    json::Writer json;
    json.begin_object()
        .member("ip", call.request.remote_ip)
        .member("scheme", call.request.scheme)
        .member("host", call.request.host)
        .end_object();
    return http::Response{.status = 200, .body = json.text()};
}

// GET /healthz: this worker lives.
Result<http::Response> health(Services&, const Call&) {
    return http::Response{.status = 200, .body = R"({"status":"ok"})"};
}

// GET /readyz: this node can serve: the database answers and has the right schema.
Result<http::Response> readiness(Services& services, const Call&) {
    if (!services.readiness.is_ready()) return Error{.code = ErrorCode::service_unavailable};
    return http::Response{.status = 200, .body = R"({"status":"ready"})"};
}

}  // namespace csauth::handlers
