#pragma once

#include "base/random.h"
#include "db/database.h"
#include "outbox/outbox.h"

namespace csauth::store {

/// Implements outbox::MailRequests over the table `mail_requests`.
class MailRequests final : public outbox::MailRequests {
public:
    MailRequests(db::Database& database, Random& random) : db_{database}, random_{random} {}

    void add(outbox::RequestKind kind, std::string_view email_key, TimePoint now,
             std::string_view return_to) override;
    std::vector<outbox::MailRequest> open(std::size_t most) override;
    std::size_t sent_since(outbox::RequestKind kind, std::string_view email_key, TimePoint since) override;
    void note_sent(outbox::RequestKind kind, std::string_view email_key, TimePoint now) override;
    void forget(std::string_view email_key) override;
    bool close(RequestedMailId id, TimePoint now) override;
    void mark_sent(RequestedMailId id) override;

private:
    db::Database& db_;
    Random& random_;
};

}  // namespace csauth::store
