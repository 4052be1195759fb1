#include "server/request_log.h"

namespace csauth::server {

void log_request(const Log& log, const RequestLine& line, const http::Response& response) {
    log.info("request", {{"request_id", line.id},
                         {"method", line.method},
                         {"route", line.route},
                         {"status", response.status},
                         {"duration_ms", line.took.count()},
                         {"ip", line.ip},
                         {"user", line.user},
                         {"code", response.code}});
}

}  // namespace csauth::server
