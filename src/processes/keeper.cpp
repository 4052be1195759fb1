#include "keeper.h"

#include <algorithm>
#include <chrono>

#include "accounts/bans.h"
#include "accounts/deletion.h"
#include "audit/sealer.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/unavailable.h"
#include "presence/publisher.h"
#include "store/avatar_files.h"
#include "store/housekeeping.h"
#include "stores.h"

namespace csauth {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto kTurn = 1s;
constexpr auto kLongestTurn = 120s;
constexpr std::size_t kSightingsATime = 500;

constexpr auto kBetweenSweeps = 60s;
constexpr auto kLease = 150s;  // outlives one missed sweep
constexpr auto kPauseBetweenSweeps = 20ms;
constexpr std::size_t kMostDeletedASweep = 100;
constexpr std::size_t kMostBansASweep = 100;
constexpr unsigned kShardsASweep = 8;  // all of them in half an hour

class Keeper {
public:
    Keeper(const Config& config, Shared& shared, server::Process& process)
        : process_{process},
          activity_{shared.activity},
          unwritten_{shared.unwritten},
          outage_{shared.outages.database()},
          keys_{usable_key_rings(config, "keeper")},
          stores_{config, keys_, clock_, random_, &shared.board, &shared.presence, keeper_address(config)},
          publisher_{shared.presence, stores_.presences, clock_, [&news = shared.news] { news.ring(); }},
          erasure_{stores_.ports(clock_, random_)},
          avatar_files_{config.avatars.dir, process.log},
          sealer_{stores_.ledger, stores_.database, keys_.audit, clock_},
          audit_retention_{config.audit.retention},
          housekeeping_{stores_.database, random_} {
        // A new board must find all recalls that concern living tokens.
        retention_.recalls = std::max(retention_.recalls, 2 * recall_lifetime(config));
    }

    int run() {
        std::chrono::milliseconds pause{0};
        while (server::wait(process_, -1, pause) != server::Wake::leave) {
            process_.slot.set_deadline(kLongestTurn);
            keys_.follow(process_.log);
            pause = kTurn;
            try {
                publisher_.turn();
                write_activity();
                if (steady_clock::now() < next_sweep_) continue;
                next_sweep_ = steady_clock::now() + kBetweenSweeps;
                write_count_of_refusals();
                if (sweep()) {
                    next_sweep_ = {};
                    pause = kPauseBetweenSweeps;
                }
            } catch (const Unavailable& e) {
                outage_.failed(process_.log, clock_.uptime(), e.what());
            }
        }
        write_the_last();
        return 0;
    }

private:
    void write_activity() {
        for (auto seen = activity_.unwritten(kSightingsATime); !seen.empty();
             seen = activity_.unwritten(kSightingsATime)) {
            stores_.sessions.note_seen(seen);
            activity_.mark_written(seen);
        }
    }

    /// Writes the number of refusals that have no entry of their own in the audit log. Each node counts its
    /// own.
    void write_count_of_refusals() {
        const auto count = unwritten_.take();
        if (count == 0) return;
        try {
            stores_.audit.record({.action = audit::Action::failures_counted,
                                  .outcome = audit::Outcome::failure,
                                  .detail = std::to_string(count) + " more refusals"},
                                 {}, clock_.now());
        } catch (const Unavailable&) {
            unwritten_.give_back(count);
            throw;
        }
    }

    /// Returns true if more entries may be ready to seal.
    bool seal_audit_log() {
        if (sealer_.notice_shortening()) process_.log.error("audit_log_shortened");
        const auto batch = sealer_.seal();
        if (!batch) return false;
        process_.log.info("audit_sealed", {{"head", audit::Head{batch->number, batch->seal}.text()},
                                           {"entries", batch->entries}});
        return batch->entries == audit::kMostEntriesOfBatch;
    }

    /// Returns true if another batch may be old enough to drop.
    bool drop_old_batch() {
        switch (sealer_.drop_oldest(audit_retention_)) {
            case audit::Sealer::Dropped::no: return false;
            case audit::Sealer::Dropped::yes: process_.log.info("audit_batch_dropped"); return true;
            case audit::Sealer::Dropped::not_genuine:
                process_.log.error("audit_batch_not_genuine", {{"what", "csauthctl audit verify says more"}});
                return false;
        }
        return false;
    }

    /// Writes what is in memory before the process leaves. It is lost only if the database is unavailable.
    void write_the_last() {
        try {
            write_activity();
            write_count_of_refusals();
        } catch (const Unavailable& e) {
            process_.log.warning("activity_not_written", {{"what", e.what()}});
        }
    }

    /// Returns true if more work may be waiting.
    bool sweep() {
        const TimePoint now = clock_.now();
        if (!housekeeping_.take_lease(now, now + kLease)) return false;
        // Sealing comes first, so that a failure of other work can't prevent it.
        const bool has_more_to_seal = seal_audit_log() || drop_old_batch();
        const auto gone =
            housekeeping_.sweep(retention_, now) +
            accounts::delete_unverified(stores_.users, erasure_, stores_.database, kMostDeletedASweep, now) +
            accounts::forget_ended_bans(stores_.users, stores_.audit, stores_.database, kMostBansASweep, now);
        for (unsigned i = 0; i < kShardsASweep && gone == 0; ++i) {
            const auto swept = avatar_files_.sweep(
                next_shard_++ % store::AvatarFiles::kShards,
                [&](std::string_view name) { return stores_.users.is_avatar_in_use(name); });
            if (swept)
                avatars_outage_.succeeded(process_.log, clock_.uptime());
            else
                avatars_outage_.failed(process_.log, clock_.uptime(), swept.error());
        }
        return gone > 0 || has_more_to_seal;
    }

    server::Process& process_;
    sessions::Activity& activity_;
    audit::Unwritten& unwritten_;
    Outage& outage_;
    const SystemClock clock_;
    SystemRandom random_;
    KeyRings keys_;
    Stores stores_;
    presence::Publisher publisher_;
    accounts::Erasure erasure_;
    store::AvatarFiles avatar_files_;
    audit::Sealer sealer_;
    std::chrono::seconds audit_retention_;
    store::Housekeeping housekeeping_;
    store::Retention retention_;
    Outage avatars_outage_{{.begun = "avatars_not_swept",
                            .ended = "avatars_swept_again",
                            .settled = 2 * kBetweenSweeps}};  // some shards may fail while others succeed
    unsigned next_shard_ = 0;
    steady_clock::time_point next_sweep_ = {};
};

}  // namespace

int run_keeper(const Config& config, Shared& shared, server::Process& process) {
    return Keeper{config, shared, process}.run();
}

}  // namespace csauth
