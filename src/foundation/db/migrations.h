#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "db/database.h"

namespace csauth::db {

/// One file of sql/migrations, compiled in.
struct Migration {
    int version;
    std::string_view name;
    std::string_view checksum;  ///< SHA-256 of the file, hexadecimal
    std::string_view sql;       ///< statements, each ended by a semicolon at the end of a line
};

/// In the order of their versions. (Generated from sql/migrations by scripts/embed_migrations.)
std::span<const Migration> all_migrations();

/// Brings the schema up to date and tells `say` about each step. May be killed at any point and run again;
/// of two at a time, one waits. Throws WrongSchema when an applied file was edited afterwards, or the
/// schema is newer than this program.
void migrate(Address address, Address lock_address, std::span<const Migration> migrations,
             const std::function<void(const std::string&)>& say);

/// Throws WrongSchema unless exactly `migrations` are applied.
void require_schema(Database& database, std::span<const Migration> migrations);

/// The statements of a migration, in order.
std::vector<std::string_view> statements_of(std::string_view sql);

}  // namespace csauth::db
