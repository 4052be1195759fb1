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

/// Returns the files in the order of their versions. scripts/embed_migrations generates this from
/// sql/migrations.
std::span<const Migration> all_migrations();

/// Brings the schema up to date, and calls `say` with a sentence about each step. It can be killed at any
/// moment and run again.
///
/// Both addresses are of the same database: a second connection holds the lock. If another migration runs,
/// this one waits up to a minute, then throws Unavailable. Throws WrongSchema if an applied file was edited
/// afterwards, or if the schema is newer than this program.
void migrate(Address address, Address lock_address, std::span<const Migration> migrations,
             const std::function<void(const std::string&)>& say);

/// Throws WrongSchema unless exactly `migrations` are applied, each completely. The text says what to run.
void require_schema(Database& database, std::span<const Migration> migrations);

/// Returns the statements of a migration in their order, without the semicolons that end them.
std::vector<std::string_view> statements_of(std::string_view sql);

}  // namespace csauth::db
