#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/audit_log.h"
#include "json/writer.h"

namespace csauth::handlers::views {

/// Returns {items, next} for readers of the audit log. `next`: the cursor of the next page; nullopt becomes
/// null.
std::string audit_entries(const std::vector<audit::Entry>& entries, const std::optional<std::string>& next);

/// Writes the object of one entry.
void write_entry(json::Writer& json, const audit::Entry& entry);

/// Returns {items, next} for the user `own`, about whom the entries are. Names and IP addresses of others are
/// left out.
std::string activity(const std::vector<audit::Entry>& entries, UserId own,
                     const std::optional<std::string>& next);

/// Begins the object of one entry of activity(). The caller may add members, and must end the object.
void begin_activity(json::Writer& json, const audit::Entry& entry, UserId own);

}  // namespace csauth::handlers::views
