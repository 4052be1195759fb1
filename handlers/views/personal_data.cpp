#include "handlers/views/personal_data.h"

#include "base/timestamps.h"
#include "handlers/views/audit.h"
#include "handlers/views/sessions.h"
#include "handlers/views/users.h"

namespace csauth::handlers::views {

std::string personal_data(const accounts::PersonalData& data) {
    json::Writer json;
    json.begin_object();
    write_user(json.key("user"), data.user, roles::names_of(data.roles));
    write_ban(json, data.user.ban);
    json.key("sessions").begin_array();
    for (const auto& record : data.sessions.items) {
        begin_session(json, record.session);
        json.member("ended_at", rfc3339(record.ended_at))
            .member("end_reason", record.end_reason)
            .end_object();
    }
    json.end_array().member("sessions_are_complete", data.sessions.is_complete);
    json.key("devices").begin_array();
    for (const auto& record : data.devices.items)
        json.begin_object()
            .member("id", record.device.id.text())
            .member("name", record.device.name)
            .member("type", name_of(record.device.type))
            .member("push_token", record.push_token)
            .member("is_online", record.is_online)
            .member("last_seen", rfc3339(record.last_seen))
            .member("created_at", rfc3339(record.created_at))
            .end_object();
    json.end_array().member("devices_are_complete", data.devices.is_complete);
    json.key("one_time_tokens").begin_array();
    for (const auto& token : data.tokens.items)
        json.begin_object()
            .member("purpose", name_of(token.purpose))
            .member("address", token.address.empty() ? token.email_key : token.address)
            .member("created_at", rfc3339(token.created_at))
            .member("expires_at", rfc3339(token.expires_at))
            .member("used", token.is_consumed)
            .member("return_to", token.return_to.empty() ? std::nullopt : std::optional{token.return_to})
            .end_object();
    json.end_array().member("one_time_tokens_are_complete", data.tokens.is_complete);
    json.key("mails").begin_array();
    for (const auto& mail : data.mails.items)
        json.begin_object()
            .member("id", mail.id.text())
            .member("template", mail.which)
            .member("language", mail.language)
            .member("recipient", mail.recipient)
            .member("state", mail.state)
            .member("created_at", rfc3339(mail.created_at))
            .member("finished_at", rfc3339(mail.finished_at))
            .end_object();
    json.end_array().member("mails_are_complete", data.mails.is_complete);
    json.key("activity").begin_array();
    for (const auto& entry : data.activity.items) {
        begin_activity(json, entry, data.user.id);
        json.end_object();
    }
    json.end_array().member("activity_is_complete", data.activity.is_complete).end_object();
    return json.text();
}

}  // namespace csauth::handlers::views
