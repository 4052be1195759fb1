#pragma once

#include "base/random.h"
#include "crypto/key_ring.h"
#include "db/database.h"
#include "outbox/outbox.h"

namespace csauth::store {

/// Both sides of the outbox. A letter's secret is sealed under the ring for its own row.
class Outbox final : public outbox::Outbox, public outbox::Queue {
public:
    /// `owner` names this process in leases.
    Outbox(db::Database& database, const crypto::KeyRing& seal_keys, Random& random)
        : db_{database}, seal_keys_{seal_keys}, random_{random}, owner_{{random.bytes<16>()}} {}

    void add(const outbox::Letter& letter, TimePoint now) override;
    void withdraw(UserId user) override;
    std::vector<outbox::MailRecord> newest_of(UserId user, std::size_t most) override;

    /// For an administrator: the newest `most`, of one state or of all.
    std::vector<outbox::MailRecord> list(std::optional<std::string_view> state, std::size_t most);
    std::optional<outbox::MailRecord> find(MailId id);

    /// A mail that waits or has failed is due now, and given up at that time or later. False when there is no
    /// such mail, or it has lost its secret and would be of no use.
    bool retry_now(MailId id, TimePoint now, TimePoint give_up_at);

    /// A mail that was not sent yet is given up.
    bool drop(MailId id, TimePoint now);

    std::vector<outbox::QueuedLetter> lease_due(std::size_t most, TimePoint now, TimePoint until) override;
    bool begin(MailId id, TimePoint until) override;
    void release(MailId id, std::string_view reason) override;
    void sent(MailId id, TimePoint now) override;
    void retry(MailId id, TimePoint at, std::string_view reason) override;
    void failed(MailId id, TimePoint now, std::string_view reason) override;

private:
    std::vector<MailId> due_ids(std::size_t most, TimePoint now);
    void forget_who_has_gone(MailId id);
    void finish(MailId id, std::string_view state, TimePoint now, std::string_view reason);

    db::Database& db_;
    const crypto::KeyRing& seal_keys_;
    Random& random_;
    Uuid owner_;
};

}  // namespace csauth::store
