#include "base/encoding.h"
#include "handlers/handlers.h"
#include "handlers/views.h"

namespace csauth::handlers {
namespace {

/// A form may carry a picture without knowing what it is.
std::string_view declared_type(std::string_view content_type) {
    const auto type = trimmed(content_type.substr(0, content_type.find(';')));
    return equals_ignoring_case(type, "application/octet-stream") ? std::string_view{} : type;
}

}  // namespace

// PUT /api/me/avatar: a picture of the caller, as it is or as the field `avatar` of a form.
Result<http::Response> put_avatar(Services& services, const Call& call) {
    const http::Request& request = call.request;
    http::Upload upload{.content_type = request.content_type, .data = request.body};
    if (http::is_form(request.content_type)) {
        auto sent = http::parse_upload(request.content_type, request.body, "avatar");
        if (!sent) return sent.error();
        upload = std::move(*sent);
    }
    const auto user = services.avatars.replace(
        call.caller->holder.id, upload.data, ascii_lower(declared_type(upload.content_type)), call.origin());
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
