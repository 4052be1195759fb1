#include "ctl/migrate.h"

#include <iostream>

#include "ctl/administration.h"
#include "db/migrations.h"
#include "stores.h"

namespace csauth::ctl {

int migrate(const Config& config, const Arguments&) {
    std::size_t steps = 0;
    db::migrate(migration_address(config), migration_address(config), db::all_migrations(),
                [&](const std::string& step) {
                    ++steps;
                    std::cout << step << std::endl;
                });
    if (steps > 0)
        record_outside(config, audit::Action::schema_migrated,
                       "to version " + std::to_string(db::all_migrations().back().version));
    std::cout << "the schema is up to date" << std::endl;
    return 0;
}

int migration_status(const Config& config, const Arguments&) {
    db::Database database{service_address(config)};
    db::require_schema(database, db::all_migrations());
    for (const auto& migration : db::all_migrations())
        std::cout << migration.version << ' ' << migration.name << " applied\n";
    return 0;
}

}  // namespace csauth::ctl
