#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/audit_log.h"
#include "json/writer.h"

namespace csauth::handlers::views {

/// {items, next} of the audit log.
std::string audit_entries(const std::vector<audit::Entry>& entries, const std::optional<std::string>& next);
void write_entry(json::Writer& json, const audit::Entry& entry);

/// {items, next} of what happened to a user, as they may see it: without the names and addresses of others.
std::string activity(const std::vector<audit::Entry>& entries, UserId own,
                     const std::optional<std::string>& next);

/// Begins the object of one such entry. The caller may add members, and ends it.
void begin_activity(json::Writer& json, const audit::Entry& entry, UserId own);

}  // namespace csauth::handlers::views
