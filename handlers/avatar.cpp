#include "accounts/avatar.h"
#include "handlers/call.h"
#include "http/multipart.h"

namespace csauth::handlers {

// PUT /api/me/avatar
Result<http::Response> put_avatar(Services& services, const Call& call) {
    const http::Request& request = call.request;
    std::string_view picture = request.body;
    if (http::is_multipart_form(request.content_type)) {
        const auto sent = http::parse_upload(request.content_type, request.body, "avatar");
        if (!sent) return sent.error();
        picture = sent->content;
    }
    const auto user = services.avatars.replace(call.caller->holder.id, picture, call.origin());
    if (!user) return user.error();
    return shown(call, *user);
}

// DELETE /api/me/avatar
Result<http::Response> delete_avatar(Services& services, const Call& call) {
    const auto user = services.avatars.remove(call.caller->holder.id, call.origin());
    if (!user) return user.error();
    return shown(call, *user);
}

}  // namespace csauth::handlers
