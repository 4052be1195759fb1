#pragma once

#include "base/random.h"
#include "crypto/key_ring.h"
#include "db/database.h"
#include "outbox/outbox.h"

namespace csauth::store {

/// Implements both sides of the outbox over the table `outbox`. A letter's secret is sealed with the ring
/// `seal`, bound to the id of its row.
class Outbox final : public outbox::Outbox, public outbox::Queue {
public:
    /// Each object takes a random name, by which the table knows its leases. `seal_keys` must be loaded to
    /// add or send letters with a secret.
    Outbox(db::Database& database, const crypto::KeyRing& seal_keys, Random& random)
        : db_{database}, seal_keys_{seal_keys}, random_{random}, owner_{{random.bytes<16>()}} {}

    void add(const outbox::Letter& letter, TimePoint now) override;
    void withdraw(UserId user) override;
    std::vector<outbox::MailRecord> newest_of(UserId user, std::size_t most) override;

    /// Returns the newest `most` mails, newest first; nullopt: in any state. For csauthctl, like the
    /// functions below.
    std::vector<outbox::MailRecord> list(std::optional<std::string_view> state, std::size_t most);

    /// Returns nullopt if there is no such mail.
    std::optional<outbox::MailRecord> find(MailId id);

    /// Makes a mail that waits or has failed due now. A failed one is given up at `give_up_at` or later.
    /// Returns false if there is no such mail, it is in another state, or it has lost the secret that it
    /// needs.
    bool retry_now(MailId id, TimePoint now, TimePoint give_up_at);

    /// Gives up a mail that is not sent yet, and erases its secret. Returns false if there is no such mail,
    /// or it is finished.
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
