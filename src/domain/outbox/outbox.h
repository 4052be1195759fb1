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

/// What is kept of a mail, for those who may see it; never a secret.
struct MailRecord {
    MailId id;
    std::string which;
    std::string language;
    std::string recipient;
    std::string state;  ///< queued, sending, sent or failed
    unsigned attempts = 0;
    TimePoint created_at;
    TimePoint next_attempt_at;
    TimePoint give_up_at;
    std::optional<TimePoint> finished_at;
    std::string last_error;
    std::string parameters;  ///< a JSON object
    bool has_secret = false;
};

/// Mail that leaves when, and only when, the transaction that wrote it is committed.
class Outbox {
public:
    virtual ~Outbox() = default;
    virtual void add(const Letter& letter, TimePoint now) = 0;

    /// Every mail about this user's account is gone; one that is being sent at this moment may still arrive.
    virtual void withdraw(UserId user) = 0;

    /// Returns what is kept of at most `most` mails about this user's account, newest first.
    virtual std::vector<MailRecord> newest_of(UserId user, std::size_t most) = 0;
};

/// A mail that this process has leased for sending.
struct QueuedLetter {
    MailId id;
    std::optional<Letter> letter;  ///< nothing: of another version of this program, or damaged
    unsigned attempts = 0;         ///< that ended, before this one
    unsigned begun = 0;            ///< deliveries that were begun before this one, however they ended
    TimePoint give_up_at;
};

/// The sending side of the outbox.
class Queue {
public:
    virtual ~Queue() = default;

    /// Leases mails that are due, the newest first, until `until`, and gives back what this process still
    /// had; committed before it returns, so that no other node sends them too. A mail whose lease has lapsed
    /// is due again.
    virtual std::vector<QueuedLetter> lease_due(std::size_t most, TimePoint now, TimePoint until) = 0;

    /// The delivery of a leased mail begins, and its lease lasts until then; false when it is no longer ours.
    virtual bool begin(MailId id, TimePoint until) = 0;

    /// Gives a mail back as it was; where nothing could be tried, with the reason.
    virtual void release(MailId id, std::string_view reason) = 0;

    virtual void sent(MailId id, TimePoint now) = 0;
    virtual void retry(MailId id, TimePoint at, std::string_view reason) = 0;
    virtual void failed(MailId id, TimePoint now, std::string_view reason) = 0;
};

/// Kinds of mail that go to addresses which nobody has confirmed yet, or that anybody can ask for.
enum class RequestKind { verify_email, already_registered, reset_password, change_email };

std::string_view name_of(RequestKind kind);
inline constexpr RequestKind kAllRequestKinds[] = {RequestKind::verify_email, RequestKind::already_registered,
                                                   RequestKind::reset_password, RequestKind::change_email};

struct MailRequest {
    RequestedMailId id;
    RequestKind kind;
    std::string email_key;
    TimePoint created_at;
    std::string return_to = {};  ///< where to after signing in; empty where nowhere
};

/// Requests for mail. Asking writes the same row for any address, known or not.
class MailRequests {
public:
    virtual ~MailRequests() = default;
    /// `return_to`: where the asker wants to go after signing in; empty where nowhere.
    virtual void add(RequestKind kind, std::string_view email_key, TimePoint now,
                     std::string_view return_to) = 0;
    virtual std::vector<MailRequest> open(std::size_t most) = 0;
    /// How many mails of this kind this address was sent since then.
    virtual std::size_t sent_since(RequestKind kind, std::string_view email_key, TimePoint since) = 0;
    /// A mail of this kind goes to this address without a request; it counts like one.
    virtual void note_sent(RequestKind kind, std::string_view email_key, TimePoint now) = 0;
    /// Every request for this address is gone.
    virtual void forget(std::string_view email_key) = 0;
    /// Says whether it was still open: of two nodes, one gets true.
    virtual bool close(RequestedMailId id, TimePoint now) = 0;
    virtual void mark_sent(RequestedMailId id) = 0;
};

}  // namespace csauth::outbox
