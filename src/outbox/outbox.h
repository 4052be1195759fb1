#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "outbox/letter.h"

namespace csauth::outbox {

/// Mail that leaves when, and only when, the transaction that wrote it is committed.
class Outbox {
public:
    virtual ~Outbox() = default;
    virtual void add(const Letter& letter, TimePoint now) = 0;
};

/// A mail that this process has leased for sending.
struct QueuedLetter {
    MailId id;
    std::optional<Letter> letter;  ///< nothing: of another version of this program, or damaged
    unsigned attempts = 0;         ///< before this one
    TimePoint give_up_at;
};

/// The sending side of the outbox.
class Queue {
public:
    virtual ~Queue() = default;

    /// Leases mails that are due, oldest first, until `until`; committed before it returns, so that no other
    /// node sends them too. A mail whose lease has lapsed is due again.
    virtual std::vector<QueuedLetter> lease_due(std::size_t most, TimePoint now, TimePoint until) = 0;

    /// Prolongs the lease of one mail; false when it is no longer ours.
    virtual bool renew(MailId id, TimePoint until) = 0;

    /// Gives a mail back that was leased and not tried.
    virtual void release(MailId id, TimePoint at) = 0;

    virtual void sent(MailId id, TimePoint now) = 0;
    virtual void retry(MailId id, TimePoint at, std::string_view reason) = 0;
    virtual void failed(MailId id, TimePoint now, std::string_view reason) = 0;
};

/// Kinds of mail that anybody can ask for, for any address.
enum class RequestKind { verify_email, already_registered };

std::string_view name_of(RequestKind kind);

struct MailRequest {
    RequestedMailId id;
    RequestKind kind;
    std::string email_key;
    TimePoint created_at;
};

/// Requests for mail. Asking writes the same row for any address, known or not.
class MailRequests {
public:
    virtual ~MailRequests() = default;
    virtual void add(RequestKind kind, std::string_view email_key, TimePoint now) = 0;
    virtual std::vector<MailRequest> open(std::size_t most) = 0;
    /// When this address was last sent a mail of this kind.
    virtual std::optional<TimePoint> last_sent(RequestKind kind, std::string_view email_key) = 0;
    /// Says whether it was still open: of two nodes, one gets true.
    virtual bool close(RequestedMailId id, TimePoint now) = 0;
    virtual void mark_sent(RequestedMailId id) = 0;
};

}  // namespace csauth::outbox
