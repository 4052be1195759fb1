#include "handlers/views/audit.h"

#include "base/timestamps.h"

namespace csauth::handlers::views {
namespace {

std::optional<std::string> text(const std::optional<UserId>& id) {
    return id ? std::optional{id->text()} : std::nullopt;
}

/// Returns who acted, in the words for the user `own`: "you", "administrator", or empty for the
/// operator and the service itself.
std::string_view actor_for(const audit::Entry& entry, UserId own) {
    if (!entry.actor) return "";
    return entry.actor == own ? "you" : "administrator";
}

}  // namespace

void write_entry(json::Writer& json, const audit::Entry& entry) {
    json.begin_object()
        .member("id", entry.id.text())
        .member("at", rfc3339(entry.at))
        .member("action", entry.action)
        .member("outcome", entry.outcome)
        .member("actor", text(entry.actor))
        .member("subject", text(entry.subject))
        .member("ip", entry.ip)
        .member("request_id", entry.request_id)
        .member("detail", entry.detail)
        .end_object();
}

void begin_activity(json::Writer& json, const audit::Entry& entry, UserId own) {
    const bool is_others = entry.actor && entry.actor != own;
    json.begin_object()
        .member("at", rfc3339(entry.at))
        .member("action", entry.action)
        .member("outcome", entry.outcome)
        .member("by", actor_for(entry, own))
        .member("ip", is_others ? std::string{} : entry.ip)
        .member("detail", entry.detail);
}

std::string audit_entries(const std::vector<audit::Entry>& entries, const std::optional<std::string>& next) {
    json::Writer json;
    json.begin_object().key("items").begin_array();
    for (const auto& entry : entries)
        write_entry(json, entry);
    return json.end_array().member("next", next).end_object().text();
}

std::string activity(const std::vector<audit::Entry>& entries, UserId own,
                     const std::optional<std::string>& next) {
    json::Writer json;
    json.begin_object().key("items").begin_array();
    for (const auto& entry : entries) {
        begin_activity(json, entry, own);
        json.member("id", entry.id.text()).end_object();
    }
    return json.end_array().member("next", next).end_object().text();
}

}  // namespace csauth::handlers::views
