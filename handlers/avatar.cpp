#include "base/encoding.h"
#include "handlers/handlers.h"
#include "handlers/views.h"
#include "http/multipart.h"

namespace csauth::handlers {

std::string declared_type(std::string_view content_type) {
    const auto type = trimmed(content_type.substr(0, content_type.find(';')));
    return equals_ignoring_case(type, "application/octet-stream") ? std::string{} : ascii_lower(type);
}

// PUT /api/me/avatar: a picture of the caller, as it is or as the field `avatar` of a form.
Result<http::Response> put_avatar(Services& services, const Call& call) {
    const http::Request& request = call.request;
    std::string content_type = request.content_type;
    std::string_view picture = request.body;
    if (http::is_multipart_form(request.content_type)) {
        const auto sent = http::parse_upload(request.content_type, request.body, "avatar");
        if (!sent) return sent.error();
        content_type = sent->content_type;
        picture = sent->content;
    }
    const auto user = services.avatars.replace(call.caller->holder.id, picture, declared_type(content_type),
                                               call.origin());
    if (!user) return user.error();
    return shown(call, *user);
}

// DELETE /api/me/avatar: no picture of the caller.
Result<http::Response> delete_avatar(Services& services, const Call& call) {
    const auto user = services.avatars.remove(call.caller->holder.id, call.origin());
    if (!user) return user.error();
    return shown(call, *user);
}

}  // namespace csauth::handlers
