#include "handlers/views/presence.h"

#include "base/timestamps.h"
#include "json/writer.h"

namespace csauth::handlers::views {

std::string seen(const std::vector<presence::Seen>& users) {
    json::Writer json;
    json.begin_object();
    for (const auto& user : users)
        json.key(user.user.text())
            .begin_object()
            .member("status", name_of(user.status))
            .member("last_seen", rfc3339(user.last_seen))
            .end_object();
    return json.end_object().text();
}

}  // namespace csauth::handlers::views
