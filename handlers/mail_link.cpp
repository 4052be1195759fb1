#include "accounts/mail_link.h"
#include "handlers/call.h"
#include "http/body_reader.h"
#include "http/return_address.h"
#include "json/writer.h"

namespace csauth::handlers {

// POST /api/mail-link
Result<http::Response> show_mail_link(Services& services, const Call& call) {
    http::BodyReader body{call.request.body};
    const auto token = body.required<accounts::PresentedToken>("token");
    if (!body.ok()) return body.error();

    const auto caller = call.caller ? std::optional{call.caller->holder.id} : std::nullopt;
    const auto link = services.mail_links.look_at(*token, caller);
    if (!link) return link.error();
    json::Writer json;
    json.begin_object()
        .member("purpose", name_of(link->purpose))
        .member("sent_to", link->sent_to)
        .member("email", link->email)
        .member("username", link->username)
        .member("done", link->is_done)
        .member("return_to", http::return_address(link->return_to, services.return_hosts))
        .end_object();
    return http::Response{.status = 200, .body = json.text()};
}

}  // namespace csauth::handlers
