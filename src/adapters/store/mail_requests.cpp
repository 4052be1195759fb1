#include "store/mail_requests.h"

namespace csauth::store {
namespace {

std::optional<outbox::RequestKind> kind_named(std::string_view name) {
    for (const auto kind : outbox::kAllRequestKinds)
        if (name == name_of(kind)) return kind;
    return std::nullopt;
}

}  // namespace

void MailRequests::add(outbox::RequestKind kind, std::string_view email_key, TimePoint now,
                       std::string_view return_to) {
    db_.execute(R"(
        INSERT INTO mail_requests (id, kind, email_key, created_at, return_to) VALUES (?, ?, ?, ?, NULLIF(?, '')))",
                {RequestedMailId::make(now, random_), name_of(kind), email_key, now, return_to});
}

std::vector<outbox::MailRequest> MailRequests::open(std::size_t most) {
    std::vector<outbox::MailRequest> open;
    db_.for_each(
        [&](db::Row& row) {
            // A kind that only a newer version knows is left to that version.
            if (const auto kind = kind_named(row.text("kind")))
                open.push_back({row.id<RequestedMailId>("id"), *kind, row.text("email_key"),
                                row.time("created_at"), row.optional_text("return_to").value_or("")});
        },
        R"(
        SELECT id, kind, email_key, created_at, return_to
          FROM mail_requests
         WHERE handled_at IS NULL AND kind IN (?, ?, ?)
         ORDER BY created_at
         LIMIT ?)",
        {name_of(outbox::RequestKind::verify_email), name_of(outbox::RequestKind::already_registered),
         name_of(outbox::RequestKind::reset_password), most});
    return open;
}

std::size_t MailRequests::sent_since(outbox::RequestKind kind, std::string_view email_key, TimePoint since) {
    return db_
        .find_one([](db::Row& row) { return static_cast<std::size_t>(row.integer("count")); }, R"(
        SELECT COUNT(*) AS count
          FROM mail_requests
         WHERE email_key = ? AND kind = ? AND handled_at > ? AND sent)",
                  {email_key, name_of(kind), since})
        .value_or(0);
}

void MailRequests::note_sent(outbox::RequestKind kind, std::string_view email_key, TimePoint now) {
    db_.execute(R"(
        INSERT INTO mail_requests (id, kind, email_key, created_at, handled_at, sent) VALUES (?, ?, ?, ?, ?, TRUE))",
                {RequestedMailId::make(now, random_), name_of(kind), email_key, now, now});
}

void MailRequests::forget(std::string_view email_key) {
    db_.execute("DELETE FROM mail_requests WHERE email_key = ?", {email_key});
}

bool MailRequests::close(RequestedMailId id, TimePoint now) {
    return db_.execute("UPDATE mail_requests SET handled_at = ? WHERE id = ? AND handled_at IS NULL",
                       {now, id}) == 1;
}

void MailRequests::mark_sent(RequestedMailId id) {
    db_.execute("UPDATE mail_requests SET sent = TRUE WHERE id = ?", {id});
}

}  // namespace csauth::store
