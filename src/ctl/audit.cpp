#include "ctl/audit.h"

#include <iostream>

#include "audit/sealer.h"
#include "audit/verification.h"
#include "base/timestamps.h"
#include "ctl/administration.h"
#include "db/migrations.h"
#include "handlers/views/audit.h"
#include "json/writer.h"
#include "key_rings.h"

namespace csauth::ctl {
namespace {

constexpr std::size_t kExportedATime = 1000;

void print_good(const audit::Verified& verified, bool as_json) {
    const auto head = verified.head ? std::optional{verified.head->text()} : std::nullopt;
    if (as_json) {
        json::Writer json;
        json.begin_object()
            .member("good", true)
            .member("batches", static_cast<std::int64_t>(verified.batches))
            .member("entries", static_cast<std::int64_t>(verified.entries))
            .member("erased", static_cast<std::int64_t>(verified.erased))
            .member("unsealed", static_cast<std::int64_t>(verified.unsealed))
            .member("head", head)
            .end_object();
        std::cout << json.text() << '\n';
        return;
    }
    std::cout << verified.batches << " batches with " << verified.entries
              << " entries stand as they were sealed; " << verified.erased
              << " have lost what was personal of people who have gone; " << verified.unsealed
              << " wait for their seal\n";
    if (head) std::cout << "head " << *head << '\n';
}

void print_bad(const audit::Tampering& tampering, bool as_json) {
    if (as_json) {
        json::Writer json;
        const auto batch =
            tampering.batch ? std::optional{static_cast<std::int64_t>(*tampering.batch)} : std::nullopt;
        json.begin_object().member("good", false).member("batch", batch).member("what", tampering.what);
        std::cout << json.end_object().text() << '\n';
        return;
    }
    std::cout << "TAMPERED: "
              << (tampering.batch ? "batch " + std::to_string(*tampering.batch) + ": " : std::string{})
              << tampering.what << '\n';
}

}  // namespace

int audit_verify(const Config& config, const Arguments& arguments) {
    std::optional<audit::Head> expected;
    if (const auto text = arguments.option("head")) {
        expected = audit::Head::parse(*text);
        if (!expected) return complain("--head is what an earlier verify or the log has said: NUMBER:SEAL");
    }
    // An auditor may run this without access to any other ring.
    const auto keys = usable_key_rings(config, "csauthctl audit");
    db::Database database{service_address(config)};
    store::AuditLedger ledger{database};
    const auto verified = audit::verify(ledger, keys.audit, expected, SystemClock{}.now());
    if (!verified) {
        print_bad(verified.error(), arguments.json);
        return kTampered;
    }
    print_good(*verified, arguments.json);
    return 0;
}

int audit_export(const Config& config, const Arguments& arguments) {
    Administration administration{config};
    std::optional<UserId> only;
    if (const auto who = arguments.option("user")) {
        // A deleted user can be named by id.
        const auto user = administration.find_user(*who);
        only = user ? std::optional{user->id} : UserId::parse(*who);
        if (!only) return complain("there is no user " + *who);
    }
    std::optional<EntryId> after;
    if (const auto text = arguments.option("since")) {
        const auto since = Moment::parse(*text);
        if (!since) return complain("--since: " + since.error().detail);
        after = EntryId{Uuid::first_of(since->time)};
    }
    auto& stores = administration.stores;
    // The user is not the subject of this entry, because the subject would read it in their own history.
    stores.audit.record({.action = audit::Action::log_exported,
                         .detail = only ? "of " + only->text() : std::string{"all of it"}},
                        administration.origin, administration.clock.now());
    for (auto some = stores.ledger.entries(after, kExportedATime); !some.empty();
         some = stores.ledger.entries(after, kExportedATime)) {
        for (const auto& sealed : some) {
            if (only && sealed.entry.subject != only && sealed.entry.actor != only) continue;
            json::Writer json;
            handlers::views::write_entry(json, sealed.entry);
            std::cout << json.text() << '\n';
        }
        if (!std::cout) return 0;  // main() decides whether that is a failure
        after = some.back().entry.id;
    }
    return 0;
}

int audit_seal(const Config& config, const Arguments&) {
    const auto keys = usable_key_rings(config, "csauthctl audit");
    const SystemClock clock;
    db::Database database{keeper_address(config), [](db::Database& connected) {
                              db::require_schema(connected, db::all_migrations());
                          }};
    store::AuditLedger ledger{database};
    audit::Sealer sealer{ledger, database, keys.audit, clock};
    for (auto batch = sealer.seal(); batch && batch->entries == audit::kMostEntriesOfBatch;
         batch = sealer.seal()) {}
    const auto last = ledger.last_batch();
    std::cout << (last ? audit::Head{last->number, last->seal}.text() : "nothing was written yet") << '\n';
    return 0;
}

}  // namespace csauth::ctl
