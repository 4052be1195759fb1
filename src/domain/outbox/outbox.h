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

/// What is kept of a mail, for those who may see it. It holds no secret.
struct MailRecord {
    MailId id;
    std::string which;  ///< name of its template, which another version may have written
    std::string language;
    std::string recipient;
    std::string state;      ///< queued, sending, sent or failed
    unsigned attempts = 0;  ///< tries that have ended
    TimePoint created_at;
    TimePoint next_attempt_at;  ///< when a queued mail is due
    TimePoint give_up_at;
    std::optional<TimePoint> finished_at;  ///< when it was sent or given up
    std::string last_error;                ///< why the last try failed; empty if none did
    std::string parameters;                ///< a JSON object
    bool has_secret = false;               ///< its token is still kept
};

/// The writing side of the outbox. A mail leaves when, and only when, the transaction that wrote it is
/// committed.
class Outbox {
public:
    virtual ~Outbox() = default;

    /// Adds a mail that is due at once, in the caller's transaction. Its token and code are sealed before
    /// they are stored.
    virtual void add(const Letter& letter, TimePoint now) = 0;

    /// Deletes every mail about this user's account. One that is being sent at this moment may still arrive.
    virtual void withdraw(UserId user) = 0;

    /// Returns at most `most` mails about this user's account that are kept, newest first.
    virtual std::vector<MailRecord> newest_of(UserId user, std::size_t most) = 0;
};

/// A mail that this process has leased for sending.
struct QueuedLetter {
    MailId id;
    std::optional<Letter> letter;  ///< nullopt: written by another version of this program, or damaged
    unsigned attempts = 0;         ///< tries that had ended before this one
    unsigned begun = 0;  ///< deliveries that were begun; more than `attempts` if the mailer died in some
    TimePoint give_up_at;
};

/// The sending side of the outbox, for the mailer. It is used outside a transaction. The calls for one mail
/// do nothing once another process has it.
class Queue {
public:
    virtual ~Queue() = default;

    /// Leases at most `most` mails that are due at `now` and returns them, newest first. First gives back
    /// what this process still had. The leases last until `until`; a mail whose lease has lapsed is due
    /// again. They are committed before this returns, so that no other node sends the mails, too.
    virtual std::vector<QueuedLetter> lease_due(std::size_t most, TimePoint now, TimePoint until) = 0;

    /// Records that the delivery of a leased mail begins, and extends its lease to `until`. Returns false if
    /// this process no longer has the mail.
    virtual bool begin(MailId id, TimePoint until) = 0;

    /// Gives a mail back as it was; it is due at once. `reason`: why nothing could be tried, or empty.
    virtual void release(MailId id, std::string_view reason) = 0;

    /// Records the delivery and erases the secret of the mail.
    virtual void sent(MailId id, TimePoint now) = 0;

    /// Records a failed try. The mail is due again at `at`.
    virtual void retry(MailId id, TimePoint at, std::string_view reason) = 0;

    /// Records a failed try, gives the mail up for good, and erases its secret.
    virtual void failed(MailId id, TimePoint now, std::string_view reason) = 0;
};

/// Kinds of mail that are counted by address, because anybody can ask for them or they go to unconfirmed
/// addresses.
enum class RequestKind { verify_email, already_registered, reset_password, change_email };

/// Returns the name in the database: "verify_email".
std::string_view name_of(RequestKind kind);
inline constexpr RequestKind kAllRequestKinds[] = {RequestKind::verify_email, RequestKind::already_registered,
                                                   RequestKind::reset_password, RequestKind::change_email};

/// A request for mail that the mailer has not handled yet.
struct MailRequest {
    RequestedMailId id;
    RequestKind kind;
    std::string email_key;
    TimePoint created_at;
    std::string return_to = {};  ///< the return address; empty if there is none
};

/// Requests for mail, and counts of mails by address. Asking writes the same row for any address, known or
/// not. A call takes part in the transaction of the caller, if there is one.
class MailRequests {
public:
    virtual ~MailRequests() = default;

    /// Adds a request, for the mailer to handle. `return_to`: the return address; empty if there is none.
    virtual void add(RequestKind kind, std::string_view email_key, TimePoint now,
                     std::string_view return_to) = 0;

    /// Returns at most `most` requests that are not closed, oldest first. Never returns `change_email`, which
    /// is only counted.
    virtual std::vector<MailRequest> open(std::size_t most) = 0;

    /// Returns how many mails of this kind went to this address after `since`.
    virtual std::size_t sent_since(RequestKind kind, std::string_view email_key, TimePoint since) = 0;

    /// Counts a mail of this kind that goes to this address without a request.
    virtual void note_sent(RequestKind kind, std::string_view email_key, TimePoint now) = 0;

    /// Deletes every request for this address, and its counts.
    virtual void forget(std::string_view email_key) = 0;

    /// Closes a request. Returns false if it was closed before: of two nodes, one gets true.
    virtual bool close(RequestedMailId id, TimePoint now) = 0;

    /// Counts a request as a mail that was sent. Call it after close(), in the same transaction.
    virtual void mark_sent(RequestedMailId id) = 0;
};

}  // namespace csauth::outbox
